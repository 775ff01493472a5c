//! What stands between a web framework and a table: a clock's reading and a cookie's text go in, ids come
//! out. Nothing of it knows of Workers.

use ets_session::error::Error;
use ets_session::index::Seed;
use ets_session::key::{Key, ROOM};
use ets_session::record::{EMPTY, Name};
use ets_session::session::{How, Visit};
use ets_session::store::{self, ID_BYTES, Id, Pool};
use ets_session::table::{Options, Table};
use ets_session::time::Lifetime;

const MINUTE: u64 = 60_000;
/// The table holds hashes of the ids: nobody who reads its memory can come back as somebody else.
const HASHED: bool = true;

pub struct Sessions {
    table: Table,
    pool: Pool,
    random: fn(&mut [u8]),
}

/// Whom a request comes from.
pub struct Visitor {
    pub id: Id,
    /// Whether the browser has to be told.
    pub is_new: bool,
    pub visits: f64,
    /// Empty for a stranger.
    pub user: String,
}

impl Sessions {
    pub fn new(random: fn(&mut [u8])) -> Result<Self, Error> {
        let lifetime = Lifetime { idle: Some(30 * MINUTE), absolute: Some(12 * 60 * MINUTE) };
        // Of the 128 MB that an isolate has for everything.
        let options = Options { max_bytes: 16 << 20, lifetime, hash_keys: HASHED, ..Options::default() };
        let mut seed = [0; 16];
        random(&mut seed);
        let table = Table::new(options, Seed::new(seed))?;
        Ok(Self { table, pool: Pool::new(), random })
    }

    /// The living session of a cookie, or a new one, with this visit counted.
    pub fn visit(&mut self, cookie: Option<&str>, now: f64) -> Result<Visitor, Error> {
        let known = cookie.and_then(|cookie| self.find(cookie, now));
        let id = match known {
            Some(id) => id,
            None => {
                self.fill();
                store::put_new(&mut self.table, EMPTY, 0, &mut self.pool, now)?
            }
        };
        let visits = Name::Interned(self.table.intern("visits").ok_or(Error::BadRecord)?);
        let visits = self.table.update_counter(&id, visits, 1.0, (0.0, f64::INFINITY), now)?;
        let row = self.table.peek(&id, now).live();
        let user = row.map(|row| String::from_utf8_lossy(self.table.subject(row)).into_owned());
        Ok(Visitor { id, is_new: known.is_none(), visits, user: user.unwrap_or_default() })
    }

    /// Binds a session to a user, under a fresh id: the old one leads nowhere, whoever may know it. `None`
    /// where there is no such session.
    pub fn login(&mut self, cookie: &str, user: &str, now: f64) -> Result<Option<Id>, Error> {
        let Some(id) = self.find(cookie, now) else { return Ok(None) };
        self.fill();
        // Three zeros, then the record of what is set: nothing, here.
        let change = [&[0, 0, 0], EMPTY].concat();
        let how = How { subject: Some(user.as_bytes()), renew: true, grace: 0 };
        let mut room = ROOM;
        let key = Key::new(&id, HASHED, &mut room);
        let (_, fresh) = self.table.commit_by(key, &id, &change, how, &mut self.pool, now)?;
        Ok(fresh)
    }

    /// Ends a session. Its id is known to be dead for two minutes more.
    pub fn logout(&mut self, cookie: &str, now: f64) {
        let mut room = ROOM;
        self.table.end_by(Key::new(cookie.as_bytes(), HASHED, &mut room), now);
    }

    fn find(&mut self, cookie: &str, now: f64) -> Option<Id> {
        let mut room = ROOM;
        match self.table.visit_by(Key::new(cookie.as_bytes(), HASHED, &mut room), now) {
            Visit::Live(_) => Id::try_from(cookie.as_bytes()).ok(),
            _ => None,
        }
    }

    fn fill(&mut self) {
        if self.pool.is_low() {
            let mut bytes = [0; 64 * ID_BYTES];
            (self.random)(&mut bytes);
            self.pool.fill(&bytes);
            bytes.fill(0);
        }
    }
}
