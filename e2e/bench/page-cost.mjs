// What the page costs a viewer's browser, as JSON: `node e2e/bench/page-cost.mjs [--containers 100,300,1000] [--seconds 10]`,
// of the demo engine of the bridge that DAEMONSCOPE_BIN names; with `--host unix:///…` of that engine, which must have so
// many containers.
// Milliseconds are CPU time of the page's main
// thread, so that a busy machine does not change them much; only what says `wall` is time on the clock.

import { parseArgs } from "node:util";

import { chromium } from "@playwright/test";

import config from "../playwright.config.js";
import { Bridge } from "../browser/support/bridge.js";
import { MainThread, round, summary } from "../browser/support/main-thread.js";
import { keepProgramMemory, programBytes } from "../browser/support/page-memory.js";

const { values } = parseArgs({
  options: {
    containers: { type: "string", default: "100,300,1000" },
    host: { type: "string" },
    seconds: { type: "string", default: "10" },
    width: { type: "string", default: "1440" },
    height: { type: "string", default: "900" },
  },
});
const seconds = Number(values.seconds);
const viewport = { width: Number(values.width), height: Number(values.height) };
const fleets = values.containers.split(",").map(Number);
if (![seconds, ...Object.values(viewport), ...fleets].every((number) => number > 0)) {
  console.error("page-cost: each of --containers, --seconds, --width and --height must be above zero");
  process.exit(2);
}

const FIRST_ROW = "tbody th[scope=row] a";
const say = (line) => console.error(`page-cost: ${line}`);

/** Opens a page in a browser without a past, and waits until it shows what it is for. */
async function open(browser, url, path, ready) {
  const context = await browser.newContext({ viewport, baseURL: url });
  const page = await context.newPage();
  const thread = await MainThread.of(page);
  await keepProgramMemory(page);
  await page.goto(path);
  await page.locator(ready).first().waitFor();
  return { page, thread, close: () => context.close() };
}

/** From an empty cache to the first container on screen. */
async function coldLoad(browser, url) {
  const context = await browser.newContext({ viewport, baseURL: url });
  const page = await context.newPage();
  const thread = await MainThread.of(page);
  await page.addInitScript((selector) => {
    const watch = new MutationObserver(() => {
      if (!document.querySelector(selector)) return;
      watch.disconnect();
      requestAnimationFrame(() => (globalThis.firstRowAt = performance.now()));
    });
    watch.observe(document, { childList: true, subtree: true });
  }, FIRST_ROW);
  const tasks = await thread.tasks(async () => {
    await page.goto("/containers");
    await page.waitForFunction(() => globalThis.firstRowAt);
  });
  const wall = await page.evaluate(() => globalThis.firstRowAt);
  const { task } = await thread.spent();
  await context.close();
  return { first_row_wall_ms: round(wall), task_ms: round(task), longest_task_ms: tasks[0] };
}

/** What a page costs while nobody touches it. */
async function idle(browser, url, path, ready) {
  const { page, thread, close } = await open(browser, url, path, ready);
  await page.waitForTimeout(5_000);
  const perSecond = await thread.perSecond(seconds);
  const elements = await page.evaluate(() => document.querySelectorAll("*").length);
  const heap = { ...(await thread.heap()), program: await programBytes(page) };
  await close();
  return { ms_per_second: perSecond, elements, heap_bytes: heap };
}

/** The list of containers under a person's hands. */
async function handled(browser, url) {
  const { page, thread, close } = await open(browser, url, "/containers", FIRST_ROW);
  await page.waitForTimeout(5_000);
  await page.mouse.move(viewport.width / 2, viewport.height / 2);
  const acts = {
    async scrolling() {
      const bottom = await page.locator(".table-frame").evaluate((frame) => frame.scrollHeight - frame.clientHeight);
      for (const [from, step] of [[0, 300], [bottom, -900]]) {
        for (let at = from; step > 0 ? at < bottom : at > 0; at += step) {
          await page.mouse.wheel(0, step);
          await page.waitForTimeout(16);
        }
      }
    },
    async searching() {
      const search = page.getByRole("searchbox");
      for (const words of ["web", "shop db", "zzz"]) {
        await search.pressSequentially(words, { delay: 80 });
        await page.waitForTimeout(300);
        await search.fill("");
        await page.waitForTimeout(300);
      }
    },
    async sorting() {
      for (const column of ["CPU %", "Memory", "State", "Name"]) {
        await page.getByRole("columnheader", { name: column }).getByRole("button").click();
        await page.waitForTimeout(500);
      }
    },
    async sorted_by_cpu() {
      await page.getByRole("columnheader", { name: "CPU %" }).getByRole("button").click();
      await page.mouse.move(1, 1);
      await page.waitForTimeout(seconds * 1000);
    },
  };
  const told = {};
  for (const [name, act] of Object.entries(acts)) told[name] = summary(await thread.tasks(act));
  await close();
  return told;
}

const browser = await chromium.launch(config.use.launchOptions);
const result = { measured_at: new Date().toISOString(), chromium: browser.version(), viewport, seconds, fleets: [] };
for (const containers of fleets) {
  say(`${containers} containers`);
  const engine = values.host ? ["--host", values.host] : ["--demo", "--demo-containers", String(containers)];
  const bridge = await Bridge.start(["--listen", "127.0.0.1:0", ...engine]);
  try {
    // the first viewer makes the bridge open its streams; what is measured comes to a bridge that runs
    const first = await open(browser, bridge.url, "/containers", FIRST_ROW);
    await first.page.waitForTimeout(3_000);
    const one = await first.page.locator(FIRST_ROW).first().getAttribute("href");
    const fleet = { containers, is_real: Boolean(values.host), cold_load: await coldLoad(browser, bridge.url), pages: {} };
    await first.close();
    const pages = {
      overview: ["/", ".marks a"],
      containers: ["/containers", FIRST_ROW],
      "containers by cpu": ["/containers?sort=-cpu", FIRST_ROW],
      events: ["/events", ".event-line"],
      container: [one, ".chart-canvas"],
    };
    for (const [name, [path, ready]] of Object.entries(pages)) {
      fleet.pages[name] = await idle(browser, bridge.url, path, ready);
      say(`${name}: ${JSON.stringify(fleet.pages[name].ms_per_second)}`);
    }
    fleet.containers_page = await handled(browser, bridge.url);
    say(JSON.stringify(fleet.containers_page));
    result.fleets.push(fleet);
  } finally {
    await bridge.stop();
  }
}
await browser.close();
console.log(JSON.stringify(result, null, 2));
