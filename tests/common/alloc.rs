//! An allocator that counts what each thread holds, and refuses a thread's requests when told to.
#![allow(dead_code, unreachable_pub)]
// `GlobalAlloc` is unsafe to implement; every method hands its arguments on to the system's as they are.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    static HELD: Cell<i64> = const { Cell::new(0) };
    /// Requests that are still granted; none are refused without it.
    static GRANTED: Cell<Option<u64>> = const { Cell::new(None) };
    static REFUSED: Cell<u64> = const { Cell::new(0) };
}

fn is_granted() -> bool {
    let granted = match GRANTED.get() {
        None => return true,
        Some(left) => left.checked_sub(1),
    };
    GRANTED.set(Some(granted.unwrap_or(0)));
    if granted.is_none() {
        REFUSED.set(REFUSED.get().saturating_add(1));
    }
    granted.is_some()
}

fn hold(bytes: usize) {
    HELD.set(HELD.get().wrapping_add_unsigned(bytes as u64));
}

fn give_back(bytes: usize) {
    HELD.set(HELD.get().wrapping_sub_unsigned(bytes as u64));
}

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !is_granted() {
            return std::ptr::null_mut();
        }
        hold(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        give_back(layout.size());
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !is_granted() {
            return std::ptr::null_mut();
        }
        give_back(layout.size());
        hold(size);
        unsafe { System.realloc(at, layout, size) }
    }
}

/// Bytes that this thread took and did not give back.
pub fn held() -> i64 {
    HELD.get()
}

/// Does some work to which only the first requests are granted; the second part of the answer says
/// how many were refused. What is allocated without asking whether it can be aborts the process.
pub fn with_refusals<T>(granted: u64, work: impl FnOnce() -> T) -> (T, u64) {
    GRANTED.set(Some(granted));
    REFUSED.set(0);
    let result = work();
    GRANTED.set(None);
    (result, REFUSED.get())
}
