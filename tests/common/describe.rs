//! Values and what holds them as JSON that JavaScript's tests read: see `about` in tests/fixtures/records.json.

use std::fmt::Write;

use ets_session::value::{CLASSES, Value};

use super::Fields;

pub fn hex<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> String {
    bytes.into_iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

pub fn json_text(text: &str) -> String {
    let mut json = String::from("\"");
    for unit in text.encode_utf16() {
        match char::from_u32(u32::from(unit)) {
            Some(c @ ('"' | '\\')) => write!(json, "\\{c}").unwrap(),
            Some(c @ ' '..='~') => json.push(c),
            _ => write!(json, "\\u{unit:04x}").unwrap(),
        }
    }
    json.push('"');
    json
}

pub fn json_number(number: f64) -> String {
    match number {
        _ if number.is_nan() => "\"NaN\"".into(),
        _ if number.is_infinite() => if number > 0.0 { "\"Infinity\"" } else { "\"-Infinity\"" }.into(),
        _ if number == 0.0 && number.is_sign_negative() => "\"-0\"".into(),
        _ if number.trunc() == number && number.abs() < 1e15 => format!("{number}"),
        _ => format!("{number:e}"),
    }
}

pub fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

pub fn json_fields(fields: &Fields) -> String {
    list(fields.iter().map(|(name, value)| format!("[{},{}]", json_text(name), json(value))))
}

pub fn json(value: &Value) -> String {
    match value {
        Value::Undefined => r#"{"t":"undefined"}"#.into(),
        Value::Null => r#"{"t":"null"}"#.into(),
        Value::Bool(bool) => format!(r#"{{"t":"boolean","v":{bool}}}"#),
        Value::Number(number) => format!(r#"{{"t":"number","v":{}}}"#, json_number(*number)),
        Value::BigInt(negative, magnitude) => {
            let digits = hex(magnitude.iter().rev());
            let digits = if digits.is_empty() { "0".to_owned() } else { digits };
            format!(r#"{{"t":"bigint","v":"{digits}","negative":{negative}}}"#)
        }
        Value::Text(text) => format!(r#"{{"t":"string","v":{}}}"#, json_text(text)),
        Value::Date(ms) => format!(r#"{{"t":"date","v":{}}}"#, json_number(*ms)),
        Value::Array(values) => format!(r#"{{"t":"array","v":{}}}"#, list(values.iter().map(json))),
        Value::Set(values) => format!(r#"{{"t":"set","v":{}}}"#, list(values.iter().map(json))),
        Value::Object(fields) => format!(r#"{{"t":"object","v":{}}}"#, json_fields(fields)),
        Value::Map(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| format!("[{},{}]", json(key), json(value)));
            format!(r#"{{"t":"map","v":{}}}"#, list(pairs))
        }
        Value::Binary(class, bytes) => {
            let class = CLASSES[usize::from(*class)];
            format!(r#"{{"t":"binary","class":"{class}","v":"{}"}}"#, hex(bytes))
        }
    }
}
