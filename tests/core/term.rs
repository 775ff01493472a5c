//! Values as bytes: the shortest form of each, what is no value, nesting, and equality.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::common::random::Random;
use crate::common::term;
use ets_session::term::{MAX_DEPTH, is_term, is_text, same, text};
use ets_session::value::Value;

fn number(number: f64) -> Vec<u8> {
    term(&Value::Number(number))
}

fn string(text: &str) -> Vec<u8> {
    term(&Value::Text(text.to_owned()))
}

fn object(fields: &[(&str, Value)]) -> Value {
    Value::Object(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

#[test]
fn numbers_take_the_shortest_form() {
    assert_eq!(number(0.0), [0]);
    assert_eq!(number(31.0), [31]);
    assert_eq!(number(32.0), [0x85, 32]);
    assert_eq!(number(255.0), [0x85, 255]);
    assert_eq!(number(256.0), [0x86, 0, 1]);
    assert_eq!(number(65_535.0), [0x86, 255, 255]);
    assert_eq!(number(65_536.0), [0x87, 0, 0, 1, 0]);
    assert_eq!(number(4_294_967_295.0), [0x87, 255, 255, 255, 255]);
    assert_eq!(number(4_294_967_296.0), [0x88, 0, 0, 0, 0, 1, 0]);
    assert_eq!(number(281_474_976_710_655.0), [0x88, 255, 255, 255, 255, 255, 255]);
    assert_eq!(number(-1.0), [0x89, 255, 255, 255, 255]);
    assert_eq!(number(-2_147_483_648.0), [0x89, 0, 0, 0, 0x80]);
    for wide in [281_474_976_710_656.0, -2_147_483_649.0, 0.5, -0.0, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(number(wide), [&[0x84][..], &f64::to_le_bytes(wide)].concat());
    }
    let other_nan = f64::from_bits(0xFFF8_0000_0000_0001);
    assert!(other_nan.is_nan());
    assert_eq!(number(other_nan), number(f64::NAN), "one NaN");
}

#[test]
fn strings_take_the_shortest_form() {
    assert_eq!(string(""), [0x20]);
    assert_eq!(string("a"), [0x21, b'a']);
    assert_eq!(string(&"~".repeat(63))[0], 0x5F);
    assert_eq!(string(&"~".repeat(64))[..2], [0x8B, 64]);
    assert_eq!(string(&"~".repeat(300))[..3], [0x8B, 0xAC, 0x02]);
    assert_eq!(string("é"), [0x8A, 2, 0xC3, 0xA9]);
    assert_eq!(string("\u{10FFFF}"), [0x8A, 4, 0xF4, 0x8F, 0xBF, 0xBF]);
    assert_eq!(string("AAAAAAAAAAAA"), [0x8C, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(string("__________-8")[..], [0x8C, 3, 255, 255, 255, 255, 255, 255, 255, 255, 188][..]);
    // Too short, not whole groups, of another alphabet, too long.
    assert_eq!(string("AAAAAAAA")[0], 0x28);
    assert_eq!(string("AAAAAAAAAAAAA")[0], 0x2D);
    assert_eq!(string("AAAAAAAAAAA+")[0], 0x2C);
    assert_eq!(string(&"A".repeat(256))[0], 0x8C);
    assert_eq!(string(&"A".repeat(260))[0], 0x8B);
}

#[test]
fn containers_count_inline_up_to_fourteen() {
    let ones = |count: usize| vec![Value::Number(1.0); count];
    assert_eq!(term(&Value::Array(ones(0))), [0x60]);
    assert_eq!(term(&Value::Array(ones(14)))[0], 0x6E);
    assert_eq!(term(&Value::Array(ones(15)))[..2], [0x6F, 15]);
    let named = |count: usize| Value::Object((0..count).map(|n| (n.to_string(), Value::Null)).collect());
    assert_eq!(term(&named(0)), [0x70]);
    assert_eq!(term(&named(14))[0], 0x7E);
    assert_eq!(term(&named(15))[..2], [0x7F, 15]);
    assert_eq!(term(&Value::Set(ones(2))), [0x90, 2, 1, 1]);
    assert_eq!(term(&Value::Map(vec![(Value::Null, Value::Undefined)])), [0x8F, 1, 0x80, 0x81]);
}

#[test]
fn other_kinds_have_one_form() {
    assert_eq!(term(&Value::Bool(false)), [0x82]);
    assert_eq!(term(&Value::Bool(true)), [0x83]);
    assert_eq!(term(&Value::BigInt(true, vec![1, 2])), [0x8D, 1, 2, 1, 2]);
    assert_eq!(term(&Value::Date(0.0)), [0x8E, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(term(&Value::Binary(15, vec![9])), [0xAF, 1, 9]);
}

/// How many parts a container has must not be mistaken for how its count is written.
#[test]
fn objects_of_every_size_are_read_back() {
    for count in 0..40 {
        let value = Value::Object((0..count).map(|n| (format!("key {n}"), Value::Number(40.0))).collect());
        assert_eq!(Value::read(&term(&value)), Some(value), "{count} fields");
    }
}

#[test]
fn random_values_are_read_back() {
    let mut random = Random::new(5);
    for _ in 0..20_000 {
        let bytes = term(&random.value(4));
        assert!(is_term(&bytes));
        let read = Value::read(&bytes).unwrap();
        assert_eq!(term(&read), bytes, "{read:?}");
        assert!(same(&bytes, &bytes.clone()));
    }
}

#[test]
fn nesting_ends_at_two_hundred() {
    let wraps: [fn(Value) -> Value; 4] = [
        |inner| Value::Array(vec![inner]),
        |inner| object(&[("in", inner)]),
        |inner| Value::Map(vec![(Value::Null, inner)]),
        |inner| Value::Set(vec![inner]),
    ];
    for wrap in wraps {
        let nested = |depth: u32| (0..depth).fold(Value::Number(1.0), |inner, _| wrap(inner));
        let mut deepest = Vec::new();
        nested(MAX_DEPTH).push(&mut deepest).unwrap();
        assert!(is_term(&deepest));
        assert_eq!(Value::read(&deepest), Some(nested(MAX_DEPTH)));
        assert!(nested(MAX_DEPTH + 1).push(&mut Vec::new()).is_err());
        // The same one step deeper, written by hand.
        let head = &deepest[..(deepest.len() - 1) / MAX_DEPTH as usize];
        let deeper = [head, &deepest].concat();
        assert!(!is_term(&deeper));
        assert_eq!(Value::read(&deeper), None);
    }
    assert!(!is_term(&[0x61; 1_000_000]), "a million open brackets");
}

#[test]
fn only_whole_terms_are_terms() {
    let bad: &[&[u8]] = &[
        &[],
        &[0x91],
        &[0x9F],
        &[0xB0],
        &[0xFF],
        &[0, 0],
        &[0x21],
        &[0x21, 0x80],
        &[0x8B, 1, 0xFF],
        &[0x8A, 2, 0xC3, 0x28],
        &[0x8A, 3, 0xED, 0xA0, 0x80],
        &[0x61],
        &[0x71, 0x21, b'a'],
        &[0x71, 1, 1],
        &[0x71, 0x60, 1],
        &[0x85],
        &[0x84, 0, 0, 0, 0, 0, 0, 0],
        &[0x8D, 2, 0],
        &[0x8E, 0],
        &[0x6F, 0x80, 0x00],
        &[0x6F, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
        &[0x6F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        &[0x8C, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
        &[0xA0, 2, 1],
        &[0x8F, 1, 0x80],
        &[0x90, 2, 1],
        &[0xA4, 1, 0],
        &[0xA8, 6, 0, 0, 0, 0, 0, 0],
        &[0xAB, 4, 0, 0, 0, 0],
        &[0xAD, 3, 0, 0, 0],
    ];
    for bytes in bad {
        assert!(!is_term(bytes), "{bytes:x?}");
        assert_eq!(Value::read(bytes), None, "{bytes:x?}");
    }
}

#[test]
fn what_is_a_term_can_be_read_and_nothing_else() {
    let mut random = Random::new(6);
    for round in 0..200_000 {
        let length = 1 + random.size(12);
        let mut bytes = random.bytes(length);
        if round % 2 == 0 {
            bytes = term(&random.value(2));
            let at = random.size(bytes.len());
            bytes[at] = random.below(256) as u8;
        }
        let read = Value::read(&bytes);
        assert_eq!(read.is_some(), is_term(&bytes), "{bytes:x?}");
        assert_eq!(is_text(&bytes), matches!(read, Some(Value::Text(_))), "{bytes:x?}");
        assert_eq!(is_text(&bytes), text(&bytes).is_some());
        if let Some(read) = read {
            let again = term(&read);
            // Eight characters are not packed where they are written, and are a byte shorter packed.
            let packed = bytes.iter().filter(|&&byte| byte == 0x8C).count();
            assert!(again.len() <= bytes.len() + packed, "{bytes:x?} is shorter than its shortest form");
            assert_eq!(term(&Value::read(&again).unwrap()), again);
        }
    }
}

#[test]
fn equality_is_of_values() {
    let equal = |a: &Value, b: &Value| {
        let (a, b) = (term(a), term(b));
        assert_eq!(same(&a, &b), same(&b, &a));
        same(&a, &b)
    };
    let (one, two) = (Value::Number(1.0), Value::Number(2.0));
    assert!(equal(&Value::Number(f64::NAN), &Value::Number(f64::NAN)));
    assert!(!equal(&Value::Number(0.0), &Value::Number(-0.0)));
    assert!(!equal(&one, &Value::Text("1".into())));
    assert!(!equal(&Value::Null, &Value::Undefined));
    assert!(!equal(&one, &Value::Array(vec![one.clone()])));
    let ab = object(&[("a", one.clone()), ("b", two.clone())]);
    assert!(equal(&ab, &object(&[("b", two.clone()), ("a", one.clone())])));
    assert!(!equal(&ab, &object(&[("a", two.clone()), ("b", one.clone())])));
    assert!(!equal(&ab, &object(&[("a", one.clone())])));
    assert!(!equal(&ab, &object(&[("a", one.clone()), ("c", two.clone())])));
    assert!(!equal(&ab, &Value::Array(vec![one.clone(), two.clone()])));
    // Order counts in arrays, maps and sets, as it can be seen there.
    let pair = vec![(one.clone(), two.clone()), (two.clone(), one.clone())];
    let turned: Vec<_> = pair.iter().rev().cloned().collect();
    assert!(!equal(&Value::Map(pair), &Value::Map(turned)));
    assert!(!equal(&Value::Set(vec![one.clone(), two.clone()]), &Value::Set(vec![two.clone(), one.clone()])));
    assert!(!equal(&Value::Array(vec![one.clone(), two.clone()]), &Value::Array(vec![two, one])));
}

/// The same value, the fields of its objects the other way round.
fn turned(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            Value::Object(fields.into_iter().rev().map(|(name, value)| (name, turned(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(turned).collect()),
        Value::Set(values) => Value::Set(values.into_iter().map(turned).collect()),
        other => other,
    }
}

#[test]
fn the_order_of_fields_counts_at_no_depth() {
    let mut random = Random::new(9);
    for _ in 0..5_000 {
        let value = random.value(4);
        assert!(same(&term(&value), &term(&turned(value.clone()))), "{value:?}");
    }
}
