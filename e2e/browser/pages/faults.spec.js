// What a fault of the daemon costs on the page: the item that holds it or the panel that shows it, and only while it lasts.

import { Bridge } from "../support/bridge.js";
import { Demo } from "../support/demo.js";
import { connection, expect, live, row, test as base } from "../support/test.js";

const CONTAINERS = 12;
/** A container that nothing is done to but what a test does. */
const STEADY = "photos-redis-1";
/** The one that a fault is about */
const SPOILT = "shop-web-2";

const test = base.extend({
  engine: [
    async ({}, use) => {
      const demo = await Demo.start(CONTAINERS);
      await use(demo);
      await demo.stop();
    },
    { scope: "worker" },
  ],

  /** What is wrong before the bridge begins: `{ from: COMMANDS }`. */
  wrong: [{ from: [] }, { option: true }],

  bridge: async ({ engine, wrong }, use) => {
    await engine.does({ do: "clear" }, ...wrong.from);
    const bridge = await Bridge.start(["--listen", "127.0.0.1:0", "--host", engine.host]);
    await use(bridge);
    await engine.does({ do: "clear" });
    expect(await bridge.stop(), "the bridge ends by itself").toMatchObject({ code: 0, signal: null });
  },

  /** Must be the same document from its first line to its last. */
  page: async ({ page }, use) => {
    await page.goto("/containers");
    await page.evaluate(() => {
      window.isTheSame = true;
    });
    await use(page);
    expect(await page.evaluate(() => window.isTheSame), "nobody loaded the page anew").toBe(true);
  },
});

test.slow();

const go = (page, name) => page.getByRole("navigation", { name: "Places" }).getByRole("link", { name, exact: true }).click();
const panel = (page, name) => page.locator("section").filter({ has: page.getByRole("heading", { name, exact: true }) });
const state = (page, name) => row(page, name).getByRole("cell").first();
const cpu = (page, name) => row(page, name).getByRole("cell").nth(1);
const names = (page) => page.getByRole("rowheader").getByRole("link");

/** What goes on whatever else is wrong: each is told, and told right, of what happens now. */
const GOES_ON = {
  async events(page, engine) {
    const action = `hatch ${Math.random().toString(36).slice(2)}`;
    await go(page, "Events");
    await engine.does({ do: "tell", type: "pod", action });
    await expect(page.getByRole("button").filter({ hasText: action }).filter({ hasText: "pod" })).toBeVisible();
  },

  async fleet(page, engine) {
    await go(page, "Containers");
    await engine.docker("pause", STEADY);
    await expect(state(page, STEADY)).toHaveText("paused");
    await engine.docker("unpause", STEADY);
    await expect(state(page, STEADY)).toHaveText("healthy");
  },

  async figures(page) {
    await go(page, "Containers");
    await ticks(page, STEADY);
  },

  async facts(page) {
    await go(page, "Engine");
    await expect(panel(page, "Host")).toContainText("Kernel");
    await expect(panel(page, "Drivers")).toContainText("overlay2");
  },

  async usage(page) {
    await go(page, "Disk usage");
    await expect(page.getByRole("rowheader", { name: "Local Volumes" })).toBeVisible();
    await go(page, "Overview");
    await expect(panel(page, "Disk usage")).toContainText("In use by Docker");
  },
};

async function goesOn(page, engine, parts = Object.keys(GOES_ON)) {
  for (const part of parts) await test.step(`${part}: as ever`, () => GOES_ON[part](page, engine));
}

/** Figures come: what is shown changes. */
async function ticks(page, name) {
  await expect(cpu(page, name)).toContainText("%");
  const before = await cpu(page, name).innerText();
  await expect.poll(() => cpu(page, name).innerText()).not.toBe(before);
}

/** Everything is asked for anew, from the version on; `meanwhile`: what is done before it is. */
async function anew(page, engine, ...meanwhile) {
  await engine.does({ do: "reset-new", on: true }, { do: "reset" });
  await expect(connection(page)).toHaveText("Connection: daemon away");
  await engine.does(...meanwhile, { do: "reset-new", on: false });
  await live(page, 20_000);
}

const FACTS_ANEW = { do: "tell", type: "daemon", action: "reload" };

test.describe("what is refused", () => {
  test.use({
    wrong: { from: ["/system/df", "/info", `/containers/${SPOILT}/stats`, `/containers/${SPOILT}/json`].map((path) => ({ do: "forbid", path })) },
  });

  test("is missing where it is shown, which says why, and comes when it is allowed", async ({ page, engine }) => {
    await live(page);
    await go(page, "Disk usage");
    const refused = "does not allow GET /system/df (status 403)";
    await expect(page.getByText("Not permitted")).toBeVisible();
    await expect(page.getByText(refused)).toBeVisible();
    await go(page, "Overview");
    await expect(panel(page, "Disk usage")).toContainText("Not permitted");
    await expect(panel(page, "Disk usage")).toContainText(refused);

    await go(page, "Engine");
    for (const name of ["Host", "Drivers", "Inside the daemon", "Counts from docker info"]) {
      await expect(panel(page, name)).toContainText("Not permitted");
      await expect(panel(page, name)).toContainText("does not allow GET /info (status 403)");
    }
    await expect(panel(page, "Versions")).toContainText("28.5.2");
    await expect(page.getByRole("banner")).toHaveText(/engine 28\.5\.2 · unix/);

    await go(page, "Containers");
    await expect(cpu(page, SPOILT)).toHaveText("–");
    await engine.docker("pause", SPOILT);
    await expect(state(page, SPOILT), "the event alone says so much").toHaveText("paused");
    await engine.docker("unpause", SPOILT);
    await expect(state(page, SPOILT)).not.toHaveText("paused");
    await expect(names(page)).toHaveCount(CONTAINERS);
    await row(page, SPOILT).getByRole("link").click();
    await expect(panel(page, "Limits and restarts")).toContainText("Not read yet");
    await expect(panel(page, "Identity")).toContainText("sha256:");
    await goesOn(page, engine, ["events", "fleet", "figures"]);

    await engine.does({ do: "clear" }, FACTS_ANEW);
    await go(page, "Containers");
    await ticks(page, SPOILT);
    await row(page, SPOILT).getByRole("link").click();
    await engine.docker("pause", SPOILT);
    await engine.docker("unpause", SPOILT);
    await expect(panel(page, "Limits and restarts")).toContainText("Restart policy");
    await go(page, "Disk usage");
    await expect(page.getByText("Not permitted"), "read again by itself").toHaveCount(0, { timeout: 45_000 });
    await goesOn(page, engine);
  });
});

test("what cannot be read costs the item that holds it", async ({ page, engine }) => {
  await live(page);
  await anew(
    page,
    engine,
    { do: "mangle", path: "/containers/json", how: "odd-item" },
    { do: "strange-state", word: "hibernating" },
    { do: "mangle", path: "/info", how: "other-types" },
    { do: "mangle", path: `/containers/${SPOILT}/stats`, how: "other-types" },
    { do: "mangle", path: `/containers/${SPOILT}/json`, how: "other-types" },
  );

  await expect(names(page), "of the list its odd item is missing").toHaveCount(CONTAINERS - 1);
  await expect(cpu(page, SPOILT)).toHaveText("–");
  await expect(state(page, SPOILT)).not.toHaveText("");
  await go(page, "Engine");
  await expect(panel(page, "Versions")).toContainText("28.5.2");
  await expect(panel(page, "Host")).toContainText("Kernel–");
  await goesOn(page, engine, ["events", "fleet", "figures", "usage"]);

  await anew(page, engine, { do: "clear" });
  await go(page, "Containers");
  await expect(names(page)).toHaveCount(CONTAINERS);
  await ticks(page, SPOILT);
  await goesOn(page, engine);
});

test("events that cannot be read are a gap that says so, and what comes after them is told", async ({ page, engine }) => {
  await live(page);
  await engine.does({ do: "mangle", path: "/events", how: "other-types" });
  await engine.does({ do: "tell", type: "pod", action: "lost" });
  await go(page, "Events");
  await expect(page.getByText("the daemon sent something that could not be read")).toBeVisible();
  await goesOn(page, engine, ["figures", "facts", "usage"]);
  await engine.does({ do: "clear" });
  await goesOn(page, engine);
  await go(page, "Events");
  await expect(page.getByText("the daemon sent something that could not be read")).toHaveCount(1);
});

for (const how of ["null-lists", "numbers-as-text"]) {
  test.describe(`${how} in every answer`, () => {
    test.use({ wrong: { from: [{ do: "mangle", path: "/", how }] } });

    test("are read as what they mean", async ({ page, engine }) => {
      await live(page);
      await expect(names(page)).toHaveCount(CONTAINERS);
      await goesOn(page, engine);
    });
  });
}

test("connections that break are made anew without a word lost", async ({ page, engine }) => {
  await live(page);
  for (const how of ["cut", "tear", "reset"]) {
    await engine.does({ do: "tell", type: "pod", action: `before ${how}` }, { do: how }, { do: "tell", type: "pod", action: `after ${how}` });
    await goesOn(page, engine, ["figures", "events"]);
    for (const action of [`before ${how}`, `after ${how}`]) {
      await expect(page.getByRole("button").filter({ hasText: action })).toHaveCount(1);
    }
  }
  await expect(page.getByText("could not be read")).toHaveCount(0);
  await go(page, "Containers");
  await expect(names(page)).toHaveCount(CONTAINERS);
});

test("a daemon that hangs is said to be silent, one that is refused says by whom, and both come back", async ({ page, engine }) => {
  await live(page);
  await ticks(page, STEADY);
  await engine.does({ do: "hang", on: true });
  await expect(connection(page)).toHaveText("Connection: stale: figures have stopped coming", { timeout: 20_000 });
  await expect(names(page), "what was known stays, greyed").toHaveCount(CONTAINERS);
  await engine.does({ do: "clear" });
  await live(page);

  await engine.does({ do: "forbid", path: "/events" }, { do: "reset" });
  await expect(connection(page)).toHaveText("Connection: daemon away");
  await expect(page.getByText("allows no call (status 403)")).toBeVisible({ timeout: 20_000 });
  await expect(names(page)).toHaveCount(CONTAINERS);
  await engine.does({ do: "clear" });
  await live(page, 20_000);
  await goesOn(page, engine, ["figures", "events", "fleet"]);
});

for (const [name, fault, words] of [
  ["without an end", { do: "endless", path: "/system/df", what: "body" }, /The daemon could not read it|took too long/],
  ["that takes long", { do: "usage-takes", seconds: 3600 }, /reading now, for \d+ s/],
]) {
  test.describe(`an answer ${name}`, () => {
    test.use({ wrong: { from: [fault] } });

    test("costs the disk usage only", async ({ page, engine }) => {
      await live(page);
      await go(page, "Disk usage");
      await expect(page.getByRole("main")).toContainText(words, { timeout: 30_000 });
      await goesOn(page, engine, ["events", "fleet", "figures", "facts"]);
    });
  });
}
