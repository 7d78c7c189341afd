// The demo engine as a process of its own, which misbehaves on request (demo/src/control.rs).

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { BINARY } from "./bridge.js";

const PROGRAM = join(dirname(BINARY), "demo-engine");
const PATIENCE_MILLIS = 10_000;

export class Demo {
  #child;
  #dir;
  #ids;

  /** Starts one on which nothing happens but what each container does by its own nature, and what a test does. */
  static async start(containers) {
    const demo = new Demo();
    demo.#dir = await mkdtemp(join(tmpdir(), "daemonscope-demo-"));
    demo.#child = spawn(
      PROGRAM,
      ["--socket", demo.#socket("docker"), "--control", demo.#socket("control"), "--containers", `${containers}`, "--pace", "0"],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    await Promise.race([
      demo.#answers(),
      once(demo.#child, "error").then(([error]) => Promise.reject(error)),
      once(demo.#child, "exit").then(([code]) => Promise.reject(new Error(`the demo engine ended with ${code}`))),
    ]);
    const listed = JSON.parse(await demo.#ask("GET", "/containers/json?all=1"));
    demo.#ids = new Map(listed.map(({ Id, Names: [name] }) => [name.slice(1), Id]));
    return demo;
  }

  get host() {
    return `unix://${this.#socket("docker")}`;
  }

  async stop() {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
    await rm(this.#dir, { recursive: true });
  }

  /** Commands, one after the other. In a path a container may be named by its name: `/containers/NAME/stats`. */
  async does(...commands) {
    await this.#told(commands);
  }

  /** How many event streams are open, and what else it says of itself. */
  async status() {
    const [status] = await this.#told([{ do: "status" }]);
    return status;
  }

  async #told(commands) {
    const told = [];
    const hand = createConnection(this.#socket("control"));
    try {
      const answers = createInterface({ input: hand })[Symbol.asyncIterator]();
      for (const command of commands) {
        const line = JSON.stringify(this.#byId(command));
        hand.write(`${line}\n`);
        const { value } = await answers.next();
        const answer = JSON.parse(value ?? '{"error": "it answered nothing"}');
        if (answer.error) throw new Error(`${line}: ${answer.error}`);
        told.push(answer);
      }
      return told;
    } finally {
      hand.destroy();
    }
  }

  /** Something is done to a container, as `docker pause NAME` does it. */
  async docker(deed, name) {
    await this.#ask("POST", `/containers/${name}/${deed}`);
  }

  /** Faults are meant by the path as it is asked for, which is by the id. */
  #byId(command) {
    const [, name] = /^\/containers\/([^/]+)\//.exec(command.path ?? "") ?? [];
    return name ? { ...command, path: command.path.replace(name, this.#ids.get(name)) } : command;
  }

  async #ask(method, path) {
    const asked = request({ socketPath: this.#socket("docker"), path, method });
    asked.end();
    const [answer] = await once(asked, "response");
    const body = (await answer.toArray()).join("");
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${body}`);
    return body;
  }

  #socket(name) {
    return join(this.#dir, `${name}.sock`);
  }

  async #answers() {
    for (const limit = Date.now() + PATIENCE_MILLIS; ; await sleep(20)) {
      try {
        await this.does({ do: "hang", on: false });
        return;
      } catch (error) {
        if (Date.now() > limit) throw error;
      }
    }
  }
}
