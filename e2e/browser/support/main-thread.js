// What a page costs its main thread, in CPU time: the time that a task waits for a busy machine is not counted.

const CATEGORIES = ["disabled-by-default-devtools.timeline", "__metadata"];

export class MainThread {
  #page;
  #session;

  static async of(page) {
    const thread = new MainThread();
    thread.#page = page;
    thread.#session = await page.context().newCDPSession(page);
    await thread.#session.send("Performance.enable", { timeDomain: "threadTicks" });
    await thread.#session.send("HeapProfiler.enable");
    return thread;
  }

  /** The milliseconds that tasks have used since the page was opened, and the parts of them that the browser names. */
  async spent() {
    const { metrics } = await this.#session.send("Performance.getMetrics");
    const millis = (name) => (metrics.find((metric) => metric.name === name)?.value ?? 0) * 1000;
    return {
      task: millis("TaskDuration"),
      script: millis("ScriptDuration"),
      style: millis("RecalcStyleDuration"),
      layout: millis("LayoutDuration"),
    };
  }

  /** Milliseconds of each second, on average over `seconds`. */
  async perSecond(seconds) {
    const [from, before] = [performance.now(), await this.spent()];
    await this.#page.waitForTimeout(seconds * 1000);
    const [after, passed] = [await this.spent(), (performance.now() - from) / 1000];
    return Object.fromEntries(Object.entries(after).map(([part, millis]) => [part, round((millis - before[part]) / passed)]));
  }

  /** The milliseconds of each task that ran during `act`, longest first. */
  async tasks(act) {
    const browser = this.#page.context().browser();
    await browser.startTracing(this.#page, { categories: CATEGORIES });
    await act();
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
    const main = new Set(
      traceEvents
        .filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain")
        .map((event) => `${event.pid} ${event.tid}`),
    );
    return traceEvents
      .filter((event) => event.name === "RunTask" && event.ph === "X" && main.has(`${event.pid} ${event.tid}`))
      .map((event) => round((event.tdur ?? 0) / 1000))
      .sort((a, b) => b - a);
  }

  /** Bytes after a collection: JavaScript's objects, and the browser's own of this page. */
  async heap() {
    await this.#session.send("HeapProfiler.collectGarbage");
    const usage = await this.#session.send("Runtime.getHeapUsage");
    return { script: usage.usedSize, browser: usage.embedderHeapUsedSize };
  }
}

export const round = (millis) => Math.round(millis * 10) / 10;
