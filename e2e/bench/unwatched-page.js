// A page on its list of events as a viewer has it: no developer tools listen to what its socket and its main thread do, which
// would take it a good part of the time. They are asked before and after a flood alone.

import { setTimeout as sleep } from "node:timers/promises";

import { LINES_SEEN, NEWEST_SEEN, watchesList } from "./list-watch.js";

const SIZE = { width: 1440, height: 900 };
const ASK_AGAIN_MILLIS = 50;

export class UnwatchedPage {
  #browser;
  #targetId;
  #sessionId;
  #asked = 0;
  #answers = new Map();

  /** Opens it and waits until it shows events. `lines` is how many lines may come into the list at most. */
  static async open(browser, url, lines, patience) {
    const page = new UnwatchedPage();
    page.#browser = await browser.newBrowserCDPSession();
    page.#browser.on("Target.receivedMessageFromTarget", ({ sessionId, message }) => {
      if (sessionId === page.#sessionId) page.#hear(JSON.parse(message));
    });
    ({ targetId: page.#targetId } = await page.#browser.send("Target.createTarget", { url, newWindow: true, ...SIZE }));
    // a session of one's own, in which nothing is switched on
    ({ sessionId: page.#sessionId } = await page.#browser.send("Target.attachToTarget", { targetId: page.#targetId, flatten: false }));
    if (!(await page.#comes('document.querySelector(".event-list .event-line") !== null', patience))) {
      throw new Error(`${url} shows no events`);
    }
    await page.#value(watchesList(lines));
    return page;
  }

  /** Waits until its list has shown this tick, or a later one, or this time is over. */
  shows(tick, patience) {
    return this.#comes(`${NEWEST_SEEN} >= ${tick}`, patience);
  }

  /** Each line of the flood's that came into the list: its number, and when. */
  drawn() {
    return this.#value(LINES_SEEN);
  }

  async close() {
    await this.#browser.send("Target.closeTarget", { targetId: this.#targetId });
    await this.#browser.detach();
  }

  async #comes(condition, patience) {
    for (const limit = Date.now() + patience; !(await this.#value(condition)); await sleep(ASK_AGAIN_MILLIS)) {
      if (Date.now() > limit) return false;
    }
    return true;
  }

  async #value(expression) {
    const { result, exceptionDetails } = await this.#ask("Runtime.evaluate", { expression, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async #ask(method, params) {
    this.#asked += 1;
    const id = this.#asked;
    const answer = new Promise((resolve) => this.#answers.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    await this.#browser.send("Target.sendMessageToTarget", { sessionId: this.#sessionId, message });
    const { result, error } = await answer;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  #hear({ id, ...answer }) {
    this.#answers.get(id)?.(answer);
    this.#answers.delete(id);
  }
}
