// The same text runs in Node and in the page, so that both read one clock.

/** A clock of unix milliseconds with a fraction, from one that ticks each millisecond and one that began somewhere. */
export function fineClock() {
  const before = Date.now();
  let tick = before;
  while (tick === before) tick = Date.now();
  const offset = tick - performance.now();
  return () => offset + performance.now();
}
