// The real bridge, as a person starts it, on a port of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export const BINARY =
  process.env.DAEMONSCOPE_BIN ?? fileURLToPath(new URL("../../../target/debug/daemonscope", import.meta.url));

export class Bridge {
  #child;
  #ended;
  log = "";

  /** Starts the bridge, by another command if there is one, and waits until it says where it serves. */
  static async start(args, environment = {}, by = []) {
    const bridge = new Bridge();
    const { DOCKER_HOST, DOCKER_TLS, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH, DAEMONSCOPE_LISTEN, ...inherited } = process.env;
    const [command, ...rest] = [...by, BINARY, ...args];
    bridge.#child = spawn(command, rest, { env: { ...inherited, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
    bridge.#ended = once(bridge.#child, "exit");
    bridge.url = await new Promise((resolve, reject) => {
      const hear = (chunk) => {
        bridge.log += chunk;
        const address = /http:\/\/[^\s/]+/.exec(bridge.log);
        if (address) resolve(`${address[0]}/`);
      };
      bridge.#child.stdout.on("data", hear);
      bridge.#child.stderr.on("data", hear);
      bridge.#child.once("error", reject);
      bridge.#child.once("exit", (code) => reject(new Error(`the bridge ended with ${code}:\n${bridge.log}`)));
    });
    return bridge;
  }

  get pid() {
    return this.#child.pid;
  }

  /** Ends the bridge in the midst of things. */
  async kill() {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** Ends the bridge as a service manager does; gives back how it ended and after how long. */
  async stop() {
    const start = Date.now();
    this.#child.kill("SIGTERM");
    const limit = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
    const [code, signal] = await this.#ended;
    clearTimeout(limit);
    return { code, signal, millis: Date.now() - start };
  }
}
