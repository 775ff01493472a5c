//! Operations whose requests for memory are refused, one after the other.
#![allow(clippy::unwrap_used)]

#[path = "alloc.rs"]
pub(crate) mod alloc;

use ets_session::error::Error;
use ets_session::table::Table;

use crate::common::{Listed, Wanted, pages};
use alloc::with_refusals;

fn contents(table: &mut Table) -> Vec<Listed> {
    let all = Wanted::default().bytes(table);
    pages(table, &all, 1_000, 0.0)
}

/// Refuses the requests of an operation from the k-th on, for k = 1, 2, 3 … until it needs no more.
/// What it answers must be a refusal then, and the table as before; afterwards it must succeed.
pub(crate) fn refused_at_every_request<T>(
    build: impl Fn() -> Table,
    operate: impl Fn(&mut Table) -> Result<T, Error>,
) -> u64 {
    for granted in 0.. {
        let mut table = build();
        let evicts = !table.options().refuse;
        let (before, bytes) = (contents(&mut table), table.bytes());
        let (result, refused) = with_refusals(granted, || operate(&mut table));
        assert!(table.validate(), "request {granted}");
        if refused == 0 {
            assert!(result.is_ok(), "{:?}", result.err());
            return granted;
        }
        if let Err(error) = result {
            assert!(matches!(error, Error::MemoryRefused { .. }), "request {granted}: {error:?}");
            let after = contents(&mut table);
            assert!(after.iter().all(|row| before.contains(row)), "request {granted} changed a row");
            assert!(evicts || after.len() == before.len(), "request {granted} lost a row");
            assert!(evicts || table.bytes() == bytes, "request {granted} left something charged");
        }
        assert!(operate(&mut table).is_ok(), "after request {granted} was refused");
        assert!(table.validate());
    }
    0
}
