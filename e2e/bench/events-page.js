// A page on its list of events in Chromium, and all that its developer tools tell of the flood there. They cost the page
// itself much: how soon it shows an event is seen in an UnwatchedPage.

import { readFile } from "node:fs/promises";

import { pageMemory, keepProgramMemory } from "../browser/support/page-memory.js";
import { MainThread, round, summary } from "../browser/support/main-thread.js";
import { LINES_SEEN, NEWEST_SEEN, watchesList } from "./list-watch.js";
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
    await page.evaluate(watchesList(lines));
    return opened;
  }

  /** Waits until its list has shown this tick, or a later one, or this time is over. */
  async shows(tick, timeout) {
    try {
      await this.#page.waitForFunction(`${NEWEST_SEEN} >= ${tick}`, undefined, { timeout });
    } catch (error) {
      // it was lost on its way: what is missing tells
      if (error.name !== "TimeoutError") throw error;
    }
  }

  /** The numbers of the flood's events that came over its live socket, in their order. */
  received() {
    return this.#messages.filter((payload) => typeof payload !== "string").flatMap(ticksIn);
  }

  /** How many of the flood's events from `first` on had a line of their own in the list. */
  async lines(first) {
    const seen = await this.#page.evaluate(LINES_SEEN);
    return new Set(seen.map(([tick]) => tick).filter((tick) => tick >= first)).size;
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
