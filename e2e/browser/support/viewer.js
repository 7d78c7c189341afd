// A viewer of the live socket that reads when it is told to, which a browser's cannot: it would read ahead.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createConnection } from "node:net";

const TEXT = 1;
const CLOSE = 8;

export class Viewer {
  #socket;
  #bytes = Buffer.alloc(0);
  #fragments = [];
  /** The daemon's events and the gaps, oldest first. */
  entries = [];
  #last = null;

  /** Looks at the events of a bridge from now on. */
  static async of(url) {
    const viewer = new Viewer();
    await viewer.connect(url);
    return viewer;
  }

  /** Goes on after the last entry that it has, as a page does. */
  async connect(url) {
    const { hostname, port, host } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    this.#socket = socket;
    this.#bytes = Buffer.alloc(0);
    await once(socket, "connect");
    socket.write(
      [
        "GET /api/v1/live HTTP/1.1",
        `Host: ${host}`,
        "Upgrade: websocket",
        "Connection: Upgrade",
        `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: daemonscope.v1.json",
        "\r\n",
      ].join("\r\n"),
    );
    await new Promise((resolve, reject) => {
      const hear = (chunk) => {
        this.#bytes = Buffer.concat([this.#bytes, chunk]);
        const end = this.#bytes.indexOf("\r\n\r\n");
        if (end < 0) return;
        socket.off("data", hear);
        const head = this.#bytes.subarray(0, end).toString();
        this.#bytes = this.#bytes.subarray(end + 4);
        if (head.startsWith("HTTP/1.1 101")) resolve();
        else reject(new Error(`no live socket: ${head}`));
      };
      socket.on("data", hear);
      socket.once("error", reject);
    });
    socket.on("error", () => {});
    socket.on("data", (chunk) => this.#hear(chunk));
    const interest = { stats: "None", events: { Live: { recent: 1, after: this.#last } }, usage: false };
    this.#say(JSON.stringify({ Interest: interest }));
  }

  get isOpen() {
    return !this.#socket.destroyed;
  }

  /** Reads nothing until `resume`: what comes waits in the kernel, and then in the bridge. */
  pause() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  end() {
    this.#socket.destroy();
  }

  #hear(chunk) {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (;;) {
      const frame = this.#frame();
      if (!frame) return;
      const { isLast, kind, payload } = frame;
      if (kind === CLOSE) {
        this.#socket.destroy();
        return;
      }
      if (kind > TEXT) continue;
      this.#fragments.push(payload);
      if (!isLast) continue;
      const text = Buffer.concat(this.#fragments).toString();
      this.#fragments = [];
      this.#take(text);
    }
  }

  #take(text) {
    // nanoseconds are more than a number of JavaScript holds: kept as text
    const message = JSON.parse(text.replace(/("(?:time_nano|from_nano|to_nano)":)(-?\d+)/g, '$1"$2"'));
    if (!message.Events || message.Events.past) return;
    for (const entry of message.Events.entries) {
      this.entries.push(entry);
      this.#last = { epoch: message.Events.epoch, seq: entry.seq };
    }
  }

  /** The next whole frame, and takes it off what came. A server's frames are not masked. */
  #frame() {
    const bytes = this.#bytes;
    if (bytes.length < 2) return null;
    let [length, at] = [bytes[1] & 0x7f, 2];
    if (length === 126) {
      if (bytes.length < 4) return null;
      [length, at] = [bytes.readUInt16BE(2), 4];
    } else if (length === 127) {
      if (bytes.length < 10) return null;
      [length, at] = [Number(bytes.readBigUInt64BE(2)), 10];
    }
    if (bytes.length < at + length) return null;
    this.#bytes = bytes.subarray(at + length);
    return { isLast: (bytes[0] & 0x80) !== 0, kind: bytes[0] & 0x0f, payload: bytes.subarray(at, at + length) };
  }

  /** A short text; a client's frames are masked. */
  #say(text) {
    const payload = Buffer.from(text);
    const mask = randomBytes(4);
    const head = payload.length < 126 ? [0x81, 0x80 | payload.length] : [0x81, 0xfe, payload.length >> 8, payload.length & 0xff];
    const masked = payload.map((byte, place) => byte ^ mask[place % 4]);
    this.#socket.write(Buffer.concat([Buffer.from(head), mask, masked]));
  }
}
