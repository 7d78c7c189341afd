import { expect, live, test } from "../support/test.js";

test.use({ bridgeArgs: ["--demo", "--demo-containers", "2"] });

test("the page can be installed, with icons that are what they say", async ({ page }) => {
  await page.goto("/engine");
  await live(page);
  const cdp = await page.context().newCDPSession(page);
  const { installabilityErrors } = await cdp.send("Page.getInstallabilityErrors");
  // a test's window keeps nothing, which is the only reason why a browser would not
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);

  const { url, data } = await cdp.send("Page.getAppManifest");
  const { name, start_url, scope, icons } = JSON.parse(data);
  expect(name).toBe("daemonscope");
  const home = new URL("/", page.url()).href;
  expect([start_url, scope].map((path) => new URL(path, url).href)).toEqual([home, home]);
  for (const { src, sizes, type } of icons) {
    const answer = await page.request.get(new URL(src, url).href);
    expect(answer.headers()["content-type"]).toBe(type);
    if (sizes === "any") continue;
    // PNG's first chunk, IHDR, begins with the width and the height
    const bytes = await answer.body();
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes);
  }
});
