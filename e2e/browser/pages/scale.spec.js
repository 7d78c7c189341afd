// A thousand containers under a person's hands. How long a task takes depends on the machine, so that is told and not
// judged here (`e2e/bench/page-cost.mjs` measures it); what is judged is how much there is of it.

import { MainThread } from "../support/main-thread.js";
import { expect, live, test } from "../support/test.js";

test.use({ bridgeArgs: ["--demo", "--demo-containers", "1000"] });
// the demo engine and the bridge are built for tests here, and a thousand of anything takes them a while
test.slow();

const ROWS = "tbody tr[role=row]";

test("a thousand containers are scrolled through and searched, and few rows exist at any time", async ({ page }) => {
  await page.goto("/containers");
  await live(page, 30_000);
  const frame = page.locator(".table-frame");
  const names = page.getByRole("rowheader").getByRole("link");
  await expect(names.first()).toBeVisible();
  const thread = await MainThread.of(page);
  const most = Math.ceil(page.viewportSize().height / 32) + 1 + 2 * 12 + 2 * 8;
  const expectFewRows = async () => expect(await page.locator(ROWS).count()).toBeLessThanOrEqual(most);
  const told = (what, tasks) =>
    test.info().annotations.push({ type: what, description: `longest tasks: ${tasks.slice(0, 5).join(", ")} ms of CPU` });

  const last = await page.locator("table.containers").getAttribute("aria-rowcount");
  expect(Number(last)).toBeGreaterThan(1000);
  const scrolled = await thread.tasks(async () => {
    await frame.hover();
    const bottom = await frame.evaluate((frame) => frame.scrollHeight - frame.clientHeight);
    for (let at = 0; at < bottom; at += 1500) {
      await page.mouse.wheel(0, 1500);
      await expectFewRows();
    }
    await expect.poll(() => frame.evaluate((frame) => Math.ceil(frame.scrollTop + frame.clientHeight) >= frame.scrollHeight - 1)).toBe(true);
  });
  told("scrolling", scrolled);
  const end = page.locator(`${ROWS}[aria-rowindex="${last}"]`);
  await expect(end, "the last row is the end of the list").toBeInViewport();
  await expectFewRows();

  const search = page.getByRole("searchbox");
  const searched = await thread.tasks(async () => {
    await search.pressSequentially("minecraft", { delay: 30 });
    await expect(page.locator(".search-end")).toHaveText(/^\d+ hidden$/);
    await expect(names.first()).toHaveText(/minecraft/);
    await expectFewRows();
    await search.fill("");
    await expect(page.locator(".search-end")).toHaveText("");
    await expectFewRows();
  });
  told("searching", searched);
});
