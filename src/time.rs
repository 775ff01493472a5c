//! Clock readings and deadlines. The core has no clock: every operation is told what time it is.

/// Milliseconds since the Unix epoch, or a length of time in milliseconds.
pub type Millis = u64;

/// A deadline that never comes.
pub const NEVER: Millis = Millis::MAX;

/// The last instant a JavaScript `Date` can name.
pub(crate) const LATEST: Millis = 8_640_000_000_000_000;

/// A clock that neither runs backwards nor leaves the range of dates, whatever it is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    latest: Millis,
}

impl Clock {
    /// Takes a reading and gives the time that counts: the reading, or the latest one seen
    /// where the reading is earlier, not finite, negative or beyond the last date.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    pub fn read(&mut self, reading: f64) -> Millis {
        if (0.0..=LATEST as f64).contains(&reading) {
            // By way of signed integers, into which processors turn a float in one step.
            self.latest = self.latest.max(reading as i64 as Millis);
        }
        self.latest
    }

    /// The latest time seen.
    #[must_use]
    pub const fn latest(&self) -> Millis {
        self.latest
    }
}

/// How long rows live. Both bounds hold together; the earlier deadline counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lifetime {
    /// A row untouched for this long is gone.
    pub idle: Option<Millis>,
    /// A row this long after its creation is gone, however busy.
    pub absolute: Option<Millis>,
}

impl Lifetime {
    /// The instant at which a row is gone: it is expired when `now >= deadline`.
    #[must_use]
    pub fn deadline(&self, created: Millis, touched: Millis) -> Millis {
        let after = |from: Millis, length: Option<Millis>| length.map_or(NEVER, |l| from.saturating_add(l));
        after(touched, self.idle).min(after(created, self.absolute))
    }

    /// The stricter of two, bound by bound.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        let least = |a: Option<Millis>, b: Option<Millis>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self { idle: least(self.idle, other.idle), absolute: least(self.absolute, other.absolute) }
    }
}
