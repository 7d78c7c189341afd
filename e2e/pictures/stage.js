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
    session.tell({ Hello: { protocol: 3, build: link === "outdated" ? "another build" : build } });
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

/** A bridge gives no more at once. */
const FRAME_ENTRIES = 256;
const BARS = 120;
const MINUTE_MILLIS = 60_000;
/** What bars are made of, in the wire's order; other and exec come after these. */
const CLASSES = ["container", "image", "volume", "network"];
const OTHER = 4;
const EXEC = 5;

function classOf({ kind, action }) {
  if (action.startsWith("exec_")) return EXEC;
  const place = CLASSES.indexOf(kind === "builder" ? "image" : kind);
  return place < 0 ? OTHER : place;
}

const millisOf = ({ item }) => Number((item.Event?.time_nano ?? item.Gap.to_nano) / 1_000_000n);

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
    if (message.EventsBefore) this.#before(message.EventsBefore);
    if (message.EventsUntil) this.#until(message.EventsUntil);
    if (message.Histogram) this.#count(message.Histogram);
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
      const { timeline, past = [] } = scene;
      // as many at once as a bridge gives
      for (let first = 0; first === 0 || first < timeline.length; first += FRAME_ENTRIES) {
        this.tell({ Events: this.#frame(timeline.slice(first, first + FRAME_ENTRIES), past[0] ?? timeline[0]) });
      }
    }
  }

  #frame(entries, oldest, before = null) {
    return { epoch: EPOCH, entries, oldest: { epoch: EPOCH, seq: oldest?.seq ?? 1 }, before };
  }

  #known() {
    const { timeline = [], past = [] } = this.#scene;
    return [...past, ...timeline];
  }

  #before({ seq, limit }) {
    const known = this.#known();
    const older = known.filter((entry) => entry.seq < seq).slice(-Math.min(limit, FRAME_ENTRIES));
    this.tell({ Events: this.#frame(older, known[0], seq) });
  }

  #until({ until_millis, limit }) {
    const known = this.#known();
    const older = known.filter((entry) => millisOf(entry) <= until_millis).slice(-Math.min(limit, FRAME_ENTRIES));
    this.tell({ EventsUntil: { until_millis, events: this.#frame(older, known[0]) } });
  }

  /** Bars of whole minutes, or of so many that they are few. Which events pass a filter is not for the stage to say. */
  #count(wanted) {
    if (wanted.filter) throw new Error("no scene counts what passes a filter");
    const known = this.#known();
    const from = Math.max(wanted.since_millis ?? 0, millisOf(known[0]));
    const to = Math.min(wanted.until_millis ?? NOW, NOW);
    const step = Math.ceil((to - from + 1) / BARS / MINUTE_MILLIS) * MINUTE_MILLIS;
    const start = Math.floor(from / step) * step;
    const bars = Array.from({ length: Math.floor((to - start) / step) + 1 }, () => [0, 0, 0, 0, 0, 0]);
    for (const entry of known) {
      const bar = bars[Math.floor((millisOf(entry) - start) / step)];
      if (bar && entry.item.Event) bar[classOf(entry.item.Event)] += 1;
    }
    const last = { epoch: EPOCH, seq: known.at(-1).seq };
    this.tell({ Histogram: { wanted, from_millis: start, step_millis: step, bars, gaps: [], last } });
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
