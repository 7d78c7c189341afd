import { expect, live, median, row, test } from "../support/test.js";

// A second is what the page promises, measured from when the docker command has returned.
const AT_ONCE = { timeout: 1_000 };

test.beforeEach(async ({ page }) => {
  await page.goto("/containers");
  await live(page);
  await expect(row(page, "quiet-1")).toBeVisible();
});

test("docker run shows its row within a second, and docker stop changes it", async ({ page, engine }) => {
  await engine.docker("run", "--detach", "--name", "newcomer", "box:1", "sleep", "1000");
  await expect(row(page, "newcomer")).toContainText("running", AT_ONCE);

  await engine.docker("stop", "--time", "0", "newcomer");
  await expect(row(page, "newcomer")).toContainText("exited", AT_ONCE);
  await expect(row(page, "newcomer")).toContainText("exit 137");

  await engine.docker("rename", "newcomer", "oldtimer");
  await expect(row(page, "oldtimer")).toBeVisible(AT_ONCE);

  await engine.docker("rm", "oldtimer");
  await expect(row(page, "oldtimer")).toHaveCount(0, AT_ONCE);
});

test("every state has its word", async ({ page }) => {
  // the word of its state, and how it ended where it did: each in its own cell, for a name may have the word in it
  const states = {
    "healthy-1": ["healthy"],
    "sick-1": ["unhealthy"],
    "quiet-1": ["running"],
    "paused-1": ["paused"],
    "exited-0": ["exited", /^exit 0,/],
    "exited-3": ["exited", /^exit 3,/],
    "oom-1": ["exited", /^exit 137,/],
    "killed-1": ["exited", /^exit 137,/],
    "created-1": ["created"],
  };
  for (const [name, [word, end]] of Object.entries(states)) {
    const cells = row(page, name).getByRole("cell");
    await expect(cells.first()).toHaveText(word);
    if (end) await expect(cells.filter({ hasText: end })).toHaveCount(1);
  }
});

test("the figures of a throttled container agree with docker stats", async ({ page, engine }) => {
  await engine.docker(
    ...["run", "--detach", "--name", "burner", "--cpus", "0.5", "--memory", "96m", "--shm-size", "64m", "box:1"],
    ...["sh", "-c", "dd if=/dev/zero of=/dev/shm/held bs=1M count=40 2>/dev/null; while :; do :; done"],
  );
  const stats = engine.follow("stats", "--format", "{{.CPUPerc}} {{.MemUsage}}", "burner");
  try {
    // what the command shows now; it repaints its screen twice for each sample
    let told;
    let rest = "";
    stats.stdout.on("data", (chunk) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop();
      for (const line of lines) told = sample(line) ?? told;
    });
    const burner = row(page, "burner");
    const here = [];
    const there = [];
    await expect
      .poll(
        async () => {
          const shown = sample(await burner.innerText());
          // the first sample of a stream is none
          if (shown && told && told.cpu > 0) {
            here.push(shown);
            there.push(told);
          }
          return here.length;
        },
        { intervals: [1_000], timeout: 40_000 },
      )
      .toBe(10);

    const cpu = [here, there].map((samples) => median(samples.map(({ cpu }) => cpu)));
    expect(Math.abs(cpu[0] - cpu[1]), `CPU % here and there: ${cpu}`).toBeLessThanOrEqual(5);
    // half a CPU, or what a busy machine leaves of it
    expect(cpu[1], "the container is busy").toBeGreaterThan(5);
    expect(cpu[1], "the container is held by --cpus 0.5").toBeLessThan(60);
    const memory = [here, there].map((samples) => median(samples.map(({ memory }) => memory)));
    expect(Math.abs(memory[0] / memory[1] - 1), `memory here and there: ${memory}`).toBeLessThanOrEqual(0.02);
  } finally {
    stats.kill();
    await engine.docker("rm", "--force", "burner");
  }
});

test("one container has a page, by its name and by its id", async ({ page, engine }) => {
  await row(page, "shop-web-1").getByRole("link", { name: "shop-web-1" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "shop-web-1" })).toBeVisible();
  await expect(page.getByText("running").first()).toBeVisible();

  const id = await engine.docker("inspect", "--format", "{{.Id}}", "shop-db-1");
  for (const reference of ["shop-db-1", id.slice(0, 12), id]) {
    await page.goto(`/containers/${reference}`);
    await expect(page.getByRole("heading", { level: 1, name: "shop-db-1" })).toBeVisible();
  }
});

/** The CPU % and the memory, in bytes, of a line of either table. */
function sample(words) {
  const cpu = /(\d[\d.]*)%/.exec(words);
  const memory = /(\d[\d.]*)([KMG])iB/.exec(words);
  return cpu && memory
    ? { cpu: Number(cpu[1]), memory: Number(memory[1]) * 1024 ** { K: 1, M: 2, G: 3 }[memory[2]] }
    : undefined;
}
