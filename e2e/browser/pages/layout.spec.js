import { check } from "../support/axe.js";
import { sideways } from "../support/sideways.js";
import { expect, live, test } from "../support/test.js";

test.use({ bridgeArgs: ["--demo", "--demo-containers", "40"] });

const PLACES = {
  "/": "Overview",
  "/containers": "Containers",
  "/events": "Events",
  "/usage": "Disk usage",
  "/engine": "Engine",
};

/** Opens a place, or the page of the first container, with what it shows already there. */
async function open(page, place) {
  await page.goto(place === "/containers/one" ? "/containers" : place);
  await live(page);
  if (place === "/containers/one") await page.getByRole("rowheader").getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator(".is-loading")).toHaveCount(0);
}

test("the five places are a click away from each other", async ({ page }) => {
  await open(page, "/");
  for (const [path, name] of Object.entries(PLACES).reverse()) {
    const link = page.getByRole("navigation").getByRole("link", { name, exact: true });
    await link.click();
    await expect(page).toHaveURL(new RegExp(`${path}(\\?.*)?$`));
    await expect(page.getByRole("heading", { level: 1, name })).toBeAttached();
    await expect(link).toHaveAttribute("aria-current", "page");
  }
});

test("the demo engine says on every page that it is made up", async ({ page }) => {
  for (const place of Object.keys(PLACES)) {
    await open(page, place);
    await expect(page.getByText("these containers are made up")).toBeVisible();
    await expect(page.getByText("DOCKER_HOST").first()).toBeVisible();
  }
});

for (const place of [...Object.keys(PLACES), "/containers/one"]) {
  test(`${place} fits a screen of 360 px`, async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open(page, place);
    expect(await sideways(page)).toEqual([]);
    await check(page);
  });

  for (const colorScheme of ["dark", "light"]) {
    test(`${place} has nothing that axe objects to, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await open(page, place);
      await check(page);
    });
  }
}
