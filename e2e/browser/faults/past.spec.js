// A past that survives the bridge, on a real engine.

import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { Bridge } from "../support/bridge.js";
import { expect, testOfOwnEngine as test } from "../support/test.js";

test.beforeAll(({ engine }) => {
  execFileSync("sh", ["-c", `tar -c -T /dev/null | "${engine.dir}/docker" import - empty:1`]);
});

test.describe.configure({ timeout: 120_000 });

const start = (engine, folder) =>
  Bridge.start(["--listen", "127.0.0.1:0", "--host", engine.host, "--data-dir", join(folder, "data")]);

/** What the bridge has, as the docker command prints it, and its gaps. */
async function told(bridge) {
  const answer = await fetch(new URL("api/v1/events", bridge.url));
  const lines = (await answer.text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const events = lines.filter((line) => !line.gap).map((line) => `${line.type} ${line.action} ${line.actor.id}`);
  return { events, gaps: lines.filter((line) => line.gap).map((line) => line.gap.reason) };
}

const written = async (bridge) => (await (await fetch(new URL("metrics", bridge.url))).text())
  .match(/^daemonscope_store_entries (\d+)/m)[1];

async function printed(engine) {
  const until = String(Math.floor(Date.now() / 1000) + 1);
  const lines = await engine.docker("events", "--since", "1h", "--until", until, "--format", "{{.Type}} {{.Action}} {{.Actor.ID}}");
  return lines.split("\n");
}

test("what happened survives a bridge that is killed", async ({ engine, folder }) => {
  const happen = async (from, to) => {
    for (let number = from; number < to; number++) {
      await engine.docker("create", "--name", `one-${number}`, "empty:1", "/x");
      await engine.docker("rm", `one-${number}`);
    }
  };
  let bridge = await start(engine, folder);
  await happen(0, 5);
  await expect.poll(async () => (await told(bridge)).events).toEqual(await printed(engine));
  const entries = String((await told(bridge)).events.length + 1);
  await expect.poll(() => written(bridge), "all is on the disk").toBe(entries);
  await happen(5, 8);
  await bridge.kill();
  await happen(8, 12);
  const all = await printed(engine);
  expect(all.filter((line) => line.startsWith("container create"))).toHaveLength(12);

  bridge = await start(engine, folder);
  await expect.poll(async () => (await told(bridge)).events).toEqual(all);
  expect((await told(bridge)).gaps, "the daemon's ring joins").toEqual(["bridge_started"]);
  await expect.poll(() => written(bridge)).toBe(String(all.length + 1));
  await bridge.kill();

  // the daemon forgets its events, and the disk does not
  await engine.daemon("stop");
  await engine.daemon("start");
  await happen(12, 13);
  const afterwards = await printed(engine);
  bridge = await start(engine, folder);
  await expect.poll(async () => (await told(bridge)).events).toEqual([...all, ...afterwards]);
  expect((await told(bridge)).gaps).toEqual(["bridge_started", "bridge_was_down"]);
  expect(await bridge.stop()).toMatchObject({ code: 0 });
});
