//! The plain store: `init`, `get`, `put`, `delete` over JavaScript values, and `createTable` for them: all that those
//! need who use `wasm-pack build`.

use js_sys::{Array, BigInt, Date, JsString, Map, Object, Reflect, Set, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};

use super::{lifetime_of, ready, with};
use crate::error::{Error, Setting};
use crate::store;
use crate::table::Options;
use crate::tables::Handle;
use crate::term::MAX_DEPTH;
use crate::value::Value;

/// Options as JavaScript has them: bytes, and milliseconds of which 0 is none.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct JsOptions {
    max_bytes: f64,
    max_row_bytes: f64,
    idle: f64,
    absolute: f64,
    on_full: String,
    hash_keys: bool,
}

impl Default for JsOptions {
    fn default() -> Self {
        let Options { max_bytes, max_row_bytes, hash_keys, .. } = Options::default();
        #[allow(clippy::cast_precision_loss)]
        let (max_bytes, max_row_bytes) = (max_bytes as f64, max_row_bytes as f64);
        Self { max_bytes, max_row_bytes, idle: 0.0, absolute: 0.0, on_full: "evict".into(), hash_keys }
    }
}

/// Reads options whose lengths of time are in units of so many milliseconds.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn options_of(options: JsValue, unit: f64) -> Result<Options, Error> {
    let mut wanted = JsOptions::default();
    if !options.is_undefined() {
        wanted = serde_wasm_bindgen::from_value(options).map_err(|_| Error::BadOption(Setting::Options))?;
    }
    let refuse = match wanted.on_full.as_str() {
        "refuse" => true,
        "evict" => false,
        _ => return Err(Error::BadOption(Setting::OnFull)),
    };
    Ok(Options {
        max_bytes: wanted.max_bytes as u64,
        max_row_bytes: wanted.max_row_bytes as u64,
        lifetime: lifetime_of(wanted.idle * unit, wanted.absolute * unit),
        refuse,
        hash_keys: wanted.hash_keys,
    })
}

/// A JavaScript value that serde hands on as it is.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Js(#[serde(with = "serde_wasm_bindgen::preserve")] JsValue);

/// What the plain store hands out for a table; made by [`init`].
#[derive(Serialize, Deserialize)]
struct Config {
    table: String,
}

/// An error as the plain store throws it: an `Error` with a `code`, and a `path` where a value is to blame.
fn thrown(code: &str, text: &str, path: Option<&str>) -> JsValue {
    let error = js_sys::Error::new(text);
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    if let Some(path) = path {
        let _ = Reflect::set(&error, &"path".into(), &path.into());
    }
    error.into()
}

fn refused(error: Error) -> JsValue {
    let code = match error {
        Error::NoTable => "ERR_NO_TABLE",
        Error::TableExists => "ERR_TABLE_EXISTS",
        Error::BadKey => "ERR_BAD_KEY",
        Error::BadOption(_) => "ERR_BAD_OPTION",
        Error::RowTooLarge { .. } => "ERR_ROW_TOO_LARGE",
        Error::TableFull { .. } | Error::MemoryRefused { .. } => "ERR_TABLE_FULL",
        Error::NotANumber => "ERR_NOT_A_NUMBER",
        Error::BadRecord => "ERR_UNSUPPORTED_VALUE",
        Error::BadSnapshot => "ERR_BAD_SNAPSHOT",
        Error::IdExhausted => "ERR_ID_EXHAUSTED",
    };
    thrown(code, &error.to_string(), None)
}

/// Creates a named table for the plain store. Options are those of the package's `createTable`, with
/// numbers only: bytes, and seconds.
#[wasm_bindgen(js_name = createTable)]
pub fn create_table(name: &str, options: JsValue) -> Result<(), JsValue> {
    let options = options_of(options, 1000.0).map_err(refused)?;
    with(|state| state.tables.create(name, options)).map(drop).map_err(refused)
}

/// The store contract's `init`: a table is required and must exist; none is made.
#[wasm_bindgen]
pub fn init(options: JsValue) -> Result<JsValue, JsValue> {
    let missing = |_| thrown("ERR_MISSING_OPTION", "option table is required", None);
    let config: Config = serde_wasm_bindgen::from_value(options).map_err(missing)?;
    with(|state| state.tables.find(&config.table)).map_err(refused)?;
    serde_wasm_bindgen::to_value(&config).map_err(JsValue::from)
}

fn handle_of(config: JsValue) -> Result<Handle, JsValue> {
    ready(true).map_err(refused)?;
    let config: Config = serde_wasm_bindgen::from_value(config).map_err(|_| refused(Error::NoTable))?;
    with(|state| state.tables.find(&config.table)).map_err(refused)
}

fn key_of(sid: &JsValue) -> Result<String, JsValue> {
    let text = sid.dyn_ref::<JsString>().filter(|text| text.is_valid_utf16() && text.length() > 0);
    text.map(String::from).ok_or_else(|| refused(Error::BadKey))
}

/// A known id: itself and its data, the timestamp refreshed. An unknown id: null and no data.
#[wasm_bindgen]
pub fn get(sid: JsValue, config: JsValue) -> Result<JsValue, JsValue> {
    let (handle, key, now) = (handle_of(config)?, key_of(&sid)?, Date::now());
    let fields = with(|state| {
        let table = state.tables.table(handle)?;
        let found = store::get(table, key.as_bytes(), now).live();
        found.map(|row| table.decode(table.record(row)).ok_or(Error::BadRecord)).transpose()
    });
    let (sid, fields) = match fields.map_err(refused)? {
        Some(fields) => (sid, fields),
        None => (JsValue::NULL, Vec::new()),
    };
    let data = to_js(&Value::Object(fields))?;
    serde_wasm_bindgen::to_value(&[Js(sid), Js(data)]).map_err(JsValue::from)
}

/// Stores under an id, or with null under a fresh one, and gives the id.
#[wasm_bindgen]
pub fn put(sid: JsValue, data: JsValue, config: JsValue) -> Result<JsValue, JsValue> {
    let (handle, now) = (handle_of(config)?, Date::now());
    let key = if sid.is_null() { None } else { Some(key_of(&sid)?) };
    let mut path = String::new();
    let bad = |path: &str| thrown("ERR_UNSUPPORTED_VALUE", "this value can't be stored", Some(path));
    let Some(Value::Object(fields)) = from_js(&data, &mut path, MAX_DEPTH.saturating_add(1)) else {
        return Err(bad(&path));
    };
    let stored = with(|state| {
        let table = state.tables.table(handle)?;
        let record = table.encode(&fields)?;
        match &key {
            Some(key) => store::put(table, key.as_bytes(), &record, now).map(|()| None),
            None => store::put_new(table, &record, 0, &mut state.side.pool, now).map(Some),
        }
    });
    match stored.map_err(refused)? {
        Some(id) => Ok(String::from_utf8_lossy(&id).as_ref().into()),
        None => Ok(sid),
    }
}

/// Deletes, if there is anything to delete; "ok" either way.
/// wasm-bindgen gives a function no keyword for its name: JavaScript imports this one as `_delete`.
#[wasm_bindgen(js_name = "delete")]
pub fn delete(sid: JsValue, config: JsValue) -> Result<JsValue, JsValue> {
    let (handle, key, now) = (handle_of(config)?, key_of(&sid)?, Date::now());
    let deleted = with(|state| {
        store::delete(state.tables.table(handle)?, key.as_bytes(), now);
        Ok(())
    });
    deleted.map(|()| "ok".into()).map_err(refused)
}

/// The classes of binary values by their number in a term.
const BINARY: [&str; 14] = [
    "Uint8Array",
    "ArrayBuffer",
    "Int8Array",
    "Uint8ClampedArray",
    "Int16Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
    "Float32Array",
    "Float64Array",
    "BigInt64Array",
    "BigUint64Array",
    "DataView",
    "Float16Array",
];

/// A value out of JavaScript; `None`, and the path to the culprit, where it can't be stored.
fn from_js(value: &JsValue, path: &mut String, depth: u32) -> Option<Value> {
    if value.is_undefined() {
        return Some(Value::Undefined);
    } else if value.is_null() {
        return Some(Value::Null);
    } else if let Some(bool) = value.as_bool() {
        return Some(Value::Bool(bool));
    } else if let Some(number) = value.as_f64() {
        return Some(Value::Number(number));
    } else if let Some(text) = value.dyn_ref::<JsString>() {
        return text.is_valid_utf16().then(|| Value::Text(text.into()));
    } else if let Some(big) = value.dyn_ref::<BigInt>() {
        let hex = String::from(big.to_string(16).ok()?);
        let (negative, digits) = hex.strip_prefix('-').map_or((false, hex.as_str()), |rest| (true, rest));
        let pair = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok();
        let mut magnitude: Vec<u8> = digits.as_bytes().rchunks(2).map(pair).collect::<Option<_>>()?;
        while magnitude.last() == Some(&0) {
            magnitude.pop();
        }
        return Some(Value::BigInt(negative, magnitude));
    } else if let Some(date) = value.dyn_ref::<Date>() {
        return Some(Value::Date(date.get_time()));
    } else if let Some(binary) = binary_from(value) {
        return Some(binary);
    }
    let depth = depth.checked_sub(1)?;
    if Array::is_array(value) {
        let length = value.unchecked_ref::<Array>().length();
        let hole = (0..length).find(|at| !Reflect::has(value, &(*at).into()).unwrap_or(false));
        if let Some(at) = hole {
            path.push_str(&format!("[{at}]"));
            return None;
        }
        let values: Vec<Js> = serde_wasm_bindgen::from_value(value.clone()).ok()?;
        return members(&values, path, depth).map(Value::Array);
    } else if let Some(set) = value.dyn_ref::<Set>() {
        let values: Vec<Js> = serde_wasm_bindgen::from_value(Array::from(set).into()).ok()?;
        return members(&values, path, depth).map(Value::Set);
    } else if let Some(map) = value.dyn_ref::<Map>() {
        let pairs: Vec<(Js, Js)> = serde_wasm_bindgen::from_value(Array::from(map).into()).ok()?;
        let convert =
            |(key, value): &(Js, Js)| Some((from_js(&key.0, path, depth)?, from_js(&value.0, path, depth)?));
        return pairs.iter().map(convert).collect::<Option<_>>().map(Value::Map);
    }
    object_from(value.dyn_ref::<Object>()?, path, depth)
}

fn members(values: &[Js], path: &mut String, depth: u32) -> Option<Vec<Value>> {
    let begin = path.len();
    let mut out = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        path.push_str(&format!("[{at}]"));
        out.push(from_js(&value.0, path, depth)?);
        path.truncate(begin);
    }
    Some(out)
}

fn object_from(object: &Object, path: &mut String, depth: u32) -> Option<Value> {
    if object.is_function() {
        return None;
    }
    let prototype = Reflect::get_prototype_of(object).ok()?;
    if !prototype.is_null() && !Reflect::get_prototype_of(&prototype).ok()?.is_null() {
        return None;
    }
    let begin = path.len();
    let mut fields = Vec::new();
    for key in Reflect::own_keys(object).ok()?.iter() {
        // Symbols name no fields.
        let Some(name) = key.dyn_ref::<JsString>() else { continue };
        if !object.property_is_enumerable(&key) {
            continue;
        }
        if begin > 0 {
            path.push('.');
        }
        path.push_str(&String::from(name));
        if !name.is_valid_utf16() {
            return None;
        }
        let value = Reflect::get(object, &key).ok()?;
        fields.push((name.into(), from_js(&value, path, depth)?));
        path.truncate(begin);
    }
    Some(Value::Object(fields))
}

fn binary_from(value: &JsValue) -> Option<Value> {
    let property = |name: &str| Reflect::get(value, &name.into()).ok();
    let (class, bytes) = if let Some(buffer) = value.dyn_ref::<js_sys::ArrayBuffer>() {
        ("ArrayBuffer".to_owned(), Uint8Array::new(buffer))
    } else if js_sys::ArrayBuffer::is_view(value) {
        let class = Reflect::get(value, &js_sys::Symbol::to_string_tag()).ok()?.as_string()?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let number = |name: &str| property(name)?.as_f64().map(|number| number as u32);
        let (at, length) = (number("byteOffset")?, number("byteLength")?);
        (class, Uint8Array::new_with_byte_offset_and_length(&property("buffer")?, at, length))
    } else {
        return None;
    };
    let number = BINARY.iter().position(|name| *name == class)?;
    Some(Value::Binary(u8::try_from(number).ok()?, bytes.to_vec()))
}

fn to_js(value: &Value) -> Result<JsValue, JsValue> {
    let all = |values: &[Value]| -> Result<JsValue, JsValue> {
        let values = values.iter().map(|value| to_js(value).map(Js)).collect::<Result<Vec<_>, _>>()?;
        serde_wasm_bindgen::to_value(&values).map_err(JsValue::from)
    };
    Ok(match value {
        Value::Undefined => JsValue::UNDEFINED,
        Value::Null => JsValue::NULL,
        Value::Bool(bool) => (*bool).into(),
        Value::Number(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Date(ms) => Date::new(&(*ms).into()).into(),
        Value::BigInt(negative, magnitude) => {
            let digits: String = magnitude.iter().rev().map(|byte| format!("{byte:02x}")).collect();
            let big = BigInt::new(&format!("0x0{digits}").into())?;
            #[allow(clippy::arithmetic_side_effects)]
            if *negative { (-big).into() } else { big.into() }
        }
        Value::Array(values) => all(values)?,
        Value::Set(values) => Set::new(&all(values)?).into(),
        Value::Map(pairs) => {
            let map = Map::new();
            for (key, value) in pairs {
                map.set(&to_js(key)?, &to_js(value)?);
            }
            map.into()
        }
        // Through entries, so that a field named __proto__ is a field.
        Value::Object(fields) => {
            let entries = Array::new();
            for (name, value) in fields {
                entries.push(&Array::of2(&name.as_str().into(), &to_js(value)?));
            }
            Object::from_entries(&entries)?.into()
        }
        Value::Binary(class, bytes) => {
            let buffer: JsValue = Uint8Array::from(bytes.as_slice()).buffer().into();
            match BINARY.get(usize::from(*class)) {
                None | Some(&"ArrayBuffer") => buffer,
                Some(name) => {
                    let class = Reflect::get(&js_sys::global(), &(*name).into())?;
                    let class: js_sys::Function = class.unchecked_into();
                    Reflect::construct(&class, &Array::of1(&buffer))?
                }
            }
        }
    })
}
