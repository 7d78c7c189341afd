import { expect, live, test } from "../support/test.js";

test.use({ bridgeArgs: ["--demo", "--demo-containers", "5"] });

test("a container that does not exist is said to be none, and the rest goes on", async ({ page }) => {
  await page.goto("/containers/no-such-container");
  await live(page);
  await expect(page.getByRole("main")).toContainText("There is no container “no-such-container”");
  await page.getByRole("link", { name: "Show all containers" }).click();
  await expect(page.getByRole("rowheader").getByRole("link")).not.toHaveCount(0);
});

test("an address that leads nowhere is said to be none", async ({ page }) => {
  await page.goto("/no/such/place");
  await expect(page.getByRole("main")).toContainText("There is no page at this address");
});

test("a filter that is none is said to be none, and the list stays", async ({ page }) => {
  const lines = page.getByRole("list", { name: "Stories, newest first" }).getByRole("button");
  for (const [filter, why] of [
    ["nonsense=1", /nonsense/],
    ["event=", /event|value|=/],
    ["container", /=|container/],
  ]) {
    await page.goto(`/events?filter=${encodeURIComponent(filter)}`);
    await live(page);
    const field = page.getByRole("searchbox", { name: "Filter" }).or(page.getByRole("combobox", { name: "Filter" }));
    await expect(field).toHaveValue(filter);
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByRole("status").filter({ hasText: why })).toBeVisible();
    await expect(lines).not.toHaveCount(0);
    await field.fill("type=container");
    await expect(field).toHaveAttribute("aria-invalid", "false");
    await expect(page).toHaveURL(/filter=type(=|%3D)container/);
  }
});
