import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

import { expect } from "@playwright/test";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Every rule of axe, by the browser's own hand: the page's policy lets no script in. */
export async function check(page) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} (${node.failureSummary})`).join("\n  ")}`);
  });
  expect(violations).toEqual([]);
}
