/** Numbers from 0 to 1 that are the same in each run (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many hexadecimal digits. */
export function hex(digits, seed) {
  const next = random(seed);
  return Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join("");
}
