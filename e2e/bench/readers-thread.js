// The readers' thread, which Readers of readers.js starts: what else the bench does must not make them look late.

import { parentPort, workerData } from "node:worker_threads";

import { fineClock } from "./clock.js";
import { percentiles } from "./percentiles.js";
import { DockerEvents, Follower } from "./readers.js";
import { arrived, timeOf } from "./ticks.js";

const { url, docker, host } = workerData;
const clock = fineClock();
const readers = { api: await Follower.start(clock, url), printed: DockerEvents.start(clock, docker, host) };

/** What of a reader's lines belongs to the flood from `first` to `last`: how long each was under way, and what is missing. */
function read(reader, first, last) {
  const [ticks, waits, times] = [[], [], new Map()];
  for (const { tick, line, at } of reader.ticks()) {
    if (tick < first || tick > last) continue;
    const time = timeOf(line);
    ticks.push(tick);
    waits.push(at - time);
    times.set(tick, time);
  }
  return { arrived: arrived(ticks, first, last), latency: percentiles(waits), times };
}

const answers = {
  haveRead: (tick) => Object.values(readers).every((reader) => reader.hasRead(tick)),
  /** Of both, and the times that the engine wrote into the events. */
  read(first, last) {
    const api = read(readers.api, first, last);
    const printed = read(readers.printed, first, last);
    Object.assign(api.arrived, readers.api.holes());
    return { api, printed, times: new Map([...printed.times, ...api.times]) };
  },
  async end() {
    readers.api.end();
    await readers.printed.end();
  },
};

parentPort.on("message", async ({ ask, of }) => {
  parentPort.postMessage(await answers[ask](...of));
  // what is said after the port is closed does not arrive
  if (ask === "end") parentPort.close();
});
parentPort.postMessage("ready");
