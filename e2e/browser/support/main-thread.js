// What a page costs its main thread, in CPU time: the time that a task waits for a busy machine is not counted.

const CATEGORIES = ["disabled-by-default-devtools.timeline", "__metadata"];
/** A page that shows a live daemon is never without a task for so long. */
const SILENCE_MILLIS = 5_000;

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
    const began = performance.now();
    await act();
    const lasted = performance.now() - began;
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
    const main = new Set(
      traceEvents
        .filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain")
        .map((event) => `${event.pid} ${event.tid}`),
    );
    const tasks = traceEvents.filter((event) => event.name === "RunTask" && event.ph === "X" && main.has(`${event.pid} ${event.tid}`));
    // The browser's room for a trace is bounded, and it says nothing when that is full.
    const starts = tasks.map((event) => event.ts / 1000).sort((a, b) => a - b);
    const traced = (starts.at(-1) ?? 0) - (starts[0] ?? 0);
    if (lasted - traced > SILENCE_MILLIS) {
      throw new Error(`only ${Math.round(traced)} ms of ${Math.round(lasted)} are in the trace of the page's tasks: measure for a shorter time`);
    }
    return tasks.map((event) => round((event.tdur ?? 0) / 1000)).sort((a, b) => b - a);
  }

  /** Bytes after a collection: JavaScript's objects, and the browser's own of this page. */
  async heap() {
    await this.#session.send("HeapProfiler.collectGarbage");
    const usage = await this.#session.send("Runtime.getHeapUsage");
    return { script: usage.usedSize, browser: usage.embedderHeapUsedSize };
  }
}

export const round = (millis) => Math.round(millis * 10) / 10;

/** Of tasks, longest first. */
export const summary = (tasks) => ({
  longest_task_ms: tasks[0] ?? 0,
  tasks_over_50_ms: tasks.filter((millis) => millis > 50).length,
  tasks: tasks.length,
});
