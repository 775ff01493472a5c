//! The plain store, through the names that `wasm-pack build` exports: the same tests in a browser and in Node.

use ets_session::wasm::plain::{create_table, delete, get, init, put};
use js_sys::{Array, Object, Reflect, eval};
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

fn object(script: &str) -> JsValue {
    eval(&format!("({script})")).unwrap()
}

fn config(table: &str) -> JsValue {
    create_table(table, JsValue::UNDEFINED).unwrap();
    init(object(&format!("{{ table: '{table}' }}"))).unwrap()
}

fn field(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap()
}

fn parts(pair: &JsValue) -> (JsValue, JsValue) {
    let pair = Array::from(pair);
    (pair.get(0), pair.get(1))
}

fn code(error: &JsValue) -> String {
    field(error, "code").as_string().unwrap()
}

#[wasm_bindgen_test]
fn init_needs_a_table_that_exists() {
    assert_eq!(code(&init(object("{}")).unwrap_err()), "ERR_MISSING_OPTION");
    assert_eq!(code(&init(object("{ table: 'nowhere' }")).unwrap_err()), "ERR_NO_TABLE");
}

#[wasm_bindgen_test]
fn a_known_id_gives_its_data_and_an_unknown_one_nothing() {
    let config = config("known");
    let sid = put(JsValue::NULL, object("{ user: 7, name: 'é' }"), config.clone()).unwrap();
    assert_eq!(sid.as_string().unwrap().len(), 24);
    let (found, data) = parts(&get(sid.clone(), config.clone()).unwrap());
    assert_eq!(found, sid);
    assert_eq!(field(&data, "user").as_f64(), Some(7.0));
    assert_eq!(field(&data, "name").as_string().unwrap(), "é");
    let (found, data) = parts(&get("unknown".into(), config).unwrap());
    assert!(found.is_null());
    assert_eq!(Object::keys(&data.into()).length(), 0);
}

#[wasm_bindgen_test]
fn what_comes_back_shares_nothing_with_what_was_stored() {
    let config = config("unshared");
    let data = object("{ list: [1, 2] }");
    put("k".into(), data.clone(), config.clone()).unwrap();
    Array::from(&field(&data, "list")).push(&3.into());
    let (_, first) = parts(&get("k".into(), config.clone()).unwrap());
    assert_eq!(Array::from(&field(&first, "list")).length(), 2);
    Reflect::set(&first, &"list".into(), &JsValue::NULL).unwrap();
    let (_, second) = parts(&get("k".into(), config).unwrap());
    assert_eq!(Array::from(&field(&second, "list")).length(), 2);
}

#[wasm_bindgen_test]
fn types_survive_that_json_loses() {
    let config = config("types");
    let script = "{ d: new Date(5), m: new Map([[1n, new Set(['x'])]]), u: undefined, z: -0, b: new Uint8Array([1, 2]) }";
    put("k".into(), object(script), config.clone()).unwrap();
    let (_, data) = parts(&get("k".into(), config).unwrap());
    let check = eval(
        "(o) => o.d instanceof Date && +o.d === 5 && o.m.get(1n).has('x') && 'u' in o && o.u === undefined \
         && Object.is(o.z, -0) && o.b instanceof Uint8Array && o.b[1] === 2",
    );
    let check: js_sys::Function = check.unwrap().into();
    assert!(check.call1(&JsValue::NULL, &data).unwrap().is_truthy());
}

#[wasm_bindgen_test]
fn put_with_an_id_stores_over_it_and_delete_says_ok_either_way() {
    let config = config("upsert");
    put("k".into(), object("{ n: 1 }"), config.clone()).unwrap();
    put("k".into(), object("{ m: 2 }"), config.clone()).unwrap();
    let (_, data) = parts(&get("k".into(), config.clone()).unwrap());
    assert!(field(&data, "n").is_undefined());
    assert_eq!(field(&data, "m").as_f64(), Some(2.0));
    for _ in 0..2 {
        assert_eq!(delete("k".into(), config.clone()).unwrap(), JsValue::from("ok"));
    }
    let (found, _) = parts(&get("k".into(), config).unwrap());
    assert!(found.is_null());
}

#[wasm_bindgen_test]
fn what_cannot_be_stored_is_refused_with_its_path() {
    let config = config("refused");
    let error = put("k".into(), object("{ cart: [{}, { price: () => 1 }] }"), config.clone()).unwrap_err();
    assert_eq!(code(&error), "ERR_UNSUPPORTED_VALUE");
    assert_eq!(field(&error, "path").as_string().unwrap(), "cart[1].price");
    assert_eq!(code(&put("".into(), object("{}"), config).unwrap_err()), "ERR_BAD_KEY");
}
