// The events of the demo engine's flood, `exec_start: tick N`: N counts them, so that whoever reads them can tell whether any
// is missing.

const WORDS = "exec_start: tick ";
const IN_LINE = /"action":"exec_start: tick (\d+)"/i;
const TIME_IN_LINE = /"time_?nano":(\d+)/i;

/** The number in a line of JSON, as the docker command and the bridge's API write it; `null` where it is of another event. */
export function tickOf(line) {
  const [, tick] = IN_LINE.exec(line) ?? [];
  return tick === undefined ? null : Number(tick);
}

/** The daemon's time in such a line, in milliseconds. */
export function timeOf(line) {
  // more nanoseconds than a number of JavaScript holds
  return Number(BigInt(TIME_IN_LINE.exec(line)[1]) / 1_000n) / 1_000;
}

/** The numbers in a message of the live socket, where a text stands behind its length. */
export function ticksIn(message) {
  const ticks = [];
  for (let at = message.indexOf(WORDS); at > 0; at = message.indexOf(WORDS, at + WORDS.length)) {
    const end = at + message[at - 1];
    ticks.push(Number(message.toString("latin1", at + WORDS.length, end)));
  }
  return ticks;
}

/** Holds what came against all numbers from `first` to `last`. */
export function arrived(ticks, first, last) {
  const found = new Uint8Array(last - first + 1);
  let twice = 0;
  for (const tick of ticks) {
    if (tick < first || tick > last) continue;
    twice += found[tick - first];
    found[tick - first] = 1;
  }
  return { missing: found.reduce((missing, is) => missing - is, found.length), twice };
}
