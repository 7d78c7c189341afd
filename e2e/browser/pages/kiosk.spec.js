import { Bridge } from "../support/bridge.js";
import { check } from "../support/axe.js";
import { expect, live, test } from "../support/test.js";

const DEMO = ["--demo", "--demo-containers", "60"];

test.use({ bridgeArgs: DEMO });

const current = (page) => page.locator(".kiosk-panel[aria-current]");

/** Opens the kiosk with this query, and waits until it is live. */
async function open(page, query = "") {
  await page.goto(`/kiosk${query}`);
  await expect(page.getByRole("heading", { level: 1, name: "Kiosk" })).toBeAttached();
  await live(page);
}

test("a wall display has no chrome, turns by itself through the panels that are asked for, and a key leads back", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("navigation").getByRole("link", { name: "Kiosk" }).click();
  await expect(page).toHaveURL(/\/kiosk$/);
  await expect(current(page)).toHaveText("At a glance");
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("navigation")).toBeVisible();

  await open(page, "?panels=containers,wall&every=5");
  await expect(current(page)).toHaveText("Containers");
  await expect(current(page)).toHaveText("At a glance", { timeout: 10_000 });
  await expect(page.getByText("Needs attention")).toBeVisible();
  await expect(current(page)).toHaveText("Containers", { timeout: 10_000 });
});

test("a list that is longer than the screen moves on by itself, and only what is seen exists", async ({ page }) => {
  await open(page, "?panels=containers");
  const rows = page.locator(".kiosk-row");
  const place = page.getByText(/^\d+–\d+ of 60$/);
  await expect(place).toBeVisible();
  const first = async () => Number.parseInt(await place.innerText());
  const before = await first();
  expect(await rows.count()).toBeLessThan(30);
  await expect.poll(first, { timeout: 30_000 }).not.toBe(before);
});

test("what the address asks for and is not there is said, and the rest holds", async ({ page }) => {
  await open(page, "?panels=usage,clock&every=1");
  await expect(page.getByRole("alert")).toHaveText(
    "panels=clock: there is no such panel. There are wall, containers, events and usage. " +
      "every=1: a panel is shown for a number of seconds from 5 to 3600.",
  );
  await expect(current(page)).toHaveText("Disk usage");
  await expect(page.getByRole("cell", { name: /GB|MB/ }).first()).toBeVisible();
});

test("it is dimmed by night", async ({ page }) => {
  const hour = new Date().getHours();
  const from = (first, second) => `?night=${(hour + first) % 24}-${(hour + second) % 24}`;
  await open(page, from(0, 2));
  await expect(page.locator(".kiosk.is-night")).toHaveCount(1);
  await open(page, from(3, 5));
  await expect(page.locator(".kiosk:not(.is-night)")).toHaveCount(1);
});

const PANELS = ["wall", "containers", "events", "usage"];
const SCREENS = [[1024, 600], [1280, 800], [1920, 1080], [3840, 2160], [2560, 1080], [1080, 1920]];

for (const panel of PANELS) {
  test(`${panel} fits every screen, and axe objects to nothing`, async ({ page }) => {
    await open(page, `?panels=${panel}`);
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme });
      await check(page);
    }
    for (const [width, height] of SCREENS) {
      await page.setViewportSize({ width, height });
      // it is as large as the screen allows, and moves by a few pixels, against pictures that stay in a screen
      const spare = (8 * Math.max(width, height)) / 1280;
      const outside = () =>
        page.evaluate(
          ([width, height, spare]) =>
            [".kiosk-head", ".kiosk-stage", ".kiosk-stage > *", ".kiosk-foot"].filter((part) => {
              const shown = document.querySelector(part);
              const { left, top, right, bottom } = shown.getBoundingClientRect();
              const isCut = shown.scrollWidth - shown.clientWidth > 1;
              const isWide = right - left > width * 0.9;
              return isCut || !isWide || left < -spare || top < -spare || right > width + spare || bottom > height + spare;
            }),
          [width, height, spare],
        );
      await expect.poll(outside, `${width} by ${height}`).toEqual([]);
    }
  });
}

test.describe("the screen stays on", () => {
  test("by the browser's wake lock", async ({ page }) => {
    await page.addInitScript(() => {
      globalThis.locks = [];
      const request = navigator.wakeLock.request.bind(navigator.wakeLock);
      navigator.wakeLock.request = async (kind) => {
        globalThis.locks.push(kind);
        return request(kind);
      };
    });
    await open(page);
    await expect.poll(() => page.evaluate(() => globalThis.locks)).toEqual(["screen"]);
  });

  test("by a film where there is none, until one leaves", async ({ page }) => {
    await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "wakeLock", { value: undefined }));
    await open(page);
    const film = page.locator("video");
    await expect.poll(() => film.evaluate((video) => !video.paused && video.currentTime > 0)).toBe(true);
    await page.keyboard.press("Escape");
    await expect(film).toHaveCount(0);
  });
});

test.describe("after any break", () => {
  test.use({
    expectedComplaints: [/WebSocket connection to .* failed|WebSocket is already in CLOSING|ERR_FAILED|ERR_ABORTED|ERR_CONNECTION_REFUSED|_bg/],
  });

  test("a bridge that is gone is a plain sign, until it is back", async ({ page, bridge }) => {
    await open(page);
    await bridge.stop();
    await expect(page.getByText("Not live")).toBeVisible({ timeout: 15_000 });
    const again = await Bridge.start(["--listen", new URL(bridge.url).host, ...DEMO]);
    try {
      await live(page, 20_000);
      await expect(page.getByText("Not live")).toHaveCount(0);
    } finally {
      await again.stop();
    }
  });

  test("a program that could not be loaded is loaded again by itself", async ({ page }) => {
    let refused = 0;
    await page.route(/_bg.*\.wasm/, (route) => {
      refused += 1;
      return refused > 1 ? route.continue() : route.abort();
    });
    await page.goto("/kiosk");
    await expect(page.getByText("could not be started")).toBeVisible();
    await live(page, 30_000);
    expect(refused).toBeGreaterThan(1);
  });

  test("a program that broke is loaded again by itself", async ({ page }) => {
    await open(page);
    const loaded = page.waitForEvent("load", { timeout: 30_000 });
    await page.evaluate(() => {
      dispatchEvent(new ErrorEvent("error", { error: new WebAssembly.RuntimeError("unreachable") }));
    });
    await loaded;
    await live(page);
  });
});
