// The same text runs in Node and in the page, so that both read one clock.

/** A clock of unix milliseconds with a fraction, from one that ticks each millisecond and one that began somewhere. */
export function fineClock() {
  let offset = -Infinity;
  // a tick that is seen late, because others had the processor, makes the clock slow: the soonest seen counts
  for (let ticks = 0; ticks < 20; ticks += 1) {
    const before = Date.now();
    let tick = before;
    while (tick === before) tick = Date.now();
    offset = Math.max(offset, tick - performance.now());
  }
  return () => offset + performance.now();
}
