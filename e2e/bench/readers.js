// Who reads the events beside the page. What comes is kept as it is, with its time, and looked at when all is over: so that
// reading costs the machine little meanwhile.

import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { Worker } from "node:worker_threads";

import { tickOf } from "./ticks.js";

class Reader {
  #pieces = [];
  #clock;

  constructor(clock, stream) {
    this.#clock = clock;
    stream.on("data", (bytes) => this.#pieces.push({ at: this.#clock(), bytes }));
  }

  /** Whether this tick is among what it has read last. */
  hasRead(tick) {
    const end = Buffer.concat(this.#pieces.slice(-100).map(({ bytes }) => bytes));
    return end.toString("latin1").includes(`: tick ${tick}"`);
  }

  /** Each whole line, and when its end came. */
  *lines() {
    let rest = "";
    for (const { at, bytes } of this.#pieces) {
      const lines = (rest + bytes.toString("latin1")).split("\n");
      rest = lines.pop();
      for (const line of lines) yield { line, at };
    }
  }

  /** The numbers of the flood's events, in the order in which they came, with the lines and their times. */
  *ticks() {
    for (const { line, at } of this.lines()) {
      const tick = tickOf(line);
      if (tick !== null) yield { tick, line, at };
    }
  }
}

/** `docker events` of the daemon itself. */
export class DockerEvents extends Reader {
  #process;

  static start(clock, docker, host) {
    const { DOCKER_CONTEXT, DOCKER_TLS, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH, ...inherited } = process.env;
    const child = spawn(docker, ["events", "--format", "{{json .}}"], {
      env: { ...inherited, DOCKER_HOST: host },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const reader = new DockerEvents(clock, child.stdout);
    reader.#process = child;
    return reader;
  }

  async end() {
    const ended = once(this.#process, "exit");
    this.#process.kill();
    await ended;
  }
}

/** Somebody who follows the bridge's API, from now on. */
export class Follower extends Reader {
  #answer;

  static async start(clock, url) {
    const since = (Date.now() / 1000).toFixed(3);
    const asked = http.get(`${url}api/v1/events?follow=1&since=${since}`);
    const [answer] = await once(asked, "response");
    if (answer.statusCode !== 200) throw new Error(`/api/v1/events answers with ${answer.statusCode}`);
    answer.on("error", () => {});
    const reader = new Follower(clock, answer);
    reader.#answer = answer;
    return reader;
  }

  /** How many places are missing between the first and the last that it was told, and how many gaps it was told. */
  holes() {
    let [holes, gaps, last] = [0, 0, null];
    for (const { line } of this.lines()) {
      const seq = Number(/"seq":(\d+)/.exec(line)[1]);
      if (last !== null) holes += seq - last - 1;
      last = seq;
      if (/^\{"epoch":\d+,"seq":\d+,"gap":/.test(line)) gaps += 1;
    }
    return { holes, gaps };
  }

  end() {
    this.#answer.destroy();
  }
}

/** Both, in a thread of their own. */
export class Readers {
  #thread;

  static async start(url, docker, host) {
    const readers = new Readers();
    const program = new URL("./readers-thread.js", import.meta.url);
    readers.#thread = new Worker(program, { workerData: { url, docker, host } });
    await once(readers.#thread, "message");
    return readers;
  }

  async #ask(ask, ...of) {
    this.#thread.postMessage({ ask, of });
    const [answer] = await once(this.#thread, "message");
    return answer;
  }

  /** Whether this tick is among what each has read last. */
  haveRead(tick) {
    return this.#ask("haveRead", tick);
  }

  /** What they read of the flood from `first` to `last`. */
  read(first, last) {
    return this.#ask("read", first, last);
  }

  end() {
    return this.#ask("end");
  }
}
