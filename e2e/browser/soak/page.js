// The page of `cargo xtask soak`. Takes words on its standard input, a line for each, and answers each with a line of JSON:
//
//   go PATH   opens a place
//   roam      moves from place to place from now on
//   rest      ends that when all places were seen as often, and shows the list of containers; says how many steps there were, and how many came to nothing
//   life      an error unless the list is live
//   figures   what the page holds, and a wall display beside it, after a collection of garbage

import { createInterface } from "node:readline";

import { chromium } from "@playwright/test";

import config from "../../playwright.config.js";
import { keepProgramMemory, pageMemory } from "../support/page-memory.js";
import { connection, expect } from "../support/test.js";

const [base] = process.argv.slice(2);

const browser = await chromium.launch(config.use.launchOptions);
const page = await browser.newPage({ baseURL: base, viewport: config.use.viewport });
// An uncaught error is the end of a page that is WebAssembly.
const errors = [];
page.on("pageerror", (error) => errors.push(error.message));
page.on("crash", () => errors.push("the page crashed"));
page.setDefaultTimeout(10_000);
await keepProgramMemory(page);
// What must come, on a machine that is busy with other things too.
const PATIENCE = { timeout: 120_000 };
const cdp = await page.context().newCDPSession(page);
await page.goto("/", PATIENCE);

// A wall display, which nobody touches.
const wall = await browser.newPage({ baseURL: base, viewport: config.use.viewport });
let connections = 0;
wall.on("websocket", () => (connections += 1));
wall.on("pageerror", (error) => errors.push(`kiosk: ${error.message}`));
wall.on("crash", () => errors.push("the kiosk crashed"));
await keepProgramMemory(wall);
const wallCdp = await wall.context().newCDPSession(wall);
const TURNS = "/kiosk?every=5";
// Of the other panels more or less happens.
const STANDS = "/kiosk?panels=containers";
await wall.goto(TURNS, PATIENCE);

/** Changes what is asked of the display without loading it anew, which would end what it may have leaked. */
const ask = (address) =>
  wall.evaluate((address) => {
    history.replaceState(null, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
  }, address);

const place = (name, options) =>
  page.getByRole("navigation").getByRole("link", { name, exact: true }).click(options);
const pause = (millis) => page.waitForTimeout(millis);

const FILTERS = ["type=container", "event=die container=web", "label=x", ""];

const search = (words) => page.getByRole("searchbox", { name: "Search containers" }).fill(words);

// What a person does: each step begins wherever the one before has ended. None loads the page anew, which would end what it
// may have leaked.
const STEPS = [
  () => place("Overview"),
  async () => {
    await place("Containers");
    for (const words of ["s", "shop", "web", ""]) {
      await search(words);
      await pause(300);
    }
    await page.getByRole("columnheader").getByRole("button").nth(Math.floor(Math.random() * 8)).click();
    for (let turn = 0; turn < 10; turn += 1) {
      await page.mouse.wheel(0, turn < 6 ? 900 : -900);
      await pause(100);
    }
  },
  async () => {
    await place("Events");
    await page.mouse.move(640, 500);
    await page.mouse.wheel(0, 3_000);
    await pause(300);
    for (const filter of FILTERS) {
      await page.getByPlaceholder("type=container event=die container=web").fill(filter);
      await pause(500);
    }
  },
  async () => {
    await place("Events");
    await page.getByRole("list", { name: "Stories, newest first" }).getByRole("button").first().click();
    await pause(500);
    await page.getByRole("button", { name: "Raw" }).click();
    await page.getByRole("list", { name: "Events, newest first" }).getByRole("button").first().click();
    await pause(500);
    await page.getByRole("button", { name: "Close the event" }).click();
    await page.getByRole("button", { name: "Stories" }).click();
  },
  () => place("Disk usage"),
  async () => {
    await place("Containers");
    await page.getByRole("rowheader").getByRole("link").nth(Math.floor(Math.random() * 5)).click();
    await pause(2_000);
    await page.goBack();
  },
  () => place("Engine"),
];

let roaming;
let steps = 0;
let missed = 0;

// Whole rounds, and one at the least: so that each rest comes after the same places, all of which were seen.
async function roam(isOver) {
  do {
    for (const [number, step] of STEPS.entries()) {
      steps += 1;
      try {
        await step();
      } catch (error) {
        // A container that was there is gone, or the daemon is: nothing to click. What the page does is told by its figures.
        missed += 1;
        console.error(`step ${number}: ${error.message.split("\n")[0]}`);
      }
      await pause(1_500);
    }
  } while (!isOver());
}

const WORDS = {
  async go(path) {
    await page.goto(path, PATIENCE);
  },

  async roam() {
    await ask(TURNS);
    let over = false;
    const end = roam(() => over);
    roaming = async () => {
      over = true;
      await end;
    };
  },

  async rest() {
    await roaming?.();
    roaming = undefined;
    await place("Containers", PATIENCE);
    await expect(connection(page)).toHaveText("Connection: live", PATIENCE);
    await ask(STANDS);
    await expect(wall.locator(".kiosk-panel[aria-current]")).toHaveText("Containers", PATIENCE);
    return { steps, missed };
  },

  async life() {
    await expect(connection(page)).toHaveText("Connection: live", PATIENCE);
    const figures = () => page.getByRole("table").innerText(PATIENCE);
    const before = await figures();
    await expect.poll(figures, PATIENCE).not.toBe(before);
  },

  async figures() {
    const { objects, code, program, nodes, listeners } = await pageMemory(page, cdp);
    const kiosk = await pageMemory(wall, wallCdp);
    return {
      kiosk_heap_bytes: kiosk.objects,
      kiosk_wasm_bytes: kiosk.program,
      kiosk_nodes: kiosk.nodes,
      kiosk_connections: connections,
      page_heap_bytes: objects,
      page_code_bytes: code,
      page_wasm_bytes: program,
      page_nodes: nodes,
      page_listeners: listeners,
    };
  },
};

// What goes wrong once in many hours must be told whole at once.
async function whatIsShown() {
  const shown = page.locator("body").innerText().catch((error) => error.message);
  return `${page.url()} shows:\n${(await shown).slice(0, 2_000)}`;
}

const say = (answer) => console.log(JSON.stringify(answer));
say({});
for await (const line of createInterface({ input: process.stdin })) {
  const [word, ...rest] = line.split(" ");
  try {
    const answer = await WORDS[word](rest.join(" "));
    if (errors.length) throw new Error(errors.join("; "));
    say(answer ?? {});
  } catch (error) {
    say({ error: [error.message, ...errors, await whatIsShown()].join("\n") });
  }
}
await browser.close();
