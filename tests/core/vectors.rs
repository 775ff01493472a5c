//! The vectors that this side and the TypeScript side share: tests/fixtures/records.json is what this
//! encoder writes. `VECTORS=write cargo test --test core vectors` writes it anew, for `biome format` to lay out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::common::describe::{hex, json, json_fields, json_number, json_text};
use crate::common::{Fields, table, term};
use ets_session::table::Options;
use ets_session::term::is_term;
use ets_session::value::{CLASSES, Value};

const ABOUT: &str = "Values and their bytes, as src/term.rs and src/record.rs describe them; written by \
tests/core/vectors.rs. A value is { t, v }: undefined and null have no v; boolean; number, where v is a JSON \
number or one of the strings NaN, Infinity, -Infinity, -0; bigint, v the magnitude in hexadecimal, negative \
beside it; string; date, v as for number, ms since the epoch; array and set, v a list of values; object, v a \
list of [name, value]; map, v a list of [value, value]; binary, v the bytes in hexadecimal, class the \
constructor beside it. Each of terms is { name, value, hex }. Each of records is { name, fields, hex }, its \
names numbered from 1 in the order in which they come; those of more than 128 bytes stand inline.";

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn object(count: usize) -> Value {
    Value::Object((0..count).map(|n| (format!("f{n}"), Value::Number(n as f64))).collect())
}

fn terms() -> Vec<(String, Value)> {
    let mut terms = vec![
        ("undefined".to_owned(), Value::Undefined),
        ("null".to_owned(), Value::Null),
        ("false".to_owned(), Value::Bool(false)),
        ("true".to_owned(), Value::Bool(true)),
    ];
    let mut add = |name: String, value: Value| terms.push((name, value));
    let whole = [0.0, 1.0, 31.0, 32.0, 255.0, 256.0, 65_535.0, 65_536.0, 4_294_967_295.0, 4_294_967_296.0];
    let far = [281_474_976_710_655.0, 281_474_976_710_656.0, 9_007_199_254_740_991.0, 1_763_881_200_000.0];
    let below = [-0.0, -1.0, -2_147_483_648.0, -2_147_483_649.0, -0.5, f64::NEG_INFINITY];
    let odd = [0.1, 1e300, 5e-324, f64::MAX, f64::INFINITY, f64::NAN];
    for number in whole.into_iter().chain(far).chain(below).chain(odd) {
        add(format!("number {}", json_number(number).replace('"', "")), Value::Number(number));
    }
    for (negative, magnitude) in [
        (false, vec![]),
        (false, vec![1]),
        (true, vec![1]),
        (false, vec![0, 1]),
        (true, vec![0xFF; 8]),
        (false, (1..=33).collect()),
    ] {
        let name = format!("bigint of {} bytes{}", magnitude.len(), if negative { ", negative" } else { "" });
        add(name, Value::BigInt(negative, magnitude));
    }
    let texts = [("empty", String::new()), ("one", "a".into()), ("controls", "\0\t\n\r\"\\\u{7F}".into())];
    let sizes = [("63 ASCII", "~".repeat(63)), ("64 ASCII", "~".repeat(64)), ("200 ASCII", "~".repeat(200))];
    let wide = [
        ("2 bytes", "é".into()),
        ("3 bytes", "漢".into()),
        ("4 bytes", "😀".into()),
        ("BOM", "\u{FEFF}x".into()),
    ];
    let more = [
        ("64 of 2 bytes", "é".repeat(64)),
        ("last of each length", "\u{7F}\u{7FF}\u{FFFF}\u{10FFFF}".into()),
    ];
    let packed = [
        ("8 of base64url", "ABCDabcd".to_owned()),
        ("12 of base64url", "ABYZabyz0-9_".into()),
        ("13 of base64url", "ABYZabyz0-9_A".into()),
        ("24 of base64url", "q0w-E_rTyUiOpAsDfGhJkLzX".into()),
        ("256 of base64url", "A-z_".repeat(64)),
        ("260 of base64url", "A-z_".repeat(65)),
        ("12 of which one is another", "ABYZabyz0-9+".into()),
        ("12 bytes, not ASCII", "éééééé".into()),
    ];
    for (name, string) in texts.into_iter().chain(sizes).chain(wide).chain(more).chain(packed) {
        add(format!("string, {name}"), Value::Text(string));
    }
    for ms in [0.0, -1.0, 1_763_881_200_123.0, 8.64e15, -8.64e15, f64::NAN] {
        add(format!("date {}", json_number(ms).replace('"', "")), Value::Date(ms));
    }
    for count in [0, 1, 14, 15, 128] {
        add(format!("array of {count}"), Value::Array(vec![Value::Null; count]));
    }
    for count in [0, 1, 7, 8, 14, 15] {
        add(format!("object of {count}"), object(count));
    }
    let proto = vec![("__proto__".to_owned(), object(1)), (String::new(), Value::Undefined)];
    add("object with a field __proto__ and one without a name".into(), Value::Object(proto));
    let keys = [Value::Number(f64::NAN), Value::Null, text("k"), Value::Array(vec![])];
    add("map of 0".into(), Value::Map(Vec::new()));
    add(
        "map of 4".into(),
        Value::Map(
            keys.iter().cloned().zip([text("v"), object(8), Value::Map(vec![]), Value::Undefined]).collect(),
        ),
    );
    add("set of 0".into(), Value::Set(Vec::new()));
    add("set of 4".into(), Value::Set(keys.to_vec()));
    for (class, name) in CLASSES.iter().enumerate() {
        add(format!("{name} of 16 bytes"), Value::Binary(class as u8, (1..=16).collect()));
        add(format!("{name} of 0 bytes"), Value::Binary(class as u8, Vec::new()));
    }
    add("Uint8Array of 300 bytes".into(), Value::Binary(0, (0..300).map(|n| n as u8).collect()));
    let deep = (0..40).fold(text("core"), |inner, n| match n % 4 {
        0 => Value::Array(vec![inner]),
        1 => Value::Object(vec![("in".to_owned(), inner)]),
        2 => Value::Set(vec![inner]),
        _ => Value::Map(vec![(Value::Null, inner)]),
    });
    add("nested 40 deep".into(), deep);
    terms
}

fn records() -> Vec<(String, Fields)> {
    let fields = |count: usize| if let Value::Object(fields) = object(count) { fields } else { Vec::new() };
    let session = vec![
        ("user_id".to_owned(), Value::Number(5_123.0)),
        ("role".to_owned(), text("admin")),
        ("csrf_token".to_owned(), text("q0w-E_rTyUiOpAsDfGhJkLzX")),
        ("cart".to_owned(), Value::Array(vec![text("sku-17"), text("sku-119")])),
        ("locale".to_owned(), text("en-GB")),
        ("last_seen".to_owned(), Value::Number(1_763_881_200_000.0)),
    ];
    let long =
        vec![("a".to_owned(), Value::Null), ("n".repeat(129), text("inline")), ("b".to_owned(), Value::Null)];
    vec![
        ("a session".to_owned(), session),
        ("of 0 fields".to_owned(), Vec::new()),
        ("of 14 fields".to_owned(), fields(14)),
        ("of 15 fields".to_owned(), fields(15)),
        ("of 200 fields".to_owned(), fields(200)),
        ("with names inline".to_owned(), long),
    ]
}

fn whole() -> String {
    let mut lines = Vec::new();
    for (name, value) in terms() {
        let hex = hex(&term(&value));
        lines.push(format!(
            r#"    {{ "name": {}, "value": {}, "hex": "{hex}" }}"#,
            json_text(&name),
            json(&value)
        ));
    }
    let terms = lines.join(",\n");
    let lines: Vec<String> = records()
        .into_iter()
        .map(|(name, fields)| {
            let hex = hex(&table(Options::default()).encode(&fields).unwrap());
            let (name, fields) = (json_text(&name), json_fields(&fields));
            format!(r#"    {{ "name": {name}, "fields": {fields}, "hex": "{hex}" }}"#)
        })
        .collect();
    let (about, records) = (json_text(ABOUT), lines.join(",\n"));
    format!(
        "{{\n  \"about\": {about},\n  \"terms\": [\n{terms}\n  ],\n  \"records\": [\n{records}\n  ]\n}}\n"
    )
}

/// Without the spaces between things; those inside strings stay.
fn squeezed(json: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let stays = |c: &char| {
        quoted ^= *c == '"' && !escaped;
        escaped = quoted && *c == '\\' && !escaped;
        quoted || !c.is_ascii_whitespace()
    };
    json.chars().filter(stays).collect()
}

#[test]
fn the_shared_vectors_are_what_is_written_here() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/records.json");
    let whole = whole();
    if std::env::var("VECTORS").is_ok_and(|wish| wish == "write") {
        std::fs::write(path, &whole).unwrap();
    }
    let there = std::fs::read_to_string(path).unwrap();
    assert!(squeezed(&there) == squeezed(&whole), "{path} is not what is encoded now");
}

#[test]
fn the_shared_vectors_are_read_back() {
    for (name, value) in terms() {
        let bytes = term(&value);
        assert!(is_term(&bytes), "{name}");
        let read = Value::read(&bytes).unwrap();
        assert_eq!(format!("{read:?}"), format!("{value:?}"), "{name}");
    }
    for (name, fields) in records() {
        let mut table = table(Options::default());
        let record = table.encode(&fields).unwrap();
        assert_eq!(table.decode(&record), Some(fields), "{name}");
    }
}
