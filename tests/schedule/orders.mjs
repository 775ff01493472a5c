/** Which request goes next: every order there is, or one drawn from a seed. */

/** Every order of steps of two requests, as lists of 0 and 1. */
export function* interleavings(first, second) {
  if (first === 0 || second === 0) {
    yield [...new Array(first).fill(0), ...new Array(second).fill(1)];
    return;
  }
  for (const rest of interleavings(first - 1, second)) yield [0, ...rest];
  for (const rest of interleavings(first, second - 1)) yield [1, ...rest];
}

/** Numbers from a seed, evenly spread over [0, 1): xorshift over 32 bits, stirred first so that seeds may be close. */
export function random(seed) {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 4; i++) next();
  return {
    next,
    below: (n) => Math.floor(next() * n),
    pick: (list) => list[Math.floor(next() * list.length)],
  };
}
