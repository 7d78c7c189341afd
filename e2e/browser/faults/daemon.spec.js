import { connection, expect, live, row, testOfOwnEngine as test } from "../support/test.js";

test.describe.configure({ mode: "serial", timeout: 120_000 });

const away = (page, timeout) => expect(connection(page)).toHaveText("Connection: not connected", { timeout });

/** The page shows containers again: those there were, and one that comes now. */
async function recovered(page, engine, name) {
  await live(page, 30_000);
  await engine.docker("create", "--name", name, "empty:1", "/x");
  await expect(row(page, name)).toContainText("created", { timeout: 5_000 });
}

test.beforeAll(async ({ engine }) => {
  const { execFileSync } = await import("node:child_process");
  execFileSync("sh", ["-c", `tar -c -T /dev/null | "${engine.dir}/docker" import - empty:1`]);
  await engine.docker("create", "--name", "bystander", "empty:1", "/x");
});

test.beforeEach(async ({ page }) => {
  await page.goto("/containers");
  await live(page);
  await expect(row(page, "bystander")).toBeVisible();
});

test("a daemon that is killed and started again", async ({ page, engine }) => {
  await engine.daemon("kill");
  await away(page, 5_000);
  await expect(row(page, "bystander"), "what was known stays, greyed").toBeVisible();
  await expect(page.locator(".app")).toHaveClass(/is-stale/);
  await expect(page.locator("p", { hasText: "Docker daemon" }).first()).toBeVisible();
  await engine.daemon("start");
  await recovered(page, engine, "after-kill");
});

test("a daemon that is stopped and started again", async ({ page, engine }) => {
  await engine.daemon("stop");
  await away(page, 5_000);
  await expect(page.getByText(/There is no socket at|ended the connection/).first()).toBeVisible();
  await engine.daemon("start");
  await recovered(page, engine, "after-stop");
});

test("a daemon that hangs and goes on", async ({ page, engine }) => {
  await engine.daemon("hang");
  try {
    // 30 s without an event, then a call that is not answered
    await away(page, 60_000);
    await expect(page.getByText("accepts connections and answers nothing").first()).toBeVisible();
  } finally {
    await engine.daemon("resume");
  }
  await recovered(page, engine, "after-hang");
});

test("a daemon that is not there yet when the page is opened", async ({ page, engine }) => {
  await engine.daemon("stop");
  await page.goto("/engine");
  await away(page, 10_000);
  await engine.daemon("start");
  await live(page, 30_000);
  await page.getByRole("link", { name: "Containers" }).first().click();
  await expect(row(page, "bystander")).toBeVisible();
});
