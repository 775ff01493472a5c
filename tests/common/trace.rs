//! Random operations on a table and on the model, compared after each.

use ets_session::index::Seed;
use ets_session::key::public_hash;
use ets_session::read::Spot;
use ets_session::select::Filter;
use ets_session::store::{self, Pool};
use ets_session::table::{Lookup, Options, Table};

use super::model::Model;
use super::random::Random;
use super::{DAY, HOUR, Listed, pages};

pub const KEYS: [&str; 11] = [
    "AAAAAAAAAAAAAAAAAAAAAAAA",
    "AAAAAAAAAAAAAAAAAAAAAAAB",
    "AAAAAAAA",
    "\0\0\0\0\0\0",
    "a",
    "key",
    "ключ",
    "a+key/with=others.",
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
    "a key of more characters than are packed, and of some that are not of the alphabet",
    "______-----_",
];

/// Where rows were met: so many are gone back to.
const SPOTS: usize = 4;

/// One more number is that of ghosts.
const MOST_LIFETIMES: usize = 15;

pub struct Trace {
    pub table: Table,
    model: Model,
    random: Random,
    is_restored: bool,
    spots: Vec<(Vec<u8>, Spot)>,
}

impl Trace {
    pub fn new(mut random: Random) -> Self {
        let options = Options {
            max_bytes: *random.pick(&[150, 400, 1_000, 2_500, 100_000]),
            max_row_bytes: *random.pick(&[60, 200, 1_000, 65_536]),
            lifetime: random.lifetime(),
            refuse: random.one_in(3),
            hash_keys: random.one_in(3),
        };
        let seed = random.below(u64::MAX).to_le_bytes().repeat(2).try_into().unwrap();
        let table = Table::new(options, Seed::new(seed)).unwrap();
        let mut trace =
            Self { table, model: Model::new(options), random, is_restored: false, spots: Vec::new() };
        if trace.random.one_in(2) {
            trace.model.tick(1.7e12);
            trace.table.sweep(0, 1.7e12);
        }
        trace
    }

    /// As many operations as were asked for, or as a fuzzer's bytes last.
    pub fn run(&mut self, steps: usize) {
        for _ in 0..steps {
            if self.random.is_done() {
                break;
            }
            let reading = self.reading();
            self.model.tick(reading);
            self.step(reading);
            self.check();
        }
    }

    fn reading(&mut self) -> f64 {
        let now = self.model.now as f64;
        match self.random.below(16) {
            0 => *self.random.pick(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 8.64e15 + 2.0, 1e300]),
            1 => now - self.random.below(10 * DAY) as f64,
            2 => now + self.random.below(DAY) as f64,
            3 if self.random.one_in(3) => now + (398 * DAY + self.random.below(HOUR)) as f64,
            // Around a deadline, where being off by one shows.
            4..=6 => {
                let key = self.key();
                let deadline = self.model.deadline(&key).filter(|&at| at < self.model.now + 900 * DAY);
                deadline.map_or(now, |at| at as f64 - 1.0 + self.random.below(3) as f64)
            }
            7 => now,
            _ => now + self.random.below(2_500) as f64 + 0.5,
        }
    }

    fn key(&mut self) -> Vec<u8> {
        self.random.pick(&KEYS).as_bytes().to_vec()
    }

    fn step(&mut self, now: f64) {
        let key = self.key();
        match self.random.below(26) {
            0..=5 => self.insert(&key, now),
            6 => self.store_fresh(now),
            7..=9 => self.read(&key, now),
            10..=13 => self.update(&key, now),
            14 | 15 => self.count(&key, now),
            16 => {
                assert_eq!(self.table.delete(&key, now), self.model.rows.remove(&key).is_some(), "delete");
            }
            17 | 18 => self.rename(&key, now),
            19 => self.sweep(now),
            20 => self.select(now),
            21 => self.delete_where(now),
            22 => self.lifetime(),
            23 => self.restore(now),
            24 => self.meet_again(now),
            _ => self.rare(),
        }
    }

    fn insert(&mut self, key: &[u8], now: f64) {
        let (fields, new_only) = (self.random.fields(4), self.random.one_in(3));
        let lifetime = self.random.size(self.model.lifetimes.len()) as u8;
        let record = self.table.encode(&fields).unwrap();
        let stored = self.table.insert(key, &record, lifetime, new_only, now);
        if new_only && self.model.rows.contains_key(key) {
            return assert_eq!(stored, Ok(false), "insert_new");
        }
        let expected = self.model.insert(&mut self.table, key, &fields, lifetime);
        assert_eq!(stored, expected.map(|()| true), "insert");
    }

    /// A pool whose first id is one that a row may have.
    fn store_fresh(&mut self, now: f64) {
        let (fields, mut pool) = (self.random.fields(2), Pool::default());
        pool.fill(&[[0, 0, 0].repeat(5), vec![0, 0, 1], vec![0; 18]].concat());
        let record = self.table.encode(&fields).unwrap();
        let stored = store::put_new(&mut self.table, &record, 0, &mut pool, now);
        let free = KEYS[..2].iter().find(|key| !self.model.rows.contains_key(key.as_bytes()));
        let expected = match free {
            None => Err(ets_session::error::Error::IdExhausted),
            Some(key) => {
                self.model.insert(&mut self.table, key.as_bytes(), &fields, 0).map(|()| key.as_bytes())
            }
        };
        assert_eq!(stored.as_ref().map(|id| &id[..]), expected.as_ref().map(|id| *id), "put_new");
    }

    fn read(&mut self, key: &[u8], now: f64) {
        let way = self.random.below(4);
        let living = self.model.rows.get(key).map(|row| row.record.clone());
        if way > 0 {
            self.model.touch(&self.table, key);
        }
        let found = match way {
            0 => self.table.peek(key, now),
            1 => self.table.touch(key, now),
            _ => self.table.get(key, now),
        };
        assert_eq!(found.live().map(|row| self.table.record(row).to_vec()), living, "get");
        if let Some(spot) = found.live().and_then(|row| self.table.spot(row)) {
            self.spots.truncate(SPOTS - 1);
            self.spots.insert(0, (key.to_vec(), spot));
        }
        // As take does it: read, then delete.
        if way == 3 {
            assert_eq!(self.table.delete(key, now), living.is_some(), "take");
            self.model.rows.remove(key);
        }
    }

    /// Goes back to where a row was met, whatever became of it: what is found there is that row, or nothing is.
    fn meet_again(&mut self, now: f64) {
        if self.spots.is_empty() {
            return;
        }
        let at = self.random.size(self.spots.len());
        let (key, spot) = self.spots[at].clone();
        let living = self.model.rows.get(&key).map(|row| row.record.clone());
        match self.table.get_at(spot, now) {
            Some(Lookup::Live(row)) => {
                assert_eq!(Some(self.table.record(row).to_vec()), living, "another row");
                self.model.touch(&self.table, &key);
            }
            Some(gone) => assert_eq!((gone, living), (Lookup::Expired, None), "a living row"),
            None => {
                let there = self.table.peek(&key, now).live().and_then(|row| self.table.spot(row));
                assert_ne!(there, Some(spot), "it lies there");
            }
        }
    }

    fn update(&mut self, key: &[u8], now: f64) {
        let patch = self.random.patch();
        let change = patch.bytes(&mut self.table);
        let done = self.table.update(key, &change, now).map(|found| found.live().is_some());
        assert_eq!(done, self.model.update(&mut self.table, key, &patch), "{patch:?}");
    }

    fn count(&mut self, key: &[u8], now: f64) {
        let (name, by) = (self.random.name(), self.random.below(9) as f64 - 4.0);
        let bounds = *self.random.pick(&[(f64::NEG_INFINITY, f64::INFINITY), (-3.0, 3.0)]);
        let mut inline = Vec::new();
        let name_of = match self.table.intern(&name) {
            Some(number) => ets_session::record::Name::Interned(number),
            None => {
                ets_session::value::push_text(&mut inline, &name);
                ets_session::record::Name::Inline(&inline)
            }
        };
        let sum = self.table.update_counter(key, name_of, by, bounds, now).map(f64::to_bits);
        let expected = self.model.count(&mut self.table, key, (&name, by), bounds).map(f64::to_bits);
        assert_eq!(sum, expected, "update_counter");
    }

    fn rename(&mut self, key: &[u8], now: f64) {
        let fresh: Vec<Vec<u8>> = (0..self.random.below(4)).map(|_| self.key()).collect();
        let mut left = fresh.iter();
        let renamed = self.table.rename(key, || left.next(), now).map(|id| id.cloned());
        if !self.model.rows.contains_key(key) {
            return assert_eq!(renamed, Ok(None), "rename");
        }
        let expected = match fresh.iter().find(|key| !self.model.rows.contains_key(*key)) {
            None => Err(ets_session::error::Error::IdExhausted),
            Some(new) => self.model.rename(&self.table, key, new).map(|()| Some(new.clone())),
        };
        assert_eq!(renamed, expected, "rename");
    }

    fn sweep(&mut self, now: f64) {
        let limit = *self.random.pick(&[0, 1, 3, usize::MAX]);
        let expired = self.table.len() - self.model.rows.len();
        assert_eq!(self.table.sweep(limit, now), expired.min(limit), "sweep");
    }

    fn select(&mut self, now: f64) {
        let (wanted, limit) = (self.random.wanted(), 1 + self.random.size(4));
        let filter = wanted.bytes(&mut self.table);
        let shown = |key: Vec<u8>| {
            if self.model.options.hash_keys { public_hash(&key).to_vec() } else { key }
        };
        let mut expected: Vec<Vec<u8>> = self.model.wanted(&wanted).into_iter().map(shown).collect();
        let listed = pages(&mut self.table, &filter, limit, now);
        let mut keys: Vec<Vec<u8>> = listed.into_iter().map(|Listed { key, .. }| key).collect();
        expected.sort();
        keys.sort();
        assert_eq!(keys, expected, "select {wanted:?}");
        assert_eq!(
            self.table.count(&Filter::read(&filter).unwrap(), now),
            expected.len(),
            "count {wanted:?}"
        );
    }

    fn delete_where(&mut self, now: f64) {
        let wanted = self.random.wanted();
        if wanted.field.is_none() && !self.random.one_in(4) {
            return;
        }
        let (filter, keys) = (wanted.bytes(&mut self.table), self.model.wanted(&wanted));
        let deleted = self.table.delete_where(&Filter::read(&filter).unwrap(), now);
        assert_eq!(deleted, keys.len(), "delete_where {wanted:?}");
        self.model.rows.retain(|key, _| !keys.contains(key));
    }

    fn lifetime(&mut self) {
        let lifetime = self.random.lifetime();
        let wanted = lifetime.stricter(self.model.options.lifetime);
        let lifetimes = &mut self.model.lifetimes;
        let known = lifetimes.iter().position(|known| *known == wanted).unwrap_or(lifetimes.len());
        if known == lifetimes.len() && known < MOST_LIFETIMES {
            lifetimes.push(wanted);
        }
        let expected = u8::try_from(known).ok().filter(|number| usize::from(*number) < MOST_LIFETIMES);
        assert_eq!(self.table.lifetime(lifetime), expected, "lifetime");
    }

    /// Out and in again: what is left is as it was, but for counts and for what was expired.
    fn restore(&mut self, now: f64) {
        let mut bytes = Vec::new();
        self.table.snapshot(now, &mut bytes).unwrap();
        let restored = self.table.restore(&bytes, now);
        let expected = self.model.settle(&self.table);
        assert_eq!(restored.is_ok(), expected, "restore: {restored:?}");
        self.is_restored |= restored.is_ok();
    }

    fn rare(&mut self) {
        if self.random.one_in(4) {
            self.table.clear();
            self.model.clear();
        }
        let seed = self.random.bytes(16).try_into().unwrap();
        self.table.set_seed(Seed::new(seed));
    }

    /// Everything that can be seen of the table is as the model has it.
    fn check(&mut self) {
        let (table, model) = (&mut self.table, &self.model);
        assert!(table.validate(), "validate");
        assert!(table.bytes() <= model.options.max_bytes, "over the budget");
        assert!(table.len() >= model.rows.len(), "size");
        if table.len() == model.rows.len() {
            assert_eq!(table.bytes(), model.used(), "bytes");
        }
        let counts = table.counts();
        assert_eq!(counts.evicted, model.evicted, "evicted");
        let gone = counts.deleted + counts.expired + counts.evicted;
        let adds_up = counts.inserted.wrapping_sub(gone) == table.len() as u64;
        assert!(adds_up || self.is_restored, "the counts do not add up");
        let now = model.now as f64;
        // Looking for what is gone would clear it away, and leave nothing to the sweeps.
        assert_eq!(table.count(&Filter::default(), now), model.rows.len(), "living rows");
        for (key, row) in &model.rows {
            let found = table.peek(key, now);
            let there = found.live().unwrap_or_else(|| panic!("{key:?} should live"));
            assert_eq!(table.record(there), row.record, "fields of {key:?}");
            assert_eq!(table.decode(&row.record).map(|fields| fields.len()), Some(row.fields.len()));
            let meta = table.meta(there).unwrap();
            assert_eq!((meta.created, meta.touched, meta.version), (row.created, row.touched, row.version));
            assert_eq!(Some(meta.deadline), model.deadline(key), "deadline");
        }
    }
}
