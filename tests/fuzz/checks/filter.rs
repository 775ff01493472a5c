//! Any bytes as a filter: refused, or all that use it agree.
#![allow(unreachable_pub)]

use ets_session::index::Seed;
use ets_session::select::{self, Filter};
use ets_session::table::{Options, Table};
use ets_session::value::Value;

pub fn check(bytes: &[u8]) {
    let Ok(filter) = Filter::read(bytes) else { return };
    let mut table =
        Table::new(Options { max_bytes: 1 << 17, ..Options::default() }, Seed::default()).unwrap();
    let values = [
        Value::Number(1.0),
        Value::Text("x".into()),
        Value::Array(vec![Value::Null, Value::Number(2.0)]),
        Value::Object(vec![("a".into(), Value::Null), ("b".into(), Value::Undefined)]),
    ];
    for (n, value) in values.into_iter().enumerate() {
        let record = table.encode(&[("a".to_owned(), value)]).unwrap();
        table.insert(&[b'k', n as u8], &record, 0, false, n as f64 * 1_000.0).unwrap();
    }
    let count = table.count(&filter, 5_000.0);
    let (mut listed, mut after) = (0, None);
    loop {
        let page = table.select(&filter, after, 1, 5_000.0).unwrap();
        select::write(&table, &page, |_| [0.0; 4], &mut Vec::new()).unwrap();
        listed += page.rows.len();
        after = page.after;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(listed, count);
    assert_eq!(table.delete_where(&filter, 5_000.0), count);
    assert_eq!(table.len(), 4 - count);
    assert!(table.validate());
}
