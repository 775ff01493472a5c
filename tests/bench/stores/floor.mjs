/**
 * No contender: the least that any table of bytes does for an operation. It reads the key character by character, reads
 * the clock, goes to one place of an index of four bytes a row and from there to one among as many bytes as the rows
 * take, and makes or writes the row's values there. It compares nothing, checks nothing, crosses into no module and
 * knows no other rows than these.
 */
import { permutation, random } from "../random.mjs";

const ROW = 128;
const KEY = 24;
const char = String.fromCharCode;

export function open() {
  let count = 0;
  let bytes = new Uint8Array(0);
  let index = new Uint32Array(0);
  const key = new Uint8Array(KEY);

  /** Where the row of an id would be. */
  function place(id) {
    for (let i = 0; i < KEY; i++) key[i] = id.charCodeAt(i);
    const number = Math.imul(key[0] | (key[5] << 8) | (key[11] << 16) | (key[17] << 24), 0x9e3779b1) >>> 0;
    return index[Math.floor((number / 2 ** 32) * count)] * ROW;
  }

  function stamp(b, at) {
    const now = Date.now();
    b[at] = now;
    b[at + 1] = now >> 8;
  }

  function write(b, at, text) {
    const { length } = text;
    for (let i = 0; i < length; i++) b[at + i] = text.charCodeAt(i);
    return at + length;
  }

  function number(b, at) {
    return b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (b[at + 3] << 24);
  }

  function writeNumber(b, at, value) {
    b[at] = value;
    b[at + 1] = value >> 8;
    b[at + 2] = value >> 16;
    b[at + 3] = value >> 24;
    return at + 4;
  }

  function read(b, at) {
    const [i, j, k, l, m] = [at + 8, at + 16, at + 44, at + 52, at + 60];
    return {
      user_id: number(b, at + 2),
      role: char(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4]),
      // biome-ignore format: one group of characters a line
      csrf_token: char(
        b[j], b[j + 1], b[j + 2], b[j + 3], b[j + 4], b[j + 5], b[j + 6], b[j + 7],
        b[j + 8], b[j + 9], b[j + 10], b[j + 11], b[j + 12], b[j + 13], b[j + 14], b[j + 15],
        b[j + 16], b[j + 17], b[j + 18], b[j + 19], b[j + 20], b[j + 21], b[j + 22], b[j + 23],
      ),
      cart: [
        char(b[k], b[k + 1], b[k + 2], b[k + 3], b[k + 4], b[k + 5]),
        char(b[l], b[l + 1], b[l + 2], b[l + 3], b[l + 4], b[l + 5], b[l + 6]),
      ],
      locale: char(b[m], b[m + 1], b[m + 2], b[m + 3], b[m + 4]),
      last_seen: number(b, at + 72) + number(b, at + 76) * 2 ** 32,
    };
  }

  return {
    isFloor: true,
    insert() {
      count++;
    },
    /** Once the rows are counted. */
    lay() {
      bytes = new Uint8Array(count * ROW).fill(97);
      index = permutation(count, random(3));
    },
    close() {
      bytes = new Uint8Array(0);
      index = new Uint32Array(0);
    },
    get(ids) {
      const out = new Array(ids.length);
      for (let i = 0; i < ids.length; i++) {
        const at = place(ids[i]);
        stamp(bytes, at);
        out[i] = read(bytes, at);
      }
      return out;
    },
    field(ids) {
      const out = new Array(ids.length);
      for (let i = 0; i < ids.length; i++) {
        const at = place(ids[i]);
        stamp(bytes, at);
        out[i] = number(bytes, at + 2);
      }
      return out;
    },
    touch(ids) {
      for (let i = 0; i < ids.length; i++) stamp(bytes, place(ids[i]));
    },
    /** A field of the rows of these numbers, which are known to stand there. */
    fieldAt(numbers) {
      const out = new Array(numbers.length);
      for (let i = 0; i < numbers.length; i++) {
        const at = numbers[i] * ROW;
        stamp(bytes, at);
        out[i] = number(bytes, at + 2);
      }
      return out;
    },
    put(ids, rows) {
      for (let i = 0; i < ids.length; i++) {
        const at = place(ids[i]);
        stamp(bytes, at);
        const { user_id, role, csrf_token, cart, locale, last_seen } = rows[i];
        let to = writeNumber(bytes, at + 2, user_id);
        to = write(bytes, to, role);
        to = write(bytes, to, csrf_token);
        to = write(bytes, write(bytes, to, cart[0]), cart[1]);
        to = write(bytes, to, locale);
        writeNumber(bytes, writeNumber(bytes, to, last_seen), last_seen / 2 ** 32);
      }
    },
    update(ids, patches) {
      for (let i = 0; i < ids.length; i++) {
        const at = place(ids[i]);
        stamp(bytes, at);
        const { last_seen } = patches[i];
        writeNumber(bytes, writeNumber(bytes, at + 72, last_seen), last_seen / 2 ** 32);
      }
    },
  };
}
