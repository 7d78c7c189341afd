// page-bytes.mjs URL: what the first visit of the page loads, and how large each file is in each form. Prints
// {"requests":…,"heads":…,"bodies":…,"files":[{"path":…,"plain":…,"gzip":…,"brotli":…}]}, in bytes.

import http from "node:http";

import { chromium } from "@playwright/test";

import configuration from "../playwright.config.js";

const [url] = process.argv.slice(2);

/** The bytes of a body as it is served to one who takes this coding. */
function served(file, coding) {
  return new Promise((resolve, reject) => {
    const request = http.get(file, { headers: { "Accept-Encoding": coding } }, (response) => {
      let bytes = 0;
      response.on("data", (chunk) => (bytes += chunk.length));
      response.on("end", () => resolve(bytes));
    });
    request.on("error", reject);
  });
}

const browser = await chromium.launch(configuration.use.launchOptions);
try {
  const page = await browser.newPage();
  const loaded = [];
  page.on("requestfinished", (request) => loaded.push(request));
  await page.goto(url);
  await page.getByRole("status").filter({ hasText: "Connection: live" }).waitFor();
  await page.waitForLoadState("networkidle");

  const result = { requests: loaded.length, heads: 0, bodies: 0, files: [] };
  for (const request of loaded) {
    const { responseHeadersSize, responseBodySize } = await request.sizes();
    result.heads += responseHeadersSize;
    result.bodies += responseBodySize;
    const [plain, gzip, brotli] = await Promise.all(["identity", "gzip", "br"].map((coding) => served(request.url(), coding)));
    result.files.push({ path: new URL(request.url()).pathname, plain, gzip, brotli });
  }
  console.log(JSON.stringify(result));
} finally {
  await browser.close();
}
