// What is further back than the page holds: more events than that, on the disk of a bridge that was started anew.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Bridge } from "../support/bridge.js";
import { Demo } from "../support/demo.js";
import { expect, test as base } from "../support/test.js";

/** As many as the page holds, and the bridge in memory. */
const HELD = 10_000;
const ENOUGH = HELD + 1_500;

const test = base.extend({
  engine: [
    async ({}, use) => {
      const demo = await Demo.start(3);
      await use(demo);
      await demo.stop();
    },
    { scope: "worker" },
  ],

  bridge: async ({ engine }, use) => {
    const folder = await mkdtemp(join(tmpdir(), "daemonscope-test-"));
    const start = () => Bridge.start(["--listen", "127.0.0.1:0", "--host", engine.host, "--data-dir", folder]);
    const first = await start();
    await engine.does({ do: "flood", "events-per-second": 4_000 });
    await expect.poll(() => stored(first), { timeout: 60_000 }).toBeGreaterThan(ENOUGH);
    await engine.does({ do: "clear" });
    await first.stop();
    const bridge = await start();
    await use(bridge);
    expect(await bridge.stop(), "the bridge ends by itself").toMatchObject({ code: 0, signal: null });
    await rm(folder, { recursive: true, force: true });
  },
});

test.slow();

async function stored(bridge) {
  const metrics = await (await fetch(new URL("metrics", bridge.url))).text();
  return Number(/^daemonscope_store_entries (\d+)/m.exec(metrics)[1]);
}

async function events(bridge, query = "") {
  const answer = await fetch(new URL(`api/v1/events${query}`, bridge.url));
  const lines = (await answer.text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return lines.filter((line) => !line.gap);
}

const millis = (event) => Math.floor(event.time_nano / 1e6);

/** A time as the raw list shows it. */
function shown(event) {
  const date = new Date(millis(event));
  const two = (number) => String(number).padStart(2, "0");
  const fraction = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${fraction}`;
}

test("the page looks at any time of what is on the disk, and goes back through all of it a piece at a time", async ({ page, bridge }) => {
  const all = await events(bridge);
  expect(all.length).toBeGreaterThan(ENOUGH);
  const times = page.locator(".event-list .event-time");
  const legend = async () => {
    const numbers = await page.locator(".event-legend .number").allTextContents();
    return numbers.reduce((sum, number) => sum + Number(number.replaceAll(",", "")), 0);
  };

  // the picture is of all, though the page holds the newest alone
  await page.goto("/events?view=raw");
  await expect(times.first()).toBeVisible();
  await expect.poll(legend).toBeGreaterThanOrEqual(all.length);

  // a time that only the disk knows: what there was then, newest first
  const early = all[300];
  await page.goto(`/events?view=raw&until=${new Date(millis(early)).toISOString()}`);
  const inIt = (event) => event.time_nano <= millis(early) * 1e6;
  const newest = all.filter(inIt).at(-1);
  await expect(times.first()).toHaveText(shown(newest));
  await expect(page.getByRole("button", { name: "Pause" }), "the past stands still").toBeDisabled();

  // back to now
  await page.getByRole("button", { name: "Show any time" }).click();
  await expect.poll(async () => await times.first().textContent()).not.toBe(shown(newest));

  // nothing is like that: it looks back as far as the page may hold, and goes on from there to the begin
  await page.goto("/events?view=raw&filter=container%3Dnobody-at-all");
  await page.getByRole("button", { name: /^Go on before / }).click({ timeout: 60_000 });
  await expect(page.getByText("None of those that daemonscope still has.")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("button", { name: /^Go on before / })).toBeHidden();
  await page.locator("input[type=search]").fill("");
  const onwards = new URL(page.url()).searchParams.get("until");
  const left = all.filter((event) => event.time_nano <= Date.parse(onwards) * 1e6);
  await expect(times.first()).toHaveText(shown(left.at(-1)));
  expect(left.length, "together they are all").toBeGreaterThanOrEqual(all.length - HELD);
});
