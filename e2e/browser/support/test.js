// `test` for the pages: a bridge for each test, and a page that must have nothing to complain of.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { test as base, expect } from "@playwright/test";

import { Bridge } from "./bridge.js";
import { complaintsOf } from "./complaints.js";
import { Engine } from "./engine.js";

export { expect };

export const test = base.extend({
  /** What the bridge is started with, besides its port; set by `test.use`. */
  bridgeArgs: [[], { option: true }],

  /** Complaints that belong to what a test does, as patterns. */
  expectedComplaints: [[], { option: true }],

  /** The engine that is watched. */
  engine: [async ({}, use) => use(Engine.shared()), { scope: "worker" }],

  bridge: async ({ bridgeArgs, engine }, use, testInfo) => {
    const args = bridgeArgs.length ? bridgeArgs : ["--host", engine.host];
    const bridge = await Bridge.start(["--listen", "127.0.0.1:0", ...args]);
    await use(bridge);
    const end = await bridge.stop();
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach("bridge's log", { body: bridge.log });
    expect(end, "the bridge ends by itself, with viewers on it").toMatchObject({ code: 0, signal: null });
    expect(end.millis, "the bridge ends within 2 s").toBeLessThan(2_000);
  },

  baseURL: async ({ bridge }, use) => use(bridge.url),

  page: async ({ page, expectedComplaints }, use) => {
    const complaints = complaintsOf(page, expectedComplaints);
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (violation) => {
        console.error(`securitypolicyviolation: ${violation.violatedDirective} ${violation.blockedURI}`);
      });
    });
    await use(page);
    expect(complaints, "the page complains of nothing").toEqual([]);
  },
});

/** The same with an engine of its own, without containers: what is done to it would spoil every other test. */
export const testOfOwnEngine = test.extend({
  engine: [
    async ({}, use) => {
      const engine = await Engine.own();
      await use(engine);
      await engine.down();
    },
    { scope: "worker", timeout: 120_000 },
  ],

  /** A folder that goes with the test. */
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "daemonscope-test-"));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

/** The connection mark, as it is heard. */
export const connection = (page) => page.getByRole("status").filter({ hasText: /^Connection: / });

/** Waits until the page shows the daemon as it is. */
export const live = (page, timeout = 10_000) => expect(connection(page)).toHaveText("Connection: live", { timeout });

/** A container's row in the list. */
export const row = (page, name) =>
  page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });

export const median = (figures) => [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)];
