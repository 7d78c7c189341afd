// A bridge's end of the live socket that says what a scene wants it to say, and stays at one moment: so that two runs give the
// same pictures, and each state can be had.

export const NOW = Date.UTC(2026, 2, 12, 14, 3, 7);
const EPOCH = 1_773_300_000_000_000;

/** Plays `scene` to every live socket that `page` opens. Gives back what waits until all is said that was asked. */
export async function play(page, scene, { wire, build }) {
  let connections = 0;
  let last;
  await page.routeWebSocket(/\/api\/v1\/live$/, (socket) => {
    connections += 1;
    const { link = "whole" } = scene;
    if (link === "silent") return;
    if (link === "gone" && connections > 1) {
      socket.close({ code: 1006 });
      return;
    }
    const session = new Session(socket, scene, wire);
    last = session;
    socket.onMessage((bytes) => session.hear(bytes));
    session.tell({ Hello: { protocol: 2, build: link === "outdated" ? "another build" : build } });
  });
  return {
    async quiet() {
      for (let before; before !== last?.said; ) {
        before = last?.said;
        await last?.done();
        await page.waitForTimeout(LULL_MILLIS);
      }
    },
  };
}

/** What a page asks for follows what it heard within a few frames. */
const LULL_MILLIS = 150;

class Session {
  #socket;
  #scene;
  #wire;
  #begun = false;
  #closing;
  /** How many messages were sent or are about to be. */
  said = 0;
  #queue = Promise.resolve();

  constructor(socket, scene, wire) {
    this.#socket = socket;
    this.#scene = scene;
    this.#wire = wire;
  }

  async done() {
    await this.#queue;
  }

  tell(message) {
    this.said += 1;
    this.#queue = this.#queue.then(async () => this.#socket.send(await this.#wire.encode(message)));
    this.#queue.catch((error) => console.error(`the scene cannot be played: ${error.message}`));
  }

  async hear(bytes) {
    const message = await this.#wire.decode(bytes);
    if (message.Interest) this.#interest(message.Interest);
    if (message.Series) this.#series(message.Series);
    if (this.#scene.link === "gone") {
      await this.done();
      this.#closeSoon();
    }
  }

  #interest({ stats, events }) {
    const scene = this.#scene;
    if (!this.#begun) {
      this.#begun = true;
      this.tell({ Snapshot: snapshot(scene) });
      if (scene.infoRefused) this.tell({ InfoRefused: scene.infoRefused });
    }
    if (stats !== "None" && scene.figures) this.tell({ Stats: scene.figures.frame(NOW) });
    if (events !== "None" && scene.timeline) {
      const entries = scene.timeline;
      this.tell({ Events: { epoch: EPOCH, entries, oldest: { epoch: EPOCH, seq: entries[0]?.seq ?? 1 }, past: false } });
    }
  }

  /** Not before the page has all that it asks for. */
  #closeSoon() {
    clearTimeout(this.#closing);
    this.#closing = setTimeout(() => this.#socket.close({ code: 1006 }), 1_500);
  }

  #series({ keys, points }) {
    const figures = this.#scene.figures;
    for (const key of figures ? keys : []) this.tell({ Series: figures.series(key, points ?? 600, NOW) });
  }
}

function snapshot({ containers = [], daemon = { Live: { since_millis: NOW - 3 * 3_600_000 } }, engine = null, usage, demo = false, endpoint }) {
  return {
    epoch: EPOCH,
    at_millis: NOW,
    demo,
    endpoint: endpoint ?? "unix:///var/run/docker.sock",
    daemon,
    engine,
    containers,
    usage: usage ?? { last: null, stale: false, reading_since_millis: null, failure: null },
  };
}
