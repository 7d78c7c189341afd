// `cargo xtask pictures`: every page in each of its states, in both themes, at the width of a desk and of a phone.
//
// node main.js [--only TEXT] [--readme FILE]
//
// WIRE, DAEMONSCOPE_BIN and DAEMONSCOPE_BUILD name what `cargo xtask` has built; pictures and their index go to PICTURES.

import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { chromium } from "@playwright/test";

import { Bridge } from "../browser/support/bridge.js";
import { LAUNCH } from "../browser/support/chromium.js";
import { Camera } from "./camera.js";
import { index } from "./gallery.js";
import { asWebp } from "./readme.js";
import { README, SCENES } from "./scenes.js";
import { Wire } from "./wire.js";

const THEMES = ["dark", "light"];
const WIDTHS = [1440, 390];

const { values: options } = parseArgs({ options: { only: { type: "string" }, readme: { type: "string" } } });
const folder = process.env.PICTURES;
const build = process.env.DAEMONSCOPE_BUILD;

const wire = new Wire(process.env.WIRE);
// it serves the page; what the page hears of a daemon is the scene's
const bridge = await Bridge.start(["--listen", "127.0.0.1:0", "--demo", "--demo-containers", "1"]);
const browser = await chromium.launch(LAUNCH);
const camera = await Camera.set(browser, bridge.url, { wire, build });
let wrong = 0;
try {
  if (options.readme) await readme();
  else await all();
} finally {
  await browser.close();
  await bridge.stop();
  wire.stop();
}
process.exitCode = wrong ? 1 : 0;

async function all() {
  const scenes = SCENES.filter(({ page, state }) => `${page}-${state}`.includes(options.only ?? ""));
  if (!scenes.length) throw new Error(`no scene is called like ${options.only}`);
  if (!options.only) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const taken = [];
  for (const scene of scenes) {
    const { page, state, themes = THEMES, widths = WIDTHS } = scene;
    const files = [];
    const faults = await camera.shoot(scene, {
      themes,
      widths,
      keep: async ({ theme, width }, png) => {
        const file = `${page}-${state}-${theme}-${width}.png`;
        await writeFile(join(folder, file), png);
        files.push({ file, theme, width });
      },
    });
    taken.push({ page, state, files, faults });
    console.log(`${faults.length ? "✗" : "✓"} ${page}, ${state}: ${files.length} pictures`);
    for (const fault of faults) console.log(`    ${fault}`);
    wrong += faults.length;
  }
  await writeFile(join(folder, "index.html"), index(taken));
  const count = taken.reduce((sum, { files }) => sum + files.length, 0);
  console.log(`${count} pictures of ${taken.length} scenes: ${join(folder, "index.html")}`);
  if (wrong) console.log(`${wrong} faults`);
}

/** The picture in the README, small enough for a repository. */
async function readme() {
  const scene = SCENES.find(({ page, state }) => page === README.page && state === README.state);
  const faults = await camera.shoot(scene, {
    themes: [README.theme],
    widths: [README.width],
    keep: async (_, png) => writeFile(options.readme, await asWebp(browser, png)),
  });
  for (const fault of faults) console.log(`✗ ${fault}`);
  wrong = faults.length;
  if (!wrong) console.log(`✓ ${options.readme}`);
}
