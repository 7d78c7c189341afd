// The event stream at speed, as JSON: `node e2e/bench/events.mjs --docker PATH [--rate 1000] [--seconds 60] [--containers 100]`.
//
// The bridge that DAEMONSCOPE_BIN names watches the demo engine beside it, which tells so many events a second. A page shows
// them, as stories and then raw; a follower of the bridge's API and `docker events` read them too. What becomes of the events,
// and what they cost, is told by a page that is watched in all it does; how soon they are shown by one that is not, in a flood
// of its own. Before the measuring all keep as many events as they ever will, so that what they hold is comparable before and
// after.

import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import { chromium } from "@playwright/test";

import config from "../playwright.config.js";
import { Bridge } from "../browser/support/bridge.js";
import { Demo } from "../browser/support/demo.js";
import { fineClock } from "./clock.js";
import { EventsPage } from "./events-page.js";
import { percentiles } from "./percentiles.js";
import { Readers } from "./readers.js";
import { arrived } from "./ticks.js";
import { UnwatchedPage } from "./unwatched-page.js";

const { values } = parseArgs({
  options: {
    docker: { type: "string" },
    rate: { type: "string", default: "1000" },
    seconds: { type: "string", default: "60" },
    containers: { type: "string", default: "100" },
  },
});
const [rate, seconds, containers] = [values.rate, values.seconds, values.containers].map(Number);
if (!values.docker || ![rate, seconds, containers].every((number) => number > 0)) {
  console.error("events: --docker must name a docker command; --rate, --seconds and --containers must be above zero");
  process.exit(2);
}

const VIEWS = [
  { view: "stories", path: "/events" },
  { view: "raw", path: "/events?view=raw" },
];
/** More than bridge and page keep, and more than the page's stories are, which it lets go of many at a time. */
const FILL = 16_000;
/** At this many events a second, in portions of so many seconds. */
const FILL_RATE = 1_000;
const FILL_MILLIS = 4_000;
const SETTLE_MILLIS = 5_000;
/** Nothing takes longer on the busiest machine. */
const PATIENCE_MILLIS = 120_000;
/** What has not come so long after all was told does not come any more. */
const LATE_MILLIS = 20_000;

const say = (line) => console.error(`events: ${line}`);
const clock = fineClock();

/** Waits until it holds, which is whether it did in the end. */
async function until(holds, patience = PATIENCE_MILLIS) {
  for (const limit = Date.now() + patience; !(await holds()); await sleep(20)) {
    if (Date.now() > limit) return false;
  }
  return true;
}

/** What the kernel says of the process, in bytes. */
async function processMemory(pid) {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  const bytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(rollup)[1]) * 1024;
  return { rss: bytes("Rss"), pss: bytes("Pss") };
}

/** What the kernel has counted of the machine's time: all of it, and what other machines on the same host had of it. */
async function machineTime() {
  const [, ...ticks] = (await readFile("/proc/stat", "utf8")).split("\n", 1)[0].split(/\s+/);
  // guests' time, behind these, is in user time already
  const all = ticks.slice(0, 8).map(Number);
  return { all: all.reduce((sum, some) => sum + some), stolen: all[7] };
}

/** Lets the engine tell events for so long, and gives the number of the last. */
async function flood(demo, perSecond, millis) {
  await demo.does({ do: "flood", "events-per-second": perSecond });
  await sleep(millis);
  await demo.does({ do: "flood", "events-per-second": 0 });
  return (await demo.status()).flooded;
}

/** Lets it tell as many as the page ever keeps, and gives the number of the last. */
async function fill(demo, page) {
  const from = (await demo.status()).flooded;
  for (const limit = Date.now() + PATIENCE_MILLIS; ; ) {
    const last = await flood(demo, FILL_RATE, FILL_MILLIS);
    await page.shows(last, LATE_MILLIS);
    if (last - from >= FILL) return last;
    if (Date.now() > limit) throw new Error(`not even ${FILL} events were told within ${PATIENCE_MILLIS / 1000} s`);
  }
}

/** From an event's own time until its line, or that of a later one, came into the list: then the list is not behind it. */
function toThePage(drawn, times, first) {
  const waits = [];
  let next = first;
  for (const [tick, at] of drawn) {
    for (; next <= tick; next += 1) {
      if (times.has(next)) waits.push(at - times.get(next));
    }
  }
  return waits;
}

/** An engine, a bridge and the readers beside the page that `open` opens; `act` is done with them when all are filled. */
async function withFlood(open, act) {
  const demo = await Demo.start(containers);
  const bridge = await Bridge.start(["--listen", "127.0.0.1:0", "--host", demo.host]);
  try {
    const page = await open(bridge.url, rate * seconds * 2 + FILL * 2);
    const readers = await Readers.start(bridge.url, values.docker, demo.host);
    const listens = await until(async () => (await demo.status()).event_streams === 2);
    if (!listens) throw new Error(`${values.docker} events does not listen to the demo engine`);
    const filled = await fill(demo, page);
    await sleep(SETTLE_MILLIS);
    const result = await act({ demo, bridge, page, readers, filled });
    await page.close();
    await readers.end();
    return result;
  } finally {
    await bridge.stop();
    await demo.stop();
  }
}

/** Whether all is there, and what it costs. */
const counted = (browser, path) =>
  withFlood(
    (url, room) => EventsPage.open(browser, url, path, room),
    async ({ demo, bridge, page, readers, filled }) => {
      const memory = async () => ({ bridge: await processMemory(bridge.pid), page: await page.memory() });
      const before = await memory();
      let [last, lasted] = [0, 0];
      const tasks = await page.during(async () => {
        const began = clock();
        last = await flood(demo, rate, seconds * 1000);
        lasted = clock() - began;
        await page.shows(last, LATE_MILLIS);
      });
      await until(() => readers.haveRead(last), LATE_MILLIS);
      const rightAfter = await memory();
      await sleep(seconds * 1000);
      const later = await memory();

      const first = filled + 1;
      const { api, printed } = await readers.read(first, last);
      const lines = await page.lines(first);
      const held = await page.held();
      const measured = held.filter((tick) => tick >= first);
      return {
        made: last - filled,
        made_seconds: lasted / 1000,
        docker_events: printed.arrived,
        api: api.arrived,
        page: {
          ...arrived(page.received(), first, last),
          lines,
          held: held.length,
          held_missing: arrived(measured, measured[0] ?? first, last).missing,
          tasks,
        },
        memory: { before, right_after: rightAfter, later },
      };
    },
  );

/** How soon each of them has an event. */
const timed = (browser, path) =>
  withFlood(
    (url, room) => UnwatchedPage.open(browser, new URL(path, url).href, room, PATIENCE_MILLIS),
    async ({ demo, page, readers, filled }) => {
      const before = await machineTime();
      const last = await flood(demo, rate, seconds * 1000);
      const after = await machineTime();
      await page.shows(last, LATE_MILLIS);
      await until(() => readers.haveRead(last), LATE_MILLIS);
      const first = filled + 1;
      const { api, printed, times } = await readers.read(first, last);
      const drawn = (await page.drawn()).filter(([tick]) => tick >= first);
      return {
        docker_events: printed.latency,
        api: api.latency,
        page: percentiles(toThePage(drawn, times, first)),
        stolen_percent: (100 * (after.stolen - before.stolen)) / (after.all - before.all),
      };
    },
  );

async function measure(browser, { view, path }) {
  const latency = await timed(browser, path);
  const result = { view, path, ...(await counted(browser, path)), latency };
  say(JSON.stringify(result));
  return result;
}

const browser = await chromium.launch(config.use.launchOptions);
try {
  const result = {
    docker: execFileSync(values.docker, ["--version"], { encoding: "utf8" }).trim(),
    chromium: browser.version(),
    rate,
    seconds,
    containers,
    views: [],
  };
  for (const view of VIEWS) result.views.push(await measure(browser, view));
  console.log(JSON.stringify(result));
} finally {
  await browser.close();
}
