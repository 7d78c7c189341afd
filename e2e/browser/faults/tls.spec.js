// TLS with a real engine that asks who we are. Its port is in its own network namespace; a relay brings it here, byte for byte.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Bridge } from "../support/bridge.js";
import { Authority } from "../support/certificates.js";
import { Engine } from "../support/engine.js";
import { handOn } from "../support/relay.js";
import { connection, expect, live, row, test as base } from "../support/test.js";

const PORT = 2376;

const test = base.extend({
  certificates: [
    async ({}, use) => {
      const dir = await mkdtemp(join(tmpdir(), "daemonscope-tls-"));
      await use({ dir, ours: await Authority.make(dir, "ours"), theirs: await Authority.make(dir, "theirs") });
      await rm(dir, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],

  engine: [
    async ({ certificates }, use) => {
      const { dir, ours } = certificates;
      const server = join(dir, "server");
      await mkdir(server);
      await shown(server, ours, { names: ["IP:127.0.0.1"] });
      await writeFile(join(server, "ca.pem"), await ours.certificate());
      const engine = await Engine.own("-t", server);
      engine.certificates = server;
      await use(engine);
      await engine.down();
    },
    { scope: "worker", timeout: 120_000 },
  ],

  /** Where the engine's port is reached from here. */
  host: [
    async ({ engine }, use) => {
      const socket = join(engine.dir, "relay.sock");
      const script = new URL("../support/relay.js", import.meta.url).pathname;
      const inside = spawn("nsenter", [`--net=${engine.dir}/netns`, process.execPath, script, socket, String(PORT)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(inside.stdout, "data");
      const outside = handOn({ path: socket });
      await new Promise((resolve) => outside.listen(0, "127.0.0.1", resolve));
      await use(`tcp://127.0.0.1:${outside.address().port}`);
      outside.close();
      inside.kill();
      await once(inside, "exit");
    },
    { scope: "worker" },
  ],

  /** The folder that DOCKER_CERT_PATH names. */
  folder: async ({ certificates, engine }, use) => {
    const folder = await mkdtemp(join(certificates.dir, "client-"));
    await use(folder);
  },

  bridge: async ({ host, folder }, use) => {
    const bridge = await Bridge.start(["--listen", "127.0.0.1:0"], {
      DOCKER_HOST: host,
      DOCKER_TLS_VERIFY: "1",
      DOCKER_CERT_PATH: folder,
    });
    await use(bridge);
    expect(await bridge.stop(), "the bridge ends by itself").toMatchObject({ code: 0, signal: null });
  },
});

test.describe.configure({ mode: "serial", timeout: 180_000 });

/** What the daemon shows from its next start on. */
async function shown(folder, authority, leaf) {
  const { certificate, key } = await authority.sign({ purpose: "server", ...leaf });
  await writeFile(join(folder, "server-cert.pem"), certificate);
  await writeFile(join(folder, "server-key.pem"), key);
}

async function given(folder, { ca, client }) {
  if (ca) await writeFile(join(folder, "ca.pem"), await ca.certificate());
  if (client) {
    await writeFile(join(folder, "cert.pem"), client.certificate);
    await writeFile(join(folder, "key.pem"), client.key);
  }
}

/** The page says so, and so does the log. */
async function says(page, bridge, onThePage, inTheLog) {
  await expect(page.getByText(onThePage).first()).toBeVisible({ timeout: 40_000 });
  await expect(connection(page)).toHaveText("Connection: not connected");
  await expect.poll(() => bridge.log).toMatch(inTheLog);
}

test.beforeAll(async ({ engine }) => {
  const { execFileSync } = await import("node:child_process");
  execFileSync("sh", ["-c", `tar -c -T /dev/null | "${engine.dir}/docker" import - empty:1`]);
  await engine.docker("create", "--name", "bystander", "empty:1", "/x");
});

test("each thing that is wrong with our side has its own word, and what is put right needs no restart", async ({
  page,
  bridge,
  folder,
  certificates,
}) => {
  const { ours, theirs } = certificates;
  await page.goto("/engine");
  await says(page, bridge, `There is no ${folder}/ca.pem`, /ca\.pem is missing/);

  await given(folder, { ca: theirs });
  await says(page, bridge, "is not signed by an authority in ca.pem", /no authority in ca\.pem signed/);

  await given(folder, { ca: ours });
  await says(page, bridge, "asks who daemonscope is", /asks for a certificate and there is none/);

  await given(folder, { client: await ours.sign({ purpose: "client", expired: true }) });
  await says(page, bridge, "expired on 2021-01-01", /our certificate cert\.pem expired on 2021-01-01/);

  await given(folder, { client: await theirs.sign({ purpose: "client" }) });
  await says(page, bridge, "does not know the authority that signed", /does not know the authority that signed our/);

  const first = await ours.sign({ purpose: "client" });
  const second = await ours.sign({ purpose: "client" });
  await given(folder, { client: { certificate: first.certificate, key: second.key } });
  await says(page, bridge, "is not the key of the certificate beside it", /is not the key of the certificate/);

  await given(folder, { client: first });
  await live(page, 40_000);
  await page.getByRole("link", { name: "Containers" }).first().click();
  await expect(row(page, "bystander")).toBeVisible();
  for (const line of first.key.split("\n").filter((line) => line && !line.startsWith("-----"))) {
    expect(bridge.log, "no key in the log").not.toContain(line);
  }
});

test("each thing that is wrong with the daemon's certificate has its own word", async ({
  page,
  bridge,
  folder,
  certificates,
  engine,
}) => {
  const { ours } = certificates;
  await given(folder, { ca: ours, client: await ours.sign({ purpose: "client" }) });
  await page.goto("/containers");
  await live(page, 40_000);
  await expect(row(page, "bystander")).toBeVisible();

  await shown(engine.certificates, ours, { names: ["IP:127.0.0.1"], expired: true });
  await engine.daemon("stop");
  await engine.daemon("start");
  await says(page, bridge, "expired on 2021-01-01", /the daemon's certificate expired on 2021-01-01/);

  await shown(engine.certificates, ours, { names: ["DNS:elsewhere.lan", "IP:198.51.100.7"] });
  await engine.daemon("stop");
  await engine.daemon("start");
  await says(page, bridge, "is not for 127.0.0.1. It is for elsewhere.lan, 198.51.100.7", /is not for 127\.0\.0\.1 but for/);

  await shown(engine.certificates, ours, { names: ["IP:127.0.0.1"] });
  await engine.daemon("stop");
  await engine.daemon("start");
  await live(page, 40_000);
  await engine.docker("create", "--name", "after-all", "empty:1", "/x");
  await expect(row(page, "after-all")).toContainText("created");
});
