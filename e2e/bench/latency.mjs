// latency.mjs URL ENGINE_DIR ROUNDS: how long it takes from an event of the daemon until the docker command prints it, and until it
// stands in the page. A container starts and ends each second, ROUNDS times; each start and each end is one measurement.
//
// All times are of one machine's clock: the daemon writes its own into the event. Prints
// {"n":…,"docker_events":{"median_ms":…,"p99_ms":…},"page":{…}}.

import { spawn } from "node:child_process";
import http from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { chromium } from "@playwright/test";

import configuration from "../playwright.config.js";
import { fineClock } from "./clock.js";
import { percentiles } from "./percentiles.js";

const [url, dir, rounds] = process.argv.slice(2);
const NAME = "pulse-1";
const ACTIONS = ["start", "die"];

const clock = fineClock();
/** By action and time, as the page writes it: when it was printed, and the daemon's own time. */
const printed = new Map();

function post(path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { socketPath: `${dir}/docker.sock`, path, method: "POST", headers: { "Content-Type": "application/json" } },
      (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => (response.statusCode < 300 ? resolve(text) : reject(new Error(`${path}: ${text}`))));
      },
    );
    request.on("error", reject);
    request.end(body && JSON.stringify(body));
  });
}

function timeOfDay(millis) {
  const time = new Date(millis);
  const digits = (figure, width) => String(figure).padStart(width, "0");
  const [hours, minutes, seconds] = [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => digits(part, 2));
  return `${hours}:${minutes}:${seconds}.${digits(time.getMilliseconds(), 3)}`;
}

function followEvents() {
  const filters = [`container=${NAME}`, ...ACTIONS.map((action) => `event=${action}`)];
  const words = ["events", "--format", "{{json .}}", ...filters.flatMap((filter) => ["--filter", filter])];
  const events = spawn(`${dir}/docker`, words, { stdio: ["ignore", "pipe", "inherit"] });
  createInterface({ input: events.stdout }).on("line", (line) => {
    const at = clock();
    // more nanoseconds than a number of JavaScript holds
    const nano = BigInt(/"timeNano":(\d+)/.exec(line)[1]);
    const key = `${JSON.parse(line).Action} ${timeOfDay(Number(nano / 1_000_000n))}`;
    printed.set(key, { daemon: Number(nano / 1_000n) / 1_000, at });
  });
  return events;
}

/** Notes when a line of the list came into the page, by action and time. */
function watchList([clockText, name, actions]) {
  const clock = new Function(`return (${clockText})()`)();
  const list = document.querySelector(".event-list");
  window.seen = [];
  new MutationObserver((mutations) => {
    const at = clock();
    for (const mutation of mutations) {
      for (const line of mutation.addedNodes) {
        const cell = (part) => line.querySelector?.(`.event-${part}`)?.textContent.trim();
        if (cell("name") !== name) continue;
        const action = actions.find((action) => cell("action").startsWith(action));
        if (action) window.seen.push([`${action} ${cell("time")}`, at]);
      }
    }
  }).observe(list, { childList: true, subtree: true });
}

await post(`/containers/create?name=${NAME}`, { Image: "box:1", Cmd: ["true"] });
const events = followEvents();
const browser = await chromium.launch(configuration.use.launchOptions);
try {
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 }, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${url}events?view=raw`);
  await page.getByRole("status").filter({ hasText: "Connection: live" }).waitFor();
  await page.locator(".event-list .event-name").first().waitFor();
  await page.evaluate(watchList, [fineClock.toString(), NAME, ACTIONS]);

  const start = clock();
  for (let round = 0; round < Number(rounds); round += 1) {
    await sleep(Math.max(0, start + round * 1_000 - clock()));
    await post(`/containers/${NAME}/start`);
    await post(`/containers/${NAME}/wait`);
  }
  // the page may be the first to know, and a line may come into it twice
  const all = Number(rounds) * ACTIONS.length;
  while (printed.size < all) await sleep(10);
  await page.waitForFunction((all) => new Set(window.seen.map(([key]) => key)).size >= all, all);

  const seen = new Map(await page.evaluate(() => window.seen));
  const missing = [...printed.keys()].filter((key) => !seen.has(key));
  if (missing.length) throw new Error(`the page does not show ${missing.join(", ")}`);
  const since = (times) => percentiles([...printed].map(times));
  const result = {
    n: printed.size,
    docker_events: since(([, { daemon, at }]) => at - daemon),
    page: since(([key, { daemon }]) => seen.get(key) - daemon),
  };
  console.log(JSON.stringify(result));
} finally {
  events.kill();
  await browser.close();
  await new Promise((resolve) => spawn(`${dir}/docker`, ["rm", "--force", NAME], { stdio: "ignore" }).on("exit", resolve));
}
