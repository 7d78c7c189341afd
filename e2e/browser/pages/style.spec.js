import { readFile } from "node:fs/promises";

import { expect, test } from "../support/test.js";

const STATIC = new URL("../../../static/", import.meta.url);

/** The rules of a stylesheet as the browser understands them; spaces that mean nothing are alike. */
async function rules(page, sheet) {
  await page.setContent("<style></style>");
  const found = await page.evaluate((sheet) => {
    const style = document.querySelector("style");
    style.textContent = sheet;
    const all = (rules) =>
      [...rules].flatMap((rule) =>
        rule.cssRules?.length && !rule.style ? [rule.conditionText ?? rule.name ?? "", ...all(rule.cssRules)] : [rule.cssText],
      );
    return all(style.sheet.cssRules);
  }, sheet);
  return found.map((rule) => rule.replace(/\s+/g, " ").replace(/ ?([,/]) ?/g, "$1").replace(/: /g, ":"));
}

test.use({ bridgeArgs: ["--demo"] });

test("the one stylesheet that is served means what its sources say", async ({ page, bridge }) => {
  const index = await readFile(new URL("index.html", STATIC), "utf8");
  const names = [...index.matchAll(/<link rel="stylesheet" href="([^"]+)">/g)].map(([, name]) => name);
  const sources = await Promise.all(names.map((name) => readFile(new URL(name, STATIC), "utf8")));
  const served = await (await fetch(bridge.url)).text();
  const [, name] = /<link rel="stylesheet" href="([^"]+)">/.exec(served);
  const sheet = await (await fetch(new URL(name, bridge.url))).text();
  expect(sheet.length).toBeLessThan(sources.join("").length);
  expect(await rules(page, sheet)).toEqual(await rules(page, sources.join("\n")));
});
