// A real Docker engine, by the scripts in e2e/engine.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const script = (name) => fileURLToPath(new URL(`../../engine/${name}.sh`, import.meta.url));

const RELEASE = process.env.ENGINE_RELEASE ?? "20";

export class Engine {
  #guard;

  constructor(dir) {
    this.dir = dir;
  }

  get host() {
    if (!this.dir) throw new Error("ENGINE_DIR names no engine: `cargo xtask test --only e2e-20` starts one");
    return `unix://${this.dir}/docker.sock`;
  }

  /** The engine that `cargo xtask test` has started for all tests of this run; what shows the demo engine needs none. */
  static shared() {
    return new Engine(process.env.ENGINE_DIR);
  }

  /** One of its own, without containers, for what would disturb others. It goes when this process goes. `options` of up.sh. */
  static async own(...options) {
    const parent = await mkdtemp(join(tmpdir(), "daemonscope-own-"));
    const engine = new Engine(join(parent, "engine"));
    engine.#guard = spawn("setsid", [script("guard"), engine.dir], { stdio: ["pipe", "ignore", "inherit"] });
    const cache = process.env.ENGINE_CACHE ? ["-c", process.env.ENGINE_CACHE] : [];
    await run(script("up"), ["-e", RELEASE, ...cache, ...options, engine.dir]);
    return engine;
  }

  /** Takes down an engine of one's own. */
  async down() {
    const ended = new Promise((resolve) => this.#guard.once("exit", resolve));
    this.#guard.stdin.end();
    await ended;
    await rm(join(this.dir, ".."), { recursive: true, force: true });
  }

  /** The docker command of the engine's release; gives back what it prints. */
  async docker(...args) {
    const { stdout } = await run(join(this.dir, "docker"), args, { maxBuffer: 64 * 1024 * 1024 });
    return stdout.trim();
  }

  /** A docker command that goes on; gives back its process. */
  follow(...args) {
    return spawn(join(this.dir, "docker"), args, { stdio: ["ignore", "pipe", "inherit"] });
  }

  /** What happens to the daemon: start, stop, kill, hang, resume. */
  async daemon(what) {
    await run(script("daemon"), [this.dir, what]);
  }
}
