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
