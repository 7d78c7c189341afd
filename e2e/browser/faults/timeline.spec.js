// Nothing is lost silently, on a real engine under load: whatever `docker events` printed meanwhile is in the timeline or
// inside a gap, and gaps are no wider than they must be. Between bridge and daemon is a relay that does what proxies do.
//
// DAEMONSCOPE_LONG=1 makes it take minutes: 100 cuts, a minute of silence. `cargo xtask soak --faults` says so, and makes a table
// of what the tests write down of themselves.

import { request } from "node:http";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Bridge } from "../support/bridge.js";
import { expect, testOfOwnEngine } from "../support/test.js";
import { Viewer } from "../support/viewer.js";

const LONG = process.env.DAEMONSCOPE_LONG === "1";
const CUTS = LONG ? 100 : 6;
const HANG_MILLIS = LONG ? 60_000 : 4_000;
const STALL_MILLIS = LONG ? 60_000 : 4_000;

const SECOND = 1_000_000_000n;

class Relay {
  #pairs = new Set();
  #server;

  static async of(from, to) {
    const relay = new Relay();
    relay.#server = createServer((near) => {
      const far = createConnection(to);
      const pair = { near, far, swallows: false };
      relay.#pairs.add(pair);
      const hand = (one, other) => {
        one.on("data", (chunk) => {
          if (!pair.swallows) other.write(chunk);
        });
        one.on("error", () => {});
        one.on("close", () => {
          other.destroy();
          relay.#pairs.delete(pair);
        });
        one.on("end", () => other.end());
      };
      hand(near, far);
      hand(far, near);
    });
    await new Promise((done) => relay.#server.listen(from, done));
    return relay;
  }

  /** Ends all connections in the midst of things. */
  cut() {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  /** From now on nothing goes through the connections there are, which stay open. Later ones are well. */
  swallow() {
    for (const pair of this.#pairs) pair.swallows = true;
  }

  async end() {
    this.cut();
    await new Promise((done) => this.#server.close(done));
  }
}

/** `docker events`, for as long as the daemon lives. */
class Printed {
  lines = [];
  #process;

  constructor(engine, since) {
    this.#process = engine.follow("events", "--since", since, "--format", "{{json .}}");
    let rest = "";
    this.#process.stdout.on("data", (chunk) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop();
      this.lines.push(...lines.map(mark));
    });
  }

  end() {
    this.#process.kill();
  }
}

/** What names an event: its time, which is read as text since it is more than a number of JavaScript holds, and what happened. */
function mark(line) {
  const { Type, Action, Actor } = JSON.parse(line);
  return `${/"timeNano":(\d+)/.exec(line)[1]} ${Type} ${Action} ${Actor.ID}`;
}

const nano = (mark) => BigInt(mark.split(" ", 1)[0]);

/** The bridge's timeline: marks of events, and gaps with the times of their neighbours. */
async function timeline(bridge) {
  const answer = await fetch(new URL("api/v1/events", bridge.url));
  const told = { events: [], gaps: [] };
  // of a bridge that has heard of nothing yet there is not one line
  for (const line of (await answer.text()).split("\n").filter(Boolean)) {
    const { type, action, actor, gap } = JSON.parse(line);
    if (gap) {
      const [from, to] = ["from", "to"].map((end) => /null|\d+/.exec(line.slice(line.indexOf(`"${end}_nano":`) + end.length + 8))[0]);
      told.gaps.push({ reason: gap.reason, from: from === "null" ? null : BigInt(from), to: BigInt(to), after: told.events.at(-1), place: told.events.length });
    } else {
      told.events.push(`${/"time_nano":(\d+)/.exec(line)[1]} ${type} ${action} ${actor.id}`);
    }
  }
  return told;
}

/** Writes something down for the report. */
const note = (type, description) => test.info().annotations.push({ type, description });

/** Holds what was printed against what is told; gives back the gaps, without that of the bridge's begin. */
function compare(printed, { events, gaps }) {
  const known = new Set(events);
  const inside = (mark) => gaps.some(({ from, to }) => (from === null || from <= nano(mark)) && nano(mark) <= to);
  const missing = printed.filter((mark) => !known.has(mark) && !inside(mark));
  const twice = events.length - known.size;
  const found = gaps.filter(({ reason }) => reason !== "bridge_started");
  const widths = found.map(({ reason, from, to }) => ({ reason, seconds: Number(to - from) / 1e9 }));
  note("timeline", JSON.stringify({ printed: printed.length, told: events.length, missing: missing.length, twice, gaps: widths }));
  const shown = widths.map(({ reason, seconds }) => `${reason} ${seconds} s`).join(", ") || "none";
  console.log(`${printed.length} printed, ${events.length} told, ${missing.length} missing, ${twice} twice, gaps: ${shown}`);
  expect(missing, "printed, and neither told nor inside a gap").toEqual([]);
  expect(twice, "told twice").toBe(0);
  for (const { from, to, after, place } of found) {
    expect(from, "no earlier than the last event seen").toBeGreaterThanOrEqual(nano(after));
    if (events[place]) expect(to, "no later than the first seen again").toBeLessThanOrEqual(nano(events[place]));
  }
  return found;
}

const test = testOfOwnEngine.extend({
  relay: async ({ engine, folder }, use) => {
    const relay = await Relay.of(join(folder, "relay.sock"), `${engine.dir}/docker.sock`);
    await use(relay);
    await relay.end();
  },

  bridge: async ({ relay, folder }, use) => {
    const bridge = await Bridge.start(["--listen", "127.0.0.1:0", "--host", `unix://${folder}/relay.sock`, "--data-dir", join(folder, "data")]);
    await use(bridge);
    await bridge.stop();
  },

  printed: async ({ engine, bridge }, use) => {
    const printed = new Printed(engine, String(Date.now() / 1000));
    await expect
      .poll(async () => {
        await engine.docker("network", "rm", await engine.docker("network", "create", "first"));
        return printed.lines.length > 0 && (await timeline(bridge)).events.length > 0;
      })
      .toBe(true);
    await use(printed);
    printed.end();
  },
});

test.describe.configure({ timeout: LONG ? 2_400_000 : 120_000 });

/** Something that happens: two events, by the daemon's own API since a process for each would be slow. */
async function happen(engine, name) {
  const ask = (method, path, body) =>
    new Promise((resolve, reject) => {
      const asked = request({ socketPath: `${engine.dir}/docker.sock`, method, path, headers: { "content-type": "application/json" } }, (answer) => {
        answer.resume();
        answer.once("end", resolve);
      });
      asked.once("error", reject);
      asked.end(body);
    });
  await ask("POST", "/volumes/create", JSON.stringify({ Name: name }));
  await ask("DELETE", `/volumes/${name}`);
}

let number = 0;
const some = async (engine, times) => {
  for (let turn = 0; turn < times; turn += 1) await happen(engine, `some-${(number += 1)}`);
};

/** Lets things happen all the time, with a pause after each, while `act` runs. */
async function under(engine, pause, act) {
  let over = false;
  const load = (async () => {
    while (!over) {
      await some(engine, 1);
      await sleep(pause);
    }
  })();
  try {
    await act();
  } finally {
    over = true;
    await load;
  }
}

/** Waits until the bridge has told what happens now, and the docker command has printed it. */
async function caughtUp(engine, bridge, printed) {
  await some(engine, 1);
  const last = new RegExp(` volume destroy some-${number}$`);
  const has = (marks) => marks.some((mark) => last.test(mark));
  await expect.poll(async () => has((await timeline(bridge)).events), { timeout: 90_000 }).toBe(true);
  await expect.poll(() => has(printed.lines), { timeout: 90_000 }).toBe(true);
}

test("a stream that is cut again and again under load", async ({ engine, relay, bridge, printed }) => {
  // the bridge may wait 15 s before it looks for the daemon again: at most 10 events a second are fewer than its ring holds
  note("how", `${CUTS} times`);
  await under(engine, 200, async () => {
    for (let cut = 0; cut < CUTS; cut += 1) {
      const before = (await timeline(bridge)).events.length;
      relay.cut();
      await expect.poll(async () => (await timeline(bridge)).events.length, { timeout: 30_000 }).toBeGreaterThan(before);
    }
  });
  await caughtUp(engine, bridge, printed);
  expect(compare(printed.lines, await timeline(bridge)), "the daemon's ring reached back each time").toEqual([]);
});

test("a daemon that is killed and started again", async ({ engine, bridge, printed }) => {
  await some(engine, 20);
  await caughtUp(engine, bridge, printed);
  await engine.daemon("kill");
  await engine.daemon("start");
  const again = new Printed(engine, "0");
  await some(engine, 20);
  await caughtUp(engine, bridge, again);
  const gaps = compare([...printed.lines, ...again.lines], await timeline(bridge));
  again.end();
  expect(gaps.map(({ reason }) => reason)).toEqual(["daemon_restarted"]);
});

test("a daemon that is stopped by a signal for a while", async ({ engine, bridge, printed }) => {
  await some(engine, 20);
  note("how", `${HANG_MILLIS / 1000} s`);
  await engine.daemon("hang");
  await sleep(HANG_MILLIS);
  await engine.daemon("resume");
  await some(engine, 20);
  await caughtUp(engine, bridge, printed);
  expect(compare(printed.lines, await timeline(bridge))).toEqual([]);
});

test("a proxy that swallows what goes through it", async ({ engine, relay, bridge, printed }) => {
  // after a minute without an event the bridge begins the stream anew
  await some(engine, 20);
  await caughtUp(engine, bridge, printed);
  relay.swallow();
  await under(engine, 1_000, () => caughtUp(engine, bridge, printed));
  expect(compare(printed.lines, await timeline(bridge)), "fewer than the daemon's ring holds").toEqual([]);
});

// half a minute more, and bridge/tests/engine/events.rs has the like with a daemon that obeys
if (LONG) {
  test("a proxy that swallows more than the daemon's ring holds", async ({ engine, relay, bridge, printed }) => {
    await some(engine, 20);
    await caughtUp(engine, bridge, printed);
    relay.swallow();
    await some(engine, 200);
    await caughtUp(engine, bridge, printed);
    const gaps = compare(printed.lines, await timeline(bridge));
    expect(gaps.map(({ reason }) => reason)).toEqual(["ring_overrun"]);
    expect(gaps[0].to - gaps[0].from, "not from long before").toBeLessThan(300n * SECOND);
  });
}

test("a viewer that reads nothing for a while", async ({ engine, bridge, printed }) => {
  const viewer = await Viewer.of(bridge.url);
  await expect.poll(() => viewer.entries.length).toBeGreaterThan(0);
  note("how", `${STALL_MILLIS / 1000} s`);
  viewer.pause();
  await under(engine, 2, () => sleep(STALL_MILLIS));
  viewer.resume();
  await caughtUp(engine, bridge, printed);
  const last = ` volume destroy some-${number}`;
  const marked = () => viewer.entries.filter(({ item }) => item.Event).map(({ item: { Event } }) => `${Event.time_nano} ${Event.kind} ${Event.action} ${Event.actor_id}`);
  await expect
    .poll(
      async () => {
        if (!viewer.isOpen) await viewer.connect(bridge.url);
        return marked().some((mark) => mark.endsWith(last));
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  viewer.end();
  const events = [];
  const gaps = [];
  for (const { item } of viewer.entries) {
    if (item.Gap) gaps.push({ reason: item.Gap.reason, from: item.Gap.from_nano && BigInt(item.Gap.from_nano), to: BigInt(item.Gap.to_nano), after: events.at(-1), place: events.length });
    else events.push(`${item.Event.time_nano} ${item.Event.kind} ${item.Event.action} ${item.Event.actor_id}`);
  }
  const begin = events[0];
  compare(printed.lines.slice(printed.lines.indexOf(begin)), { events, gaps });
});
