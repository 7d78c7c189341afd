// The live socket's binary messages, by the code that bridge and page use: protocol/examples/wire.rs.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export class Wire {
  #child;
  #waiting = [];

  constructor(program) {
    this.#child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#waiting.shift().resolve(line));
    const end = (why) => this.#waiting.splice(0).forEach(({ reject }) => reject(new Error(`${program}: ${why}`)));
    this.#child.once("error", (error) => end(error.message));
    this.#child.once("exit", (code) => end(`ended with ${code}; its last words say why`));
  }

  /** A message of the server, as bytes. A BigInt in it is a whole number of any size. */
  async encode(message) {
    const marked = JSON.stringify(message, (_, value) => (typeof value === "bigint" ? `\u0001${value}\u0001` : value));
    return Buffer.from(await this.#ask(marked.replace(/"\\u0001(-?\d+)\\u0001"/g, "$1")), "hex");
  }

  /** A message of the client, from its bytes. */
  async decode(bytes) {
    return JSON.parse(await this.#ask(Buffer.from(bytes).toString("hex")));
  }

  stop() {
    this.#child.stdin.end();
  }

  #ask(line) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${line}\n`);
    });
  }
}
