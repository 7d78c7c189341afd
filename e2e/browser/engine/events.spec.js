import { expect, live, test } from "../support/test.js";

const list = (page) => page.getByRole("list", { name: "Events, newest first" });

const stories = (page) => page.getByRole("list", { name: "Stories, newest first" });
const story = (page, name, words) => stories(page).getByRole("button").filter({ hasText: name }).filter({ hasText: words });

test("what a person does is a story each", async ({ page, engine }) => {
  await page.goto("/events");
  await live(page);
  await engine.docker("run", "--rm", "--name", "brief", "box:1", "sh", "-c", "exit 3").catch(() => {});
  await expect(story(page, "brief", /exit\s3, then removed/)).toBeVisible();
  await engine.docker("run", "--detach", "--name", "told", "box:1", "sleep", "1000");
  try {
    await expect(story(page, "told", "created and started")).toBeVisible();
    await engine.docker("restart", "--time", "0", "told");
    await expect(story(page, "told", /restarted, exit\s137/)).toBeVisible();
    await engine.docker("stop", "--time", "0", "told");
    await engine.docker("rm", "told");
    await expect(story(page, "told", /stopped.*then removed|stopped and removed/)).toBeVisible();
    const within = stories(page).locator(".is-within").getByRole("button").filter({ hasText: "told" });
    await expect(within).toHaveCount(0);
    await story(page, "told", /restarted/).click();
    await expect(within.filter({ hasText: "restart" }).first()).toBeVisible();
    await expect(within.filter({ hasText: "kill" }).first()).toBeVisible();
  } finally {
    await engine.docker("rm", "--force", "told").catch(() => {});
  }
});

test("a pull from a registry appears as an event", async ({ page, engine }) => {
  const image = "127.0.0.1:5000/box:pulled";
  await engine.docker("tag", "box:1", image);
  await engine.docker("push", "--quiet", image);
  await engine.docker("rmi", image);
  await page.goto("/events?view=raw");
  await live(page);
  await engine.docker("pull", "--quiet", image);
  await expect(list(page).getByRole("button").filter({ hasText: image }).filter({ hasText: "pull" })).toBeVisible();
  await engine.docker("rmi", image);
});

test("docker events and the page list the same over a busy half minute", async ({ page, engine }) => {
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 1600, height: 1_200 });
  await page.goto("/events?view=raw");
  await live(page);

  const told = [];
  const events = engine.follow("events", "--format", "{{json .}}");
  try {
    let rest = "";
    events.stdout.on("data", (chunk) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop();
      // a timestamp in nanoseconds is more than a number of JavaScript holds: read as text, before it is rounded up
      const millis = (line) => Number(BigInt(/"timeNano":(\d+)/.exec(line)[1]) / 1_000_000n);
      told.push(...lines.map((line) => ({ ...JSON.parse(line), millis: millis(line) })));
    });
    // the last: those before it may have been told too late to be waited for, or not at all
    const heard = (action, name) => told.findLastIndex((event) => event.Action === action && event.Actor.ID === name);

    // the stream is open when it tells of a volume that is made now
    await expect
      .poll(async () => {
        await engine.docker("volume", "create", "first");
        if (heard("create", "first") >= 0) return true;
        await engine.docker("volume", "rm", "first");
        return false;
      })
      .toBe(true);

    const end = Date.now() + 30_000;
    for (let round = 0; Date.now() < end; round += 1) {
      const name = `busy-${round}`;
      await Promise.all([
        engine.docker("run", "--rm", "--name", name, "--volume", `${name}:/data`, "box:1", "sh", "-c", "exit 3").catch(() => {}),
        engine.docker("network", "create", name).then(() => engine.docker("network", "rm", name)),
        engine.docker("tag", "box:1", `busy:${round}`).then(() => engine.docker("rmi", `busy:${round}`)),
        engine.docker("exec", "quiet-1", "true"),
      ]);
      await engine.docker("volume", "rm", name);
    }
    await engine.docker("volume", "create", "last");
    await expect.poll(() => heard("create", "last")).toBeGreaterThan(0);
    await expect(list(page).getByRole("button").filter({ hasText: "last" }).first()).toBeVisible();

    // Each event by its time to the millisecond, type, name and action, as the page writes them.
    const expected = await page.evaluate(
      (events) =>
        events.map(({ Type, Action, Actor, millis }) => {
          const time = new Date(millis);
          const two = (figure) => String(figure).padStart(2, "0");
          const at = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
          const name = (Actor.Attributes?.name || Actor.ID).replace(/^(sha256:)?([0-9a-f]{12})[0-9a-f]{52}$/, "$2");
          return `${at}.${String(millis % 1000).padStart(3, "0")} ${Type} ${name} ${Action}`.trim();
        }),
      told.slice(heard("create", "first"), heard("create", "last") + 1),
    );
    await page.getByRole("button", { name: "Pause" }).click();
    const lines = await everyLine(page, "volume first create");
    // The daemon gives events of the same moment to each of its listeners in an order of its own: what counts is that each is
    // there, at its time.
    const shown = lines.reverse();
    const from = shown.findLastIndex((line) => line.endsWith("volume first create"));
    const to = shown.findIndex((line) => line.endsWith("volume last create"));
    expect(expected.length, "it was a busy half minute").toBeGreaterThan(150);
    expect(shown.slice(from, to + 1).sort()).toEqual(expected.sort());
  } finally {
    events.kill();
    await engine.docker("volume", "rm", "--force", "first", "last");
  }
});

/** The lines of a list of which only a part exists at a time, newest first, down to the one that ends in `last`. */
async function everyLine(page, last) {
  const frame = list(page).locator("..");
  const lines = new Map();
  for (;;) {
    await list(page).evaluate(filled);
    const seen = await list(page)
      .getByRole("button")
      .evaluateAll((buttons) =>
        buttons.map((button) => [
          Math.round(button.getBoundingClientRect().top - button.closest("ol").getBoundingClientRect().top),
          [...button.children].slice(0, 4).map((cell) => cell.textContent.trim()).join(" "),
        ]),
      );
    for (const [at, line] of seen) lines.set(at, line);
    if (seen.some(([, line]) => line.endsWith(last))) break;
    const before = await frame.evaluate((frame) => frame.scrollTop);
    await frame.evaluate((frame) => frame.scrollBy(0, frame.clientHeight / 2));
    if (before === (await frame.evaluate((frame) => frame.scrollTop))) break;
  }
  return [...lines].sort(([a], [b]) => a - b).map(([, line]) => line);
}

/** Waits until a list has all lines near what is seen: it makes some in each frame, and none when nothing is left to make. */
async function filled(list) {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const places = () => [...list.children].map((line) => Math.round(line.getBoundingClientRect().top)).join();
  for (let [before, still] = ["", 0]; still < 3; ) {
    await frame();
    const now = places();
    still = now === before ? still + 1 : 0;
    before = now;
  }
}
