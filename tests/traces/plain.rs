//! Values as JavaScript can hold them: a set has an element once, a date is a whole number of milliseconds.

use ets_session::value::Value;

use crate::common::{Fields, term};

/// How many bytes an element of each class of binary value takes; the last class is missing in older runtimes.
const ELEMENTS: [usize; 13] = [1, 1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 1];
const LATEST: f64 = 8.64e15;

pub(crate) fn fields(fields: Fields) -> Fields {
    fields.into_iter().map(|(name, value)| (name, plain(value))).collect()
}

pub(crate) fn plain(value: Value) -> Value {
    match value {
        Value::BigInt(negative, magnitude) => Value::BigInt(negative && !magnitude.is_empty(), magnitude),
        // Adding 0 takes the sign from -0.
        Value::Date(ms) => Value::Date(if ms.abs() <= LATEST { ms.trunc() + 0.0 } else { f64::NAN }),
        Value::Array(values) => Value::Array(values.into_iter().map(plain).collect()),
        Value::Object(object) => Value::Object(fields(object)),
        Value::Set(values) => {
            let mut kept = Vec::new();
            values.into_iter().map(|value| element(plain(value))).for_each(|value| {
                if !holds(&kept, &value) {
                    kept.push(value);
                }
            });
            Value::Set(kept)
        }
        Value::Map(pairs) => {
            let mut kept: Vec<(Value, Value)> = Vec::new();
            for (key, value) in pairs {
                let key = element(plain(key));
                if kept.iter().all(|(there, _)| !same(there, &key)) {
                    kept.push((key, plain(value)));
                }
            }
            Value::Map(kept)
        }
        Value::Binary(class, bytes) => {
            let class = usize::from(class) % ELEMENTS.len();
            Value::Binary(class as u8, bytes.repeat(ELEMENTS[class]))
        }
        other => other,
    }
}

/// What a set or a map's key makes of a value.
fn element(value: Value) -> Value {
    if let Value::Number(number) = value { Value::Number(number + 0.0) } else { value }
}

fn holds(values: &[Value], wanted: &Value) -> bool {
    values.iter().any(|value| same(value, wanted))
}

/// Two objects are two, however equal.
fn same(a: &Value, b: &Value) -> bool {
    let is_object = matches!(
        a,
        Value::Date(_)
            | Value::Array(_)
            | Value::Object(_)
            | Value::Map(_)
            | Value::Set(_)
            | Value::Binary(..)
    );
    !is_object && term(a) == term(b)
}
