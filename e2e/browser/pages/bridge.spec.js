import { Bridge } from "../support/bridge.js";
import { connection, expect, live, test } from "../support/test.js";

const DEMO = ["--demo", "--demo-containers", "5"];

test.use({
  bridgeArgs: DEMO,
  // the browser's own word for a bridge that is not there
  expectedComplaints: [/WebSocket connection to .* failed/],
});

test("a bridge that ends and is started again is waited for, and the page goes on", async ({ page, bridge }) => {
  await page.goto("/containers");
  await live(page);
  const names = page.getByRole("rowheader").getByRole("link");
  await expect(names).toHaveCount(5);
  const places = page.getByRole("navigation");
  const place = await places.boundingBox();

  await bridge.stop();
  await expect(connection(page)).toHaveText("Connection: reconnecting");
  await expect(names, "what was known stays, greyed").toHaveCount(5);
  await expect(page.locator(".app")).toHaveClass(/is-stale/);
  await expect(page.getByText("The bridge does not answer")).toBeVisible({ timeout: 15_000 });
  expect(await places.boundingBox(), "no link moves away from under a click").toEqual(place);

  const again = await Bridge.start(["--listen", new URL(bridge.url).host, ...DEMO]);
  try {
    await live(page, 20_000);
    await expect(page.locator(".app")).not.toHaveClass(/is-stale/);
    await expect(names).toHaveCount(5);
  } finally {
    await again.stop();
  }
});
