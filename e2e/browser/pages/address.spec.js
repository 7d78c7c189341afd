import { expect, live, test } from "../support/test.js";

test.use({ bridgeArgs: ["--demo", "--demo-containers", "40"] });

const heading = (page, name) => page.getByRole("heading", { level: 1, name, exact: true });
const place = (page, name) => page.getByRole("navigation").getByRole("link", { name, exact: true });

/** What is lost when a page is loaded anew. */
const mark = (page) => page.evaluate(() => (globalThis.mark = true));
const isMarked = (page) => page.evaluate(() => globalThis.mark === true);

test("the way back and forward leads through the places without loading anything", async ({ page }) => {
  await page.goto("/");
  await live(page);
  await mark(page);
  await place(page, "Containers").click();
  await expect(heading(page, "Containers")).toBeAttached();
  const first = page.getByRole("rowheader").getByRole("link").first();
  const name = await first.textContent();
  await first.click();
  await expect(heading(page, name)).toBeVisible();
  await expect(place(page, "Containers")).toHaveAttribute("aria-current", "page");
  await page.goBack();
  await expect(heading(page, "Containers")).toBeAttached();
  await page.goBack();
  await expect(heading(page, "Overview")).toBeAttached();
  await expect(place(page, "Containers")).not.toHaveAttribute("aria-current", "page");
  await page.goForward();
  await page.goForward();
  await expect(heading(page, name)).toBeVisible();
  expect(await isMarked(page)).toBe(true);
});

test("what a place is asked for is in its address, and there again on the way back", async ({ page }) => {
  await page.goto("/containers?q=web%20x");
  await live(page);
  const search = page.getByRole("searchbox");
  await expect(search).toHaveValue("web x");
  await search.fill("a&b=c 한글");
  await expect(page).toHaveURL(/\/containers\?q=a%26b%3Dc%20%ED%95%9C%EA%B8%80$/);
  await place(page, "Engine").click();
  await expect(heading(page, "Engine")).toBeAttached();
  await expect(page).toHaveURL(/\/engine$/);
  await page.goBack();
  await expect(search).toHaveValue("a&b=c 한글");
  await page.reload();
  await expect(search).toHaveValue("a&b=c 한글");
});

test("a link that is asked for in a tab of its own leaves this one as it is", async ({ page, context }) => {
  await page.goto("/containers");
  await live(page);
  const opened = context.waitForEvent("page");
  await place(page, "Events").click({ modifiers: ["ControlOrMeta"] });
  const other = await opened;
  await expect(heading(other, "Events")).toBeAttached();
  await expect(heading(page, "Containers")).toBeAttached();
  await expect(page).toHaveURL(/\/containers$/);
});

test("an address that leads nowhere says so, and leads on", async ({ page }) => {
  await page.goto("/containers/a/b");
  await expect(page.getByText("There is no page at this address")).toBeVisible();
  await page.getByRole("link", { name: "Go to the overview" }).click();
  await expect(heading(page, "Overview")).toBeAttached();
});
