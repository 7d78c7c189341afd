// Takes the pictures of one scene, and complains of what no picture shows.

import { complaintsOf } from "../browser/support/complaints.js";
import { sideways } from "../browser/support/sideways.js";
import { NOW, play } from "./stage.js";

const HEIGHTS = { 320: 640, 390: 844, 768: 1024, 1024: 768, 1080: 1920, 1280: 720, 1440: 900, 2560: 1440, 3840: 2160 };
const PHONE = 640;
/** A page that never ends is a fault of its own. */
const HIGHEST = 6_000;

export class Camera {
  #stage;
  #desk;
  #phone;

  /** `stage`: the `wire` and the `build` of the bridge that serves the page at `url`. */
  static async set(browser, url, stage) {
    const camera = new Camera();
    const still = { baseURL: url, reducedMotion: "reduce", locale: "en-GB", timezoneId: "Asia/Seoul" };
    camera.#stage = stage;
    camera.#desk = await browser.newContext(still);
    camera.#phone = await browser.newContext({ ...still, hasTouch: true, isMobile: true });
    return camera;
  }

  /** Opens `scene` for each width, and gives each theme's picture to `keep`; gives back what is wrong. */
  async shoot(scene, { themes, widths, keep }) {
    const faults = [];
    const isPhone = (width) => width <= PHONE;
    for (const [context, group] of [
      [this.#desk, widths.filter((width) => !isPhone(width))],
      [this.#phone, widths.filter(isPhone)],
    ]) {
      if (!group.length) continue;
      const page = await context.newPage();
      const complaints = complaintsOf(page, scene.complaints ?? []);
      try {
        await page.setViewportSize(size(group[0]));
        const stage = await open(page, scene, this.#stage);
        for (const width of group) {
          for (const theme of themes) {
            await page.setViewportSize(size(width));
            await page.emulateMedia({ colorScheme: theme });
            if (scene.whole) await grow(page, width);
            await stage.quiet();
            await painted(page);
            await keep({ theme, width }, await page.screenshot({ animations: "disabled" }));
          }
          if (isPhone(width)) faults.push(...(await sideways(page)).map((wide) => `${width} px: scrolls sideways: ${wide}`));
        }
      } catch (error) {
        faults.push(error.message);
      } finally {
        await page.close();
      }
      faults.push(...complaints);
    }
    return faults;
  }
}

const size = (width) => ({ width, height: HEIGHTS[width] ?? 900 });

async function open(page, scene, stage) {
  await page.clock.setFixedTime(NOW);
  // how long the page waits before it tries again is told on screen
  await page.addInitScript(() => {
    Math.random = () => 0.5;
  });
  const played = await play(page, scene.plays, stage);
  await page.goto(scene.path);
  await page.getByRole("status").filter({ hasText: /^Connection: / }).waitFor({ state: "attached" });
  await played.quiet();
  await scene.act?.(page);
  if (scene.waits) await page.getByText(scene.waits).first().waitFor({ timeout: 30_000 });
  return played;
}

/** Everything that was told is on screen, canvases too. */
async function painted(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    // the picture of the events is drawn again half a second after what came meanwhile
    if (document.querySelector(".histogram")) {
      await new Promise((done) => {
        const quiet = () => setTimeout(done, 700);
        let waits = quiet();
        new MutationObserver(() => {
          clearTimeout(waits);
          waits = quiet();
        }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      });
    }
    // a canvas is drawn in the frame after it was seen, which is the frame after it was laid out
    for (let frame = 0; frame < 6; frame += 1) await new Promise((done) => requestAnimationFrame(done));
  });
  await page.waitForFunction(() => !document.querySelector("#boot"));
}

/** Makes the screen as high as what the page holds. */
async function grow(page, width) {
  const more = await page.evaluate(() => {
    const main = document.querySelector("main");
    return main.scrollHeight - main.clientHeight;
  });
  const { height } = page.viewportSize();
  if (more > 0) await page.setViewportSize({ width, height: Math.min(height + more, HIGHEST) });
}
