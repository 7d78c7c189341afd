import { expect, live, test } from "../support/test.js";

test("the usage table says what docker system df says, cell by cell", async ({ page, engine }) => {
  // what changes by itself would be another size at the next reading
  await engine.docker("stop", "--time", "0", "crashloop-1", "shop-db-1");
  await page.goto("/usage");
  await live(page);
  const table = page.getByRole("table").filter({ has: page.getByRole("columnheader", { name: "RECLAIMABLE" }) });
  // an engine of release 20 has no answer for a second who asks while it reckons
  await expect(table).toBeVisible();
  const format = "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}";
  const told = (await engine.docker("system", "df", "--format", format)).split("\n").map((line) => line.split("\t"));
  expect(told.map(([type]) => type)).toEqual(["Images", "Containers", "Local Volumes", "Build Cache"]);
  for (const cells of told) {
    const shown = table.getByRole("row").filter({ has: page.getByRole("rowheader", { name: cells[0], exact: true }) });
    await expect(shown.getByRole("cell")).toHaveText(cells.slice(1));
  }
  await expect(page.getByText(/^read /)).toBeVisible();
  await expect(page.getByText(/^took /)).toBeVisible();
});
