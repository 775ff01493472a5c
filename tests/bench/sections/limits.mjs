/** What single steps cost, of which every operation has some; stores/floor.mjs has them all in their places. */
import { random } from "../random.mjs";
import { Ids, session } from "../session.mjs";
import { open } from "../stores/ours.mjs";
import { cost } from "../timing.mjs";

export function jobs() {
  return [{ title: "limits", params: {} }];
}

/** A module of one function, which gives its argument back. */
const IDENTITY = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 3, 2, 1, 0],
  ...[7, 5, 1, 1, 102, 0, 0, 10, 6, 1, 4, 0, 32, 0, 11],
);

const COUNT = 4096;
const LAST = COUNT - 1;

export async function run() {
  const ids = new Ids(COUNT);
  const keys = Array.from({ length: COUNT }, (_, i) => ids.id(i));
  const out = new Array(COUNT);
  const [crossing, clock, key, object, far] = [
    empty(out),
    now(out),
    writing(keys, out),
    making(keys, out),
    miss(),
  ];
  return {
    costs: {
      "an empty crossing into wasm and back": crossing,
      "table.size, our smallest public call": smallest(out),
      "Date.now": clock,
      "writing a key of 24 characters into linear memory": key,
      "making the row's object of strings that are there": object,
      "making one string of 24 characters by TextDecoder": decoding(out),
      "JSON.parse of the row": parsing(out),
      "a cache miss: a random read in 256 MiB": far,
    },
  };
}

function empty(out) {
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(IDENTITY)).exports;
  return cost((n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += f(i);
    out[0] = sum;
  });
}

function smallest(out) {
  const { table } = open();
  return cost((n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += table.size;
    out[0] = sum;
  });
}

function now(out) {
  return cost((n) => {
    for (let i = 0; i < n; i++) out[i & LAST] = Date.now();
  });
}

function writing(keys, out) {
  const bytes = new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer);
  return cost((n) => {
    for (let i = 0; i < n; i++) {
      const key = keys[i & LAST];
      for (let j = 0; j < key.length; j++) bytes[j] = key.charCodeAt(j);
    }
    out[0] = bytes[3];
  });
}

function making(keys, out) {
  return cost((n) => {
    for (let i = 0; i < n; i++) {
      const text = keys[i & LAST];
      out[i & LAST] = {
        user_id: i,
        role: "admin",
        csrf_token: text,
        cart: [text, text],
        locale: "en-GB",
        last_seen: 1_767_225_600_000 + i,
      };
    }
  });
}

function decoding(out) {
  const window = new TextEncoder().encode("abcdefghijklmnopqrstuvwx");
  const decoder = new TextDecoder();
  return cost((n) => {
    for (let i = 0; i < n; i++) out[i & LAST] = decoder.decode(window);
  });
}

function parsing(out) {
  const json = Array.from(out, (_, i) => JSON.stringify(session(i)));
  return cost((n) => {
    for (let i = 0; i < n; i++) out[i & LAST] = JSON.parse(json[i & LAST]);
  });
}

/** Each read says where the next one is, so that none can begin before the one before it. */
function miss() {
  const length = 64 << 20;
  const mask = length - 1;
  const far = new Uint32Array(length);
  const next = random(5);
  for (let i = 0; i < length; i++) far[i] = next() * length;
  let at = 0;
  return cost(
    (n) => {
      for (let i = 0; i < n; i++) at = (far[at] + i) & mask;
    },
    { n: 20_000 },
  );
}
