// A way into an engine's network namespace: `nsenter --net=DIR/netns node relay.js SOCKET PORT` takes connections on a unix
// socket, which is reachable from everywhere, and hands each on to a port of the namespace's loopback.

import { createConnection, createServer } from "node:net";
import { fileURLToPath } from "node:url";

/** Hands on what comes to `server` to where `target` says, byte for byte and end for end. */
export function handOn(target) {
  return createServer((near) => {
    const far = createConnection(target);
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy());
    near.on("close", () => far.destroy());
    far.on("error", () => {});
    // what was said last must get there: a socket that is destroyed with something unread resets what it has sent, too
    far.on("close", () => near.resume().end());
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , socket, port] = process.argv;
  handOn({ host: "127.0.0.1", port: Number(port) }).listen(socket, () => console.log("ready"));
}
