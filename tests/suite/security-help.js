/** What the security tests share: visitors with a cookie of their choice, dumps, and broken randomness. */
import { client, site } from "./client.js";
import { equal } from "./harness.js";

export const KEY = "correct horse battery staple, thirty-two bytes and more";
export const OLD_KEY = "another secret of the same length, for rotation and theft";

/** A visitor that sends this value for our cookie. */
export function holder(manager, value, name = "__Host-sid") {
  const visitor = client(manager);
  visitor.jar.set(name, value);
  return visitor;
}

/** A site with one stored session, no events so far, and the question whether a cookie's value opens it. */
export async function secured(lib, options) {
  const s = site(lib, options);
  await s.browser.visit((session) => session.set("user", "ada"));
  s.events.length = 0;
  const [name] = s.browser.jar.keys();
  const opens = async (value) =>
    (await holder(s.manager, value, name).visit((session) => session.get("user"))).result === "ada";
  return { ...s, cookie: s.browser.cookie, name, opens };
}

export const types = (events) => events.map(({ type }) => type);

/** What another session's cookie, in place of the last letters, makes of a value: never the value itself. */
export const changed = (value, at = value.length - 1) =>
  `${value.slice(0, at)}${value[at] === "A" ? "B" : "A"}${value.slice(at + 1)}`;

/** Every byte sequence as text, a character a byte. */
export const latin1 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
};

/** A value in the spellings under which it could lie about: as it is, hexadecimal, base64, and its bytes. */
export function spellings(value) {
  const raw = atob(value.replaceAll("-", "+").replaceAll("_", "/"));
  const hex = (text) => Array.from(text, (c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return [value, raw, hex(value), hex(raw), btoa(value).replaceAll("=", "")];
}

/** Runs fn while the source of randomness is `stub`, and Math.random counts; then makes good ids come again. */
export async function withBrokenRandom(lib, stub, fn) {
  const { random } = Math;
  let fallbacks = 0;
  Object.defineProperty(crypto, "getRandomValues", {
    configurable: true,
    value: (view) => {
      stub(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
      return view;
    },
  });
  Math.random = () => {
    fallbacks++;
    return random();
  };
  try {
    await fn();
  } finally {
    delete crypto.getRandomValues;
    Math.random = random;
    drain(lib);
  }
  equal(fallbacks, 0, "calls of Math.random");
}

/** Random bytes are drawn in advance: whatever is left of the broken ones is used up. */
function drain({ store, table }) {
  const t = table.createTable(`drain-${performance.now()}-${Math.random()}`);
  const config = store.init({ table: t.name });
  let good = 0;
  for (let i = 0; i < 6000 && good < 50; i++) {
    try {
      store.put(null, {}, config);
      good++;
    } catch {
      good = 0;
    }
  }
  t.drop();
  equal(good, 50, "ids after the random numbers came back");
}
