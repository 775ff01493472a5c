//! Places at which a test has the core stop in the middle of something, to see what comes after. Only the
//! feature `faults` makes them, on wasm32 alone; nothing that is published has it.

/// Where the core can be made to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// At the beginning of a call.
    Call = 1,
    /// Indexes and queue have their room, nothing is written.
    Reserved = 2,
    /// A new row is written, and nothing leads to it.
    Written = 3,
    /// A row moves: nothing leads to it any more, and not yet to where it goes.
    Moving = 4,
    /// A row was evicted, the one that needs its room not yet stored.
    Evicted = 5,
    /// A row has its fresh id, and nobody was told.
    Renewed = 6,
}

#[cfg(all(feature = "faults", target_arch = "wasm32"))]
static ARMED: core::sync::atomic::AtomicU32 = core::sync::atomic::AtomicU32::new(0);

/// Has the core stop when it comes to the point of that number.
#[cfg(all(feature = "faults", target_arch = "wasm32"))]
pub fn arm(point: u32) {
    ARMED.store(point, core::sync::atomic::Ordering::Relaxed);
}

/// Stops, where a test has asked for it.
#[inline(always)]
pub fn at(point: Point) {
    #[cfg(all(feature = "faults", target_arch = "wasm32"))]
    if ARMED.load(core::sync::atomic::Ordering::Relaxed) == point as u32 {
        core::arch::wasm32::unreachable();
    }
    let _ = point;
}
