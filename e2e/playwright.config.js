import { defineConfig } from "@playwright/test";

import { LAUNCH } from "./browser/support/chromium.js";

// Three groups, each with one worker, at most two at a time: the engine's tests share one engine, whose figures would
// otherwise move under a neighbour's feet; the faults have an engine of their own; the pages show the demo engine.
export default defineConfig({
  testDir: "browser",
  outputDir: "../target/e2e",
  workers: 2,
  timeout: 60_000,
  // the long form of the timeline's faults takes half an hour
  globalTimeout: process.env.DAEMONSCOPE_LONG === "1" ? 0 : 15 * 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI === "true",
  retries: 0,
  reporter: "list",
  use: {
    trace: "retain-on-failure",
    launchOptions: LAUNCH,
    viewport: { width: 1280, height: 800 },
  },
  projects: [
    { name: "engine", testDir: "browser/engine", workers: 1 },
    { name: "faults", testDir: "browser/faults", workers: 1 },
    { name: "pages", testDir: "browser/pages", workers: 1 },
  ],
});
