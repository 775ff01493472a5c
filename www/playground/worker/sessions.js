/** The reference session: six fields, about 142 bytes as JSON, under a random id of 24 characters. */

const ALPHABET = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
export const ID_LENGTH = 24;

const noise = new Uint8Array(1 << 16);
let used = noise.length;

function characters() {
  if (used + ID_LENGTH > noise.length) {
    crypto.getRandomValues(noise);
    for (let i = 0; i < noise.length; i++) noise[i] = ALPHABET[noise[i] & 63];
    used = 0;
  }
  const text = String.fromCharCode.apply(null, noise.subarray(used, used + ID_LENGTH));
  used += ID_LENGTH;
  return text;
}

const below = (limit) => Math.floor(Math.random() * limit);

export const newId = characters;

export function newSession(number, now) {
  return {
    user_id: number,
    role: "admin",
    csrf_token: characters(),
    cart: [`sku-${below(100)}`, `sku-${100 + below(900)}`],
    locale: "en-GB",
    last_seen: now - below(1e9),
  };
}
