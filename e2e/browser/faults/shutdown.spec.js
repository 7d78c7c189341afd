// A look-up of a name is the system's: nothing can stop it, and it may take minutes.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "@playwright/test";

import { Bridge } from "../support/bridge.js";

// In a network of its own, whose one name server is at an address that swallows everything.
const SILENT_NAMES = `
  ip link set lo up
  ip link add near type veth peer name far
  ip address add 198.51.100.1/24 dev near
  ip link set near up
  ip link set far up
  ip neighbour add 198.51.100.53 lladdr 02:00:00:00:00:35 dev near nud permanent
  mount --bind "$0" /etc/resolv.conf
  exec "$@"`;

test("a bridge that looks up a name in vain ends when it is told to", async () => {
  const dir = await mkdtemp(join(tmpdir(), "daemonscope-names-"));
  const resolver = join(dir, "resolv.conf");
  await writeFile(resolver, "nameserver 198.51.100.53\noptions timeout:30 attempts:5\n");
  const inside = ["unshare", "--net", "--mount", "sh", "-e", "-c", SILENT_NAMES, resolver];
  const bridge = await Bridge.start(["--listen", "127.0.0.1:0", "--log", "info", "--host", "tcp://nas.example:2375"], {}, inside);
  await expect.poll(() => bridge.log).toContain("no connection after 4 s");
  const { code, signal, millis } = await bridge.stop();
  expect({ code, signal }).toEqual({ code: 0, signal: null });
  expect(millis, "it does not wait for the name").toBeLessThan(5_000);
  await rm(dir, { recursive: true });
});
