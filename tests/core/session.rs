//! Sessions' rules in the core: what was ended stays dead, what was renewed leads on for a while, and a
//! subject's rows are all found, whatever happens to them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::common::random::Random;
use crate::common::visits::Visits;
use crate::common::{Patch, living, numbers, pages, peek, push_length, table};
use ets_session::error::Error;
use ets_session::key::{Key, ROOM};
use ets_session::select::Filter;
use ets_session::session::{DEAD_FOR, How, Visit};
use ets_session::store::{self, ID_BYTES, Id, Pool};
use ets_session::table::{Lookup, Options, Table};
use ets_session::value::Value;

const START: f64 = 1e12;

struct Site {
    table: Table,
    pool: Pool,
    random: Random,
}

impl Site {
    fn new(options: Options) -> Self {
        Self { table: table(options), pool: Pool::new(), random: Random::new(11) }
    }

    fn fill(&mut self) {
        if self.pool.is_low() {
            let bytes = self.random.bytes(64 * ID_BYTES);
            self.pool.fill(&bytes);
        }
    }

    fn create(&mut self, subject: &str, now: f64) -> Id {
        self.fill();
        let record = self.table.encode(&numbers(&[("n", 1.0)])).unwrap();
        store::put_new_for(&mut self.table, subject.as_bytes(), &record, 0, &mut self.pool, now).unwrap()
    }

    fn with_key<T>(&mut self, id: &Id, work: impl FnOnce(&mut Table, Key<'_>) -> T) -> T {
        let mut room = ROOM;
        let key = Key::new(id, self.table.options().hash_keys, &mut room);
        work(&mut self.table, key)
    }

    fn visit(&mut self, id: &Id, now: f64) -> Visit {
        self.with_key(id, |table, key| table.visit_by(key, now))
    }

    fn end(&mut self, id: &Id, now: f64) -> bool {
        self.with_key(id, |table, key| table.end_by(key, now))
    }

    fn commit(
        &mut self,
        id: &Id,
        set: &[(&str, f64)],
        how: How<'_>,
        now: f64,
    ) -> Result<(Lookup, Option<Id>), Error> {
        self.fill();
        let patch = Patch { set: numbers(set), ..Patch::default() }.bytes(&mut self.table);
        let mut room = ROOM;
        let key = Key::new(id, self.table.options().hash_keys, &mut room);
        self.table.commit_by(key, id, &patch, how, &mut self.pool, now)
    }

    fn renew(&mut self, id: &Id, grace: u64, now: f64) -> Id {
        self.commit(id, &[], How { renew: true, grace, subject: None }, now).unwrap().1.unwrap()
    }

    fn end_all(&mut self, subject: &str, except: Option<&Id>, now: f64) -> usize {
        let filter = of(subject);
        let filter = Filter::read(&filter).unwrap();
        let mut room = ROOM;
        let hashed = self.table.options().hash_keys;
        let except = except.map(|id| Key::new(id, hashed, &mut room));
        self.table.end_where(&filter, except, now)
    }

    /// The subjects' numbers of rows, by their index and by looking at every row.
    fn census(&mut self, now: f64) -> BTreeMap<String, usize> {
        let all = pages(&mut self.table, &[&[2][..], &[0; 9]].concat(), 7, now);
        let mut census = BTreeMap::new();
        for row in all {
            *census.entry(String::from_utf8(row.subject).unwrap()).or_default() += 1;
        }
        for (subject, rows) in &census {
            assert_eq!(self.table.count(&Filter::read(&of(subject)).unwrap(), now), *rows, "{subject}");
            assert_eq!(pages(&mut self.table, &of(subject), 3, now).len(), *rows, "{subject}, paged");
        }
        census
    }
}

fn of(subject: &str) -> Vec<u8> {
    let mut out = [&[1][..], &[0; 8]].concat();
    push_length(&mut out, subject.len());
    out.extend(subject.as_bytes());
    out.push(0);
    out
}

fn hashed() -> Options {
    Options { hash_keys: true, ..living(Some(1_800_000), Some(43_200_000)) }
}

#[test]
fn an_ended_session_is_dead_for_two_minutes() {
    for options in [Options::default(), hashed()] {
        let mut site = Site::new(options);
        let id = site.create("", START);
        assert!(site.end(&id, START + 1.0));
        assert!(!site.end(&id, START + 1.0), "ended once");
        assert_eq!(site.table.len(), 0);
        let dead = START + 1.0 + DEAD_FOR as f64;
        assert_eq!(site.visit(&id, dead - 1.0), Visit::Dead);
        assert_eq!(site.visit(&id, dead), Visit::Missing);
        site.table.sweep(10, dead);
        assert_eq!(site.table.bytes(), site.table.names().bytes(), "nothing of it is left");
        assert_eq!(site.table.counts().expired, 0, "a ghost is no row that expired");
        assert!(site.table.validate());
    }
}

#[test]
fn a_ghost_is_no_row() {
    let mut site = Site::new(hashed());
    let id = site.create("ann", START);
    site.end(&id, START);
    assert_eq!(site.commit(&id, &[("n", 2.0)], How::default(), START).unwrap().0, Lookup::Missing);
    assert_eq!(site.table.get(&id, START), Lookup::Missing);
    assert!(!site.table.delete(&id, START));
    assert_eq!(site.table.count(&Filter::default(), START), 0);
    assert_eq!(pages(&mut site.table, &[0; 10], 5, START).len(), 0);
    let mut bytes = Vec::new();
    site.table.snapshot(START, &mut bytes).unwrap();
    assert_eq!(Site::new(hashed()).table.restore(&bytes, START), Ok(0));
    assert!(site.table.insert(&id, &[0x10], 0, true, START).unwrap(), "whoever names a key may have it");
    assert!(matches!(site.visit(&id, START), Visit::Live(_)));
    assert!(site.table.validate());
}

#[test]
fn a_renewed_id_leads_on_for_its_grace() {
    for options in [Options::default(), hashed()] {
        let mut site = Site::new(options);
        let old = site.create("ann", START);
        let middle = site.renew(&old, 10_000, START);
        let new = site.renew(&middle, 10_000, START + 5_000.0);
        assert_eq!(site.visit(&old, START + 9_999.0), Visit::Renewed);
        assert_eq!(site.table.follow(&old, false, START + 9_999.0), Ok(new));
        assert_eq!(site.table.follow(&new, false, START + 9_999.0), Ok(new));
        assert_eq!(site.visit(&old, START + 10_000.0), Visit::Late);
        assert_eq!(site.table.follow(&old, false, START + 10_000.0), Err(Visit::Late));
        assert_eq!(site.table.follow(&middle, false, START + 14_999.0), Ok(new));
        assert_eq!(site.visit(&old, START + 129_999.0), Visit::Late);
        assert_eq!(site.table.follow(&old, true, START + 129_999.0), Ok(new), "a request under way");
        assert_eq!(site.visit(&old, START + 130_000.0), Visit::Missing);
        assert_eq!(site.table.follow(&old, true, START + 130_000.0), Err(Visit::Missing));
        let fields = peek(&mut site.table, &new, START + 130_000.0).unwrap();
        assert_eq!(fields, numbers(&[("n", 1.0)]));
        assert_eq!(site.census(START), BTreeMap::from([("ann".to_owned(), 1)]));
        assert!(site.table.validate());
    }
}

#[test]
fn a_renewed_id_leads_nowhere_once_the_session_is_ended() {
    let mut site = Site::new(hashed());
    let old = site.create("", START);
    let new = site.renew(&old, 10_000, START);
    site.end(&new, START + 1.0);
    for under_way in [false, true] {
        assert_eq!(site.table.follow(&old, under_way, START + 2.0), Err(Visit::Dead));
    }
}

#[test]
fn without_a_grace_a_renewed_id_leads_on_under_way_alone_and_not_at_all_behind_a_login() {
    let mut site = Site::new(hashed());
    let old = site.create("", START);
    let new = site.renew(&old, 0, START);
    assert_eq!(site.visit(&old, START), Visit::Late);
    assert_eq!(site.table.follow(&old, false, START), Err(Visit::Late));
    assert_eq!(site.table.follow(&old, true, START), Ok(new));
    let how = How { subject: Some(b"ann"), renew: true, grace: 0 };
    site.commit(&new, &[], how, START).unwrap();
    for under_way in [false, true] {
        assert_eq!(site.table.follow(&new, under_way, START), Err(Visit::Late));
    }
}

#[test]
fn a_login_is_one_step_or_none() {
    let mut site = Site::new(hashed());
    let id = site.create("", START);
    let how = How { subject: Some(b"ann"), renew: true, grace: 0 };
    let (found, new) = site.commit(&id, &[("m", 2.0)], how, START + 1.0).unwrap();
    let new = new.unwrap();
    assert_eq!(site.table.subject(found.live().unwrap()), b"ann");
    assert_eq!(peek(&mut site.table, &new, START + 1.0), Some(numbers(&[("n", 1.0), ("m", 2.0)])));
    assert_eq!(site.visit(&id, START + 1.0), Visit::Late);
    assert_eq!(site.commit(&id, &[("n", 3.0)], how, START + 1.0).unwrap(), (Lookup::Missing, None));

    let small = Options { max_row_bytes: 80, refuse: true, ..hashed() };
    let mut site = Site::new(small);
    let id = site.create("", START);
    let (bytes, long) = (site.table.bytes(), "a".repeat(200));
    let how = How { subject: Some(long.as_bytes()), renew: true, grace: 0 };
    assert!(matches!(site.commit(&id, &[], how, START), Err(Error::RowTooLarge { .. })));
    assert_eq!(site.table.bytes(), bytes);
    assert!(matches!(site.visit(&id, START), Visit::Live(_)));
    assert!(site.table.validate());
}

#[test]
fn all_of_a_subjects_sessions_end_at_once_but_one() {
    let mut site = Site::new(hashed());
    let anns: Vec<Id> = (0..600).map(|_| site.create("ann", START)).collect();
    let bob = site.create("bob", START);
    assert_eq!(site.end_all("ann", Some(&anns[77]), START), 599);
    assert_eq!(site.census(START), BTreeMap::from([("ann".to_owned(), 1), ("bob".to_owned(), 1)]));
    for (n, id) in anns.iter().enumerate() {
        assert_eq!(site.visit(id, START) == Visit::Dead, n != 77);
    }
    assert_eq!(site.end_all("ann", None, START), 1);
    assert_eq!(site.end_all("carl", None, START), 0);
    assert!(matches!(site.visit(&bob, START), Visit::Live(_)));
    assert!(site.table.validate());
}

#[test]
fn ghosts_never_push_out_what_lives() {
    for refuse in [false, true] {
        let mut site = Site::new(Options { max_bytes: 8_000, refuse, ..hashed() });
        let kept: Vec<Id> = (0..20).map(|_| site.create("", START)).collect();
        let mut ended = Vec::new();
        for n in 0..500 {
            let id = site.create("", START + f64::from(n));
            assert!(site.end(&id, START + f64::from(n)));
            ended.push(id);
            assert!(site.table.validate());
        }
        for id in &kept {
            assert!(matches!(site.visit(id, START + 500.0), Visit::Live(_)));
        }
        assert_eq!(site.visit(ended.last().unwrap(), START + 500.0), Visit::Dead);
        // Ghosts give way to rows, in tables that refuse too.
        let before = site.table.len();
        let record = site.table.encode(&numbers(&[("n", 1.0)])).unwrap();
        while site.table.bytes() + 100 < 8_000 {
            site.fill();
            store::put_new(&mut site.table, &record, 0, &mut site.pool, START + 501.0).unwrap();
        }
        assert!(site.table.len() > before + 40, "{refuse}");
        assert_eq!(site.table.counts().refused, 0);
        assert!(site.table.validate());
    }
}

#[test]
fn an_old_snapshot_revives_nothing_that_was_ended() {
    let mut site = Site::new(hashed());
    let (ended, lives) = (site.create("ann", START), site.create("ann", START));
    let renewed = site.create("ann", START);
    let mut bytes = Vec::new();
    site.table.snapshot(START, &mut bytes).unwrap();
    site.end(&ended, START);
    site.renew(&renewed, 0, START);
    assert_eq!(site.table.restore(&bytes, START + 1.0), Ok(1));
    assert_eq!(site.visit(&ended, START + 1.0), Visit::Dead);
    assert_eq!(site.visit(&renewed, START + 1.0), Visit::Late);
    assert!(matches!(site.visit(&lives, START + 1.0), Visit::Live(_)));
    assert!(site.table.validate());
}

#[test]
fn subjects_are_found_after_whatever_happens_to_their_rows() {
    let mut random = Random::new(23);
    for options in [
        hashed(),
        Options { max_bytes: 4_000, ..hashed() },
        Options { max_bytes: 4_000, refuse: true, ..living(Some(50_000), None) },
    ] {
        let mut site = Site::new(options);
        let mut ids: Vec<Id> = Vec::new();
        let mut now = START;
        for _ in 0..3_000 {
            now += random.below(900) as f64;
            let subject = *random.pick(&["ann", "bob", "carl"]);
            let id = if ids.is_empty() { [b'A'; 24] } else { *random.pick(&ids) };
            let long = "x".repeat(random.size(120));
            match random.below(9) {
                0..=2 => {
                    site.fill();
                    let owner = if random.one_in(3) { "" } else { subject };
                    let record = site.table.encode(&numbers(&[("n", 1.0)])).unwrap();
                    let made = store::put_new_for(
                        &mut site.table,
                        owner.as_bytes(),
                        &record,
                        0,
                        &mut site.pool,
                        now,
                    );
                    ids.extend(made);
                }
                3 => {
                    let how = How { subject: Some(subject.as_bytes()), renew: true, grace: 5_000 };
                    ids.extend(site.commit(&id, &[("m", 1.0)], how, now).ok().and_then(|(_, id)| id));
                }
                4 => {
                    let _ = site.commit(&id, &[(&long, 1.0)], How::default(), now);
                }
                5 => {
                    site.end(&id, now);
                }
                6 => {
                    site.table.delete(&id, now);
                }
                7 if random.one_in(30) => {
                    site.end_all(subject, None, now);
                }
                8 if random.one_in(30) => now += 400.0 * crate::common::DAY as f64,
                _ => {
                    site.table.touch(&id, now);
                }
            }
            assert!(site.table.validate());
            if random.one_in(20) {
                site.census(now);
            }
        }
    }
}

#[test]
fn no_more_ids_are_known_to_be_dead_than_an_eighth_of_the_budget_holds() {
    let mut site = Site::new(Options { max_bytes: 3 * 8 * 96, ..Options::default() });
    let mut ids = Vec::new();
    for n in 0..7 {
        let id = site.create("", START + f64::from(n));
        assert!(site.end(&id, START + f64::from(n)));
        ids.push(id);
    }
    let known: Vec<bool> = ids.iter().map(|id| site.visit(id, START + 7.0) == Visit::Dead).collect();
    assert_eq!(known, [false, false, false, false, true, true, true], "the last three");
    assert!(site.table.validate());
}

/// A ghost gives way to a row that fits then, and to no other.
#[test]
fn a_row_that_is_refused_costs_no_ghost() {
    for refuse in [true, false] {
        let mut site = Site::new(Options { max_bytes: 4_000, refuse, ..Options::default() });
        let ended = site.create("", START);
        assert!(site.end(&ended, START));
        let (long, mut rows) = (site.table.encode(&numbers(&[("n", 0.5)])).unwrap(), 0_u32);
        let room = |site: &Site| 4_000 - site.table.bytes();
        while room(&site) >= 200 {
            rows += 1;
            site.table
                .insert(&[b"row".as_slice(), &rows.to_be_bytes()].concat(), &long, 0, false, START)
                .unwrap();
        }
        let large = site.table.encode(&[("text".to_owned(), Value::Text("x".repeat(4_000)))]).unwrap();
        let refused = site.table.insert(b"large", &large, 0, false, START);
        assert!(matches!(refused, Err(Error::TableFull { .. })), "{refused:?}");
        assert_eq!(site.visit(&ended, START), Visit::Dead, "known to be dead still");
        assert_eq!(site.table.len(), rows as usize);
        // One that needs as much as a row and the ghost's room, and no more.
        let free = room(&site) as usize;
        let fits = site.table.encode(&[("n".to_owned(), Value::Text("y".repeat(free - 60)))]).unwrap();
        assert_eq!(site.table.insert(b"fits", &fits, 0, false, START), Ok(true));
        assert_eq!(site.visit(&ended, START), Visit::Missing, "it gave way");
        assert_eq!((site.table.len(), site.table.counts().evicted), (rows as usize + 1, 0));
        assert!(site.table.validate());
    }
}

#[test]
fn visits_are_hits_and_misses() {
    let mut site = Site::new(living(Some(1_000), None));
    let (stays, ended) = (site.create("", START), site.create("", START));
    let renewed = site.create("", START);
    site.renew(&renewed, 5_000, START);
    site.end(&ended, START);
    let counts = |site: &Site| (site.table.counts().hits, site.table.counts().misses);
    let (hits, misses) = counts(&site);
    assert!(matches!(site.visit(&stays, START), Visit::Live(_)));
    assert_eq!(counts(&site), (hits + 1, misses));
    for (n, id) in (1..).zip([ended, renewed, [b'A'; 24]]) {
        site.visit(&id, START);
        assert_eq!(counts(&site), (hits + 1, misses + n));
    }
    assert_eq!(site.visit(&stays, START + 1_000.0), Visit::Expired);
    assert_eq!(counts(&site), (hits + 1, misses + 4));
}

/// `VISITS_SEED=n cargo test --test core visits` runs that one alone.
#[test]
fn random_visits_lead_where_a_toy_says() {
    let seed = std::env::var("VISITS_SEED").ok().map(|text| text.parse().unwrap());
    for seed in seed.map_or(0..1_500, |seed: u64| seed..seed + 1) {
        let run = catch_unwind(AssertUnwindSafe(|| Visits::new(Random::new(seed)).run(120)));
        if let Err(failure) = run {
            eprintln!("the seed of this run: VISITS_SEED={seed}");
            resume_unwind(failure);
        }
    }
}
