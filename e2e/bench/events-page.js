// A page on its list of events in Chromium, and what is seen of the flood there.

import { readFile } from "node:fs/promises";

import { pageMemory, keepProgramMemory } from "../browser/support/page-memory.js";
import { MainThread, round, summary } from "../browser/support/main-thread.js";
import { fineClock } from "./clock.js";
import { tickOf, ticksIn } from "./ticks.js";

/** Nothing takes longer on the busiest machine. */
const PATIENCE = { timeout: 120_000 };

export class EventsPage {
  #page;
  #cdp;
  #thread;
  #messages = [];

  /** Opens `path` and waits until it shows events. `lines` is how many lines may come into the list at most. */
  static async open(browser, url, path, lines) {
    const opened = new EventsPage();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: url, bypassCSP: true });
    const page = await context.newPage();
    opened.#page = page;
    opened.#thread = await MainThread.of(page);
    opened.#cdp = await context.newCDPSession(page);
    page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => opened.#messages.push(payload)));
    await keepProgramMemory(page);
    await page.goto(path, PATIENCE);
    await page.getByRole("status").filter({ hasText: "Connection: live" }).waitFor(PATIENCE);
    await page.locator(".event-list .event-line").first().waitFor(PATIENCE);
    await page.evaluate(watchList, [fineClock.toString(), lines]);
    return opened;
  }

  /** Waits until its list has shown this tick, or a later one, or this time is over. */
  async shows(tick, timeout) {
    try {
      await this.#page.waitForFunction((tick) => globalThis.seen.newest >= tick, tick, { timeout });
    } catch (error) {
      // it was lost on its way: what is missing tells
      if (error.name !== "TimeoutError") throw error;
    }
  }

  /** The numbers of the flood's events that came over its live socket, in their order. */
  received() {
    return this.#messages.filter((payload) => typeof payload !== "string").flatMap(ticksIn);
  }

  /** Each line of the flood's that came into the list: its number, and when. */
  drawn() {
    return this.#page.evaluate(() => {
      const { figures, count } = globalThis.seen;
      return Array.from({ length: count }, (_, line) => [figures[2 * line], figures[2 * line + 1]]);
    });
  }

  /** What its main thread does meanwhile. */
  async during(act) {
    let spent;
    const tasks = await this.#thread.tasks(async () => {
      const [from, before] = [performance.now(), await this.#thread.spent()];
      await act();
      const [after, passed] = [await this.#thread.spent(), (performance.now() - from) / 1000];
      spent = round((after.task - before.task) / passed);
    });
    return { ...summary(tasks), ms_per_second: spent };
  }

  async memory() {
    const { objects, code, program } = await pageMemory(this.#page, this.#cdp);
    return { heap: objects, code, program };
  }

  /** The numbers of the flood's events that it holds, as it gives them out. */
  async held() {
    await this.#page.getByRole("button", { name: "Export", exact: true }).click(PATIENCE);
    const [download] = await Promise.all([
      this.#page.waitForEvent("download", PATIENCE),
      this.#page.getByRole("button", { name: /^NDJSON/ }).click(PATIENCE),
    ]);
    const text = await readFile(await download.path(), "utf8");
    return text.split("\n").map(tickOf).filter((tick) => tick !== null);
  }

  close() {
    return this.#page.context().close();
  }
}

/** Runs in the page. Notes when a line came into the list, in room that is there from the beginning: the page's own memory is measured. */
function watchList([clockText, lines]) {
  const clock = new Function(`return (${clockText})()`)();
  const seen = { figures: new Float64Array(2 * lines), count: 0, newest: 0 };
  globalThis.seen = seen;
  new MutationObserver((mutations) => {
    const at = clock();
    for (const mutation of mutations) {
      for (const line of mutation.addedNodes) {
        const words = line.querySelector?.(".event-action, .event-words")?.textContent;
        const [, tick] = /tick (\d+)/.exec(words ?? "") ?? [];
        if (tick === undefined || seen.count === lines) continue;
        seen.figures.set([Number(tick), at], 2 * seen.count);
        seen.count += 1;
        seen.newest = Math.max(seen.newest, Number(tick));
      }
    }
  }).observe(document.querySelector(".event-list"), { childList: true, subtree: true });
}
