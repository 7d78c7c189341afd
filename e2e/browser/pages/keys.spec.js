import { check } from "../support/axe.js";
import { expect, live, test } from "../support/test.js";

test.use({ bridgeArgs: ["--demo", "--demo-containers", "80"] });

const focused = (page) => page.evaluate(() => document.activeElement.textContent);

test("all containers are gone through with the keyboard, far beyond what is seen, and one is opened", async ({ page }) => {
  await page.goto("/containers?group=none");
  await live(page);
  const names = page.getByRole("rowheader").getByRole("link");
  await expect(names.first()).toBeVisible();
  const first = await names.first().innerText();
  await page.keyboard.press("j");
  expect(await focused(page)).toBe(first);
  await page.keyboard.press("ArrowDown");
  const second = await focused(page);
  expect(second).not.toBe(first);
  await page.keyboard.press("k");
  expect(await focused(page)).toBe(first);

  const seen = new Set([first]);
  for (let step = 0; step < 79; step += 1) {
    const before = await focused(page);
    await page.keyboard.press("j");
    await expect.poll(() => focused(page)).not.toBe(before);
    seen.add(await focused(page));
  }
  expect(seen.size).toBe(80);
  await expect(page.locator(":focus")).toBeInViewport({ ratio: 1 });
  const last = await focused(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: last })).toBeVisible();
});

test("the slash leads to the search, and letters typed there are letters", async ({ page }) => {
  for (const [place, name] of [["/containers", "Search containers"], ["/events", /^Filter/]]) {
    await page.goto(place);
    await live(page);
    await page.keyboard.press("/");
    const field = page.getByRole(place === "/events" ? "combobox" : "searchbox", { name });
    await expect(field).toBeFocused();
    await page.keyboard.type("jk?/");
    await expect(field).toHaveValue("jk?/");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
  }
});

test("a story is opened with the keyboard", async ({ page }) => {
  await page.goto("/events");
  await live(page);
  await expect(page.locator(".event-row").first()).toBeVisible();
  await page.keyboard.press("j");
  const story = page.locator(".event-row:focus");
  await expect(story).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("Enter");
  await expect(page.locator(".event-row[aria-expanded=true]")).toHaveCount(1);
});

test("the question mark tells the keys", async ({ page }) => {
  await page.goto("/");
  await live(page);
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await expect(keys).toBeVisible();
  await check(page);
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  await page.getByRole("button", { name: "Keys" }).click();
  await expect(keys).toBeVisible();
  await keys.getByRole("button", { name: "Close" }).click();
  await expect(keys).toBeHidden();
});
