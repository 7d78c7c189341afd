// What the made-up containers use, now and in the ten minutes before.

import { random } from "./random.js";

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const STEP_MILLIS = 1_000;
const POINTS = 600;
const HOST_MEMORY = 31.3 * GIB;
const SUM = 0;

/** The figures of a fleet, from each container's `load`; those without one have none. */
export class Figures {
  #tracks = new Map();

  constructor(fleet) {
    for (const { wire, load } of fleet) if (load) this.#tracks.set(wire.key, track(wire, load));
    this.#tracks.set(SUM, sum([...this.#tracks.values()]));
  }

  /** The newest sample of all, as the first frame has it. */
  frame(at) {
    const columns = {
      cpu_hundredths: (one) => one.cpu.at(-1),
      memory_used_bytes: (one) => one.memory.at(-1),
      memory_limit_bytes: (one) => one.limit,
      network_rx_bytes: (one) => one.total(one.rx),
      network_tx_bytes: (one) => one.total(one.tx),
      block_read_bytes: (one) => one.total(one.read),
      block_write_bytes: (one) => one.total(one.write),
      network_rx_rate: (one) => one.rx?.at(-1) ?? null,
      network_tx_rate: (one) => one.tx?.at(-1) ?? null,
      block_read_rate: (one) => one.read?.at(-1) ?? null,
      block_write_rate: (one) => one.write?.at(-1) ?? null,
      pids: (one) => one.pids,
    };
    const keys = [...this.#tracks.keys()].sort((a, b) => a - b);
    const frame = { at_millis: at, reset: true, lost: [] };
    for (const [name, pick] of Object.entries(columns)) {
      const of = name.endsWith("_bytes") && name !== "memory_used_bytes" ? keys.filter((key) => key !== SUM) : keys;
      frame[name] = { keys: of, values: of.map((key) => pick(this.#tracks.get(key))) };
    }
    return frame;
  }

  /** The newest points of one, with a stretch in which nobody watched. */
  series(key, points, at) {
    const one = this.#tracks.get(key);
    if (!one) return { key, segments: [] };
    const count = Math.min(points, POINTS);
    const hole = count === POINTS ? [200, 245] : [0, 0];
    const segment = (from, to) => ({
      start_millis: at - (POINTS - 1 - from) * STEP_MILLIS,
      steps_millis: Array.from({ length: to - from }, (_, index) => (index === 0 ? 0 : STEP_MILLIS)),
      cpu_hundredths: one.cpu.slice(from, to),
      memory_used_bytes: one.memory.slice(from, to),
      ...Object.fromEntries(
        ["rx", "tx", "read", "write"].map((name) => [RATES[name], one[name]?.slice(from, to) ?? Array(to - from).fill(null)]),
      ),
      pids: Array(to - from).fill(one.pids),
    });
    const first = POINTS - count;
    const segments = [segment(Math.max(first, hole[1]), POINTS)];
    if (hole[0] > first) segments.unshift(segment(first, hole[0]));
    return { key, segments };
  }
}

const RATES = { rx: "network_rx_rate", tx: "network_tx_rate", read: "block_read_rate", write: "block_write_rate" };

/** One container's ten minutes. `load`: percent of a CPU, MiB, kB a second. */
function track(wire, { cpu, memory, rx = 0, tx = 0, read = 0, write = 0, pids = 8, burst = 0 }) {
  const next = random(wire.key * 7919);
  const phase = next() * 60;
  const walk = (level, wobble, bursts = burst) => {
    let drift = 0;
    return Array.from({ length: POINTS }, (_, index) => {
      drift = drift * 0.96 + (next() - 0.5) * wobble;
      const wave = Math.sin((index + phase) / 23) * wobble * 0.6;
      const peak = bursts && (index + phase * 3) % 90 < 12 ? bursts * (0.7 + next() * 0.3) : 0;
      return Math.max(0, level * (1 + drift + wave + peak));
    });
  };
  const whole = (values) => values.map(Math.round);
  const rates = (kilobytes) => (kilobytes === null ? undefined : whole(walk(kilobytes * 1_000, 0.5)));
  const limit = wire.details?.memory_limit_bytes ?? Math.round(HOST_MEMORY);
  const quota = wire.details?.nano_cpus ? wire.details.nano_cpus / 1e5 : Infinity;
  const age = 40_000 + next() * 400_000;
  const mean = (values) => values.reduce((all, value) => all + value, 0) / values.length;
  return {
    cpu: whole(walk(cpu * 100, 0.35)).map((used) => Math.min(used, quota)),
    memory: whole(walk(memory * MIB, 0.015, 0)).map((used) => Math.min(used, limit)),
    limit,
    rx: rates(rx),
    tx: rates(tx),
    read: rates(read),
    write: rates(write),
    pids,
    total: (rate) => (rate ? Math.round(mean(rate) * age) : null),
  };
}

function sum(tracks) {
  const column = (name) =>
    Array.from({ length: POINTS }, (_, index) => tracks.reduce((all, one) => all + (one[name]?.[index] ?? 0), 0));
  return {
    ...Object.fromEntries(["cpu", "memory", "rx", "tx", "read", "write"].map((name) => [name, column(name)])),
    pids: tracks.reduce((all, { pids }) => all + pids, 0),
    total: () => null,
  };
}
