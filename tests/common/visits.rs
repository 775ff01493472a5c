//! Random visits, logins, renewals and logouts on a table, and what a toy says that each id leads to.

use ets_session::base64;
use ets_session::key::{Key, ROOM};
use ets_session::select::Filter;
use ets_session::session::{DEAD_FOR, How, Visit};
use ets_session::store::{self, ID_BYTES, ID_LENGTH, Id, Pool};
use ets_session::table::{Lookup, Options, Table};
use ets_session::time::Lifetime;

use super::random::Random;
use super::{HOUR, Patch, numbers, peek, push_length, table};

/// How many ids are looked at on the way from a renewed one to the living.
const FOLLOWED: usize = 8;
const SUBJECTS: [&str; 3] = ["", "ann", "bob"];

#[derive(Clone, Copy, Debug)]
enum State {
    Live {
        subject: &'static str,
        n: f64,
        created: u64,
        touched: u64,
    },
    /// Its time is over; whether somebody met it since is not known.
    Lapsed,
    Dead {
        until: u64,
    },
    /// Leads to another until then, under way for longer; was renewed by a login without a grace where it leads to none.
    Moved {
        to: Option<usize>,
        until: u64,
    },
    Gone,
}

pub struct Visits {
    table: Table,
    random: Random,
    pool: Pool,
    ids: Vec<(Id, State)>,
    now: u64,
    drawn: u64,
}

impl Visits {
    pub fn new(mut random: Random) -> Self {
        let length = |random: &mut Random| match random.below(3) {
            0 => None,
            1 => Some(1 + random.below(60_000)),
            _ => Some(1 + random.below(12 * HOUR)),
        };
        let lifetime = Lifetime { idle: length(&mut random), absolute: length(&mut random) };
        let options =
            Options { hash_keys: random.one_in(2), lifetime, max_bytes: 1 << 20, ..Options::default() };
        let now = if random.one_in(2) { 1_700_000_000_000 } else { 0 };
        let mut table = table(options);
        table.sweep(0, now as f64);
        Self { table, random, pool: Pool::new(), ids: Vec::new(), now, drawn: 0 }
    }

    /// As many steps as were asked for, or as a fuzzer's bytes last.
    pub fn run(&mut self, steps: usize) {
        for _ in 0..steps {
            if self.random.is_done() {
                break;
            }
            self.tick();
            self.step();
            assert!(self.table.validate());
            let live = self.ids.iter().filter(|(_, state)| matches!(state, State::Live { .. })).count();
            assert_eq!(self.table.count(&Filter::default(), self.reading()), live, "living sessions");
        }
        for which in 0..self.ids.len() {
            self.visit(which);
            self.follow(which, true);
        }
    }

    fn reading(&self) -> f64 {
        self.now as f64
    }

    fn tick(&mut self) {
        self.now += match self.random.below(12) {
            0 => self.random.below(2 * HOUR),
            1 => 9_999,
            2 => DEAD_FOR - 1,
            3..=6 => self.random.below(5_000),
            7 | 8 => 1,
            _ => 0,
        };
        let (now, lifetime) = (self.now, self.table.options().lifetime);
        for (_, state) in &mut self.ids {
            *state = match *state {
                State::Live { created, touched, .. } if now >= lifetime.deadline(created, touched) => {
                    State::Lapsed
                }
                State::Dead { until } if now >= until + DEAD_FOR => State::Gone,
                State::Moved { until, .. } if now >= until + DEAD_FOR => State::Gone,
                other => other,
            };
        }
    }

    fn step(&mut self) {
        if self.ids.is_empty() || self.random.one_in(6) {
            return self.create();
        }
        // The youngest are in use.
        let back = self.random.size(self.ids.len().min(8));
        let which = self.ids.len() - 1 - back;
        match self.random.below(16) {
            0..=3 => self.visit(which),
            4..=6 => {
                let under_way = self.random.one_in(2);
                self.follow(which, under_way);
            }
            7..=10 => self.commit(which),
            11 => self.end(which),
            12 => self.delete(which),
            13 => self.end_all(which),
            14 => self.stranger(),
            _ => self.restore(),
        }
    }

    /// Random bytes that no two ids share.
    fn fill(&mut self) {
        while self.pool.is_low() {
            self.drawn += 1;
            let mut bytes = [0; ID_BYTES];
            bytes[..8].copy_from_slice(&self.drawn.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes());
            self.pool.fill(&bytes);
        }
    }

    fn create(&mut self) {
        self.fill();
        let (subject, now) = (*self.random.pick(&SUBJECTS), self.now);
        let record = self.table.encode(&numbers(&[("n", 0.0)])).unwrap();
        let made =
            store::put_new_for(&mut self.table, subject.as_bytes(), &record, 0, &mut self.pool, now as f64);
        self.ids.push((made.unwrap(), State::Live { subject, n: 0.0, created: now, touched: now }));
    }

    fn with_key<T>(&mut self, text: &[u8], work: impl FnOnce(&mut Table, Key<'_>) -> T) -> T {
        let mut room = ROOM;
        let key = Key::new(text, self.table.options().hash_keys, &mut room);
        work(&mut self.table, key)
    }

    fn visit(&mut self, which: usize) {
        let ((id, state), now) = (self.ids[which], self.reading());
        let found = self.with_key(&id, |table, key| table.visit_by(key, now));
        let right = match state {
            State::Live { .. } => matches!(found, Visit::Live(_)),
            State::Lapsed => matches!(found, Visit::Expired | Visit::Missing),
            State::Dead { .. } => found == Visit::Dead,
            State::Moved { to: Some(_), until } if self.now < until => found == Visit::Renewed,
            State::Moved { .. } => found == Visit::Late,
            State::Gone => found == Visit::Missing,
        };
        assert!(right, "a visit gave {found:?} of {state:?}");
        match &mut self.ids[which].1 {
            State::Live { touched, subject, n, .. } => {
                *touched = self.now;
                let Visit::Live(row) = found else { return };
                assert_eq!(self.table.subject(row), subject.as_bytes());
                let fields = self.table.decode(self.table.record(row)).unwrap();
                assert_eq!(fields, numbers(&[("n", *n)]), "what the session holds");
            }
            state @ State::Lapsed => *state = State::Gone,
            _ => {}
        }
    }

    fn follow(&mut self, which: usize, under_way: bool) {
        let ((id, _), now) = (self.ids[which], self.reading());
        let expected = self.led(which, under_way);
        let found = self.table.follow(&id, under_way, now);
        assert_eq!(found, expected, "under way: {under_way}");
        // What is expired is cleared by who meets it.
        if found == Err(Visit::Missing) {
            let mut at = which;
            while let State::Moved { to: Some(to), .. } = self.ids[at].1 {
                at = to;
            }
            if matches!(self.ids[at].1, State::Lapsed) {
                self.ids[at].1 = State::Gone;
            }
        }
    }

    fn led(&self, mut which: usize, under_way: bool) -> Result<Id, Visit> {
        for _ in 0..FOLLOWED {
            which = match self.ids[which].1 {
                State::Live { .. } => return Ok(self.ids[which].0),
                State::Lapsed | State::Gone => return Err(Visit::Missing),
                State::Dead { .. } => return Err(Visit::Dead),
                State::Moved { to: Some(to), until } if under_way || self.now < until => to,
                State::Moved { .. } => return Err(Visit::Late),
            };
        }
        Err(Visit::Late)
    }

    fn commit(&mut self, which: usize) {
        self.fill();
        let ((id, state), now) = (self.ids[which], self.now);
        let subject = self.random.one_in(3).then(|| *self.random.pick(&SUBJECTS));
        let renew = self.random.one_in(2);
        let grace = *self.random.pick(&[0, 1, 5_000, 10_000]);
        let how = How { subject: subject.map(str::as_bytes), renew, grace };
        let n = self.random.below(100) as f64;
        let patch = Patch { set: numbers(&[("n", n)]), ..Patch::default() }.bytes(&mut self.table);
        let mut room = ROOM;
        let key = Key::new(&id, self.table.options().hash_keys, &mut room);
        let (found, fresh) = self.table.commit_by(key, &id, &patch, how, &mut self.pool, now as f64).unwrap();
        let State::Live { subject: old, created, .. } = state else {
            assert!(found.live().is_none() && fresh.is_none(), "a commit to {state:?}");
            if matches!(state, State::Lapsed) {
                self.ids[which].1 = State::Gone;
            }
            return;
        };
        assert!(found.live().is_some(), "a living session takes a commit");
        assert_eq!(fresh.is_some(), renew);
        let new = State::Live { subject: subject.unwrap_or(old), n, created, touched: now };
        let Some(fresh) = fresh else {
            self.ids[which].1 = new;
            return;
        };
        assert!(self.ids.iter().all(|(id, _)| *id != fresh), "an id that was there before");
        let to = (grace > 0 || subject.is_none()).then_some(self.ids.len());
        self.ids[which].1 = State::Moved { to, until: now + grace };
        self.ids.push((fresh, new));
    }

    fn end(&mut self, which: usize) {
        let ((id, state), now) = (self.ids[which], self.reading());
        let ended = self.with_key(&id, |table, key| table.end_by(key, now));
        assert_eq!(ended, matches!(state, State::Live { .. }), "an end of {state:?}");
        match state {
            State::Live { .. } => self.ids[which].1 = State::Dead { until: self.now },
            State::Lapsed => self.ids[which].1 = State::Gone,
            _ => {}
        }
    }

    /// As an operator does it, who leaves nothing behind.
    fn delete(&mut self, which: usize) {
        let ((id, state), now) = (self.ids[which], self.reading());
        assert_eq!(self.table.delete(&id, now), matches!(state, State::Live { .. }), "{state:?}");
        if matches!(state, State::Live { .. } | State::Lapsed) {
            self.ids[which].1 = State::Gone;
        }
    }

    fn end_all(&mut self, which: usize) {
        let whose = *self.random.pick(&SUBJECTS[1..]);
        let except = self.random.one_in(2).then_some(which);
        let mut filter = [&[1][..], &[0; 8]].concat();
        push_length(&mut filter, whose.len());
        filter.extend(whose.as_bytes());
        filter.push(0);
        let mut room = ROOM;
        let hashed = self.table.options().hash_keys;
        let key = except.map(|but| Key::new(&self.ids[but].0, hashed, &mut room));
        let ended = self.table.end_where(&Filter::read(&filter).unwrap(), key, self.now as f64);
        let mut expected = 0;
        for (at, (_, state)) in self.ids.iter_mut().enumerate() {
            if matches!(state, State::Live { subject, .. } if *subject == whose) && Some(at) != except {
                *state = State::Dead { until: self.now };
                expected += 1;
            }
        }
        assert_eq!(ended, expected, "all of {whose}, but {except:?}");
    }

    /// An id that nobody was given: any bytes, or one of ours with a character changed, cut, or as its bytes.
    fn stranger(&mut self) {
        let mut text = self.ids[self.random.size(self.ids.len())].0.to_vec();
        match self.random.below(4) {
            0 => {
                let length = self.random.size(80);
                text = self.random.bytes(length);
            }
            1 => text[self.random.size(ID_LENGTH)] ^= 1 + self.random.below(127) as u8,
            2 => text.truncate(self.random.size(ID_LENGTH)),
            _ => {
                let mut bytes = [0; ID_BYTES];
                assert_eq!(base64::pack(&text, &mut bytes), Some(ID_BYTES));
                text = bytes.to_vec();
            }
        }
        if self.ids.iter().any(|(id, _)| *id == text[..]) {
            return;
        }
        let (now, before) = (self.reading(), self.table.len());
        assert_eq!(self.with_key(&text, |table, key| table.visit_by(key, now)), Visit::Missing);
        assert_eq!(self.table.follow(&text, true, now), Err(Visit::Missing));
        assert!(!self.with_key(&text, |table, key| table.end_by(key, now)));
        assert_eq!(peek(&mut self.table, &text, now), None);
        assert!(self.table.len() <= before, "a stranger's id makes no row");
    }

    /// Out and in again. What ended stays so, and the expired are not taken along.
    fn restore(&mut self) {
        let mut bytes = Vec::new();
        self.table.snapshot(self.reading(), &mut bytes).unwrap();
        let live = self.ids.iter().filter(|(_, state)| matches!(state, State::Live { .. })).count();
        assert_eq!(self.table.restore(&bytes, self.now as f64), Ok(live));
        for (_, state) in &mut self.ids {
            if matches!(state, State::Lapsed) {
                *state = State::Gone;
            }
        }
    }
}

/// A text as an id: packed only where the alphabet says so, and the same again when it is written out.
pub fn text(bytes: &[u8]) {
    let is_ours = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte == b'_';
    let whole = bytes.len().is_multiple_of(4) && bytes.iter().all(is_ours);
    let mut room = vec![0; bytes.len().div_ceil(4) * 3];
    let packed = base64::pack(bytes, &mut room);
    assert_eq!(packed, whole.then_some(bytes.len() / 4 * 3), "what is packed");
    if let Some(length) = packed {
        assert_eq!(base64::unpack(&room[..length]).as_bytes(), bytes);
    }
    // The other way round, for any bytes: each three are four characters, by hand.
    let written = base64::unpack(bytes);
    assert_eq!(written.len(), base64::length(bytes.len()));
    assert!(written.bytes().all(|byte| is_ours(&byte)));
    let value = |byte: u8| -> u32 {
        u32::from(match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            _ => 63,
        })
    };
    for (group, text) in bytes.chunks(3).zip(written.as_bytes().chunks(4)) {
        let bits = text.iter().fold(0, |bits, &byte| bits << 6 | value(byte)) << (6 * (4 - text.len()));
        assert_eq!(&bits.to_be_bytes()[1..=group.len()], group);
        assert_eq!(bits.to_be_bytes()[1 + group.len()..].iter().sum::<u8>(), 0, "bits that say nothing");
    }
    let (mut one, mut other) = (ROOM, ROOM);
    assert_eq!(Key::new(bytes, true, &mut one), Key::new(bytes, true, &mut other));
    let hash = ets_session::key::public_hash(bytes);
    assert_eq!(Key::by_hash(&hash, &mut one), Some(Key::new(bytes, true, &mut other)));
    let mut table = table(Options::default());
    let found = table.peek(bytes, 0.0);
    assert!(matches!(found, Lookup::Missing));
}
