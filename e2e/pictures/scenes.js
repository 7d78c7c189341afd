// What is pictured: each page in each of its states.
//
// `page`, `state`  the picture's name, with theme and width: overview-busy-dark-1440.png
// `path`           where the page is opened
// `plays`          what the bridge says: its containers, `engine`, `daemon`, `usage`, `timeline`, `link` (see stage.js)
// `act`            what a person does before the picture is taken
// `whole`          the picture is as high as the page is, instead of a screen
// `widths`         instead of 1440 and 390
// `complaints`     what the browser may complain of, since the scene is about it

import * as fleets from "./fleet.js";
import { Figures } from "./figures.js";
import { NOW } from "./stage.js";
import { events, withPast } from "./timeline.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const WIDE = [1440, 390, 320, 2560];

const ENGINE = {
  id: "ID",
  name: "nas",
  version: "28.5.2",
  api_version: "1.51",
  api_version_max: "1.51",
  api_version_min: "1.24",
  components: [
    { name: "Engine", version: "28.5.2" },
    { name: "containerd", version: "v2.1.4" },
    { name: "runc", version: "1.3.0" },
    { name: "docker-init", version: "0.19.0" },
  ],
  operating_system: "Debian GNU/Linux 13 (trixie)",
  os_type: "linux",
  architecture: "x86_64",
  kernel: "6.18.2-amd64",
  storage_driver: "overlay2",
  logging_driver: "json-file",
  cgroup_driver: "systemd",
  cgroup_version: "2",
  root_dir: "/var/lib/docker",
  cpus: 4,
  memory_bytes: Math.round(31.3 * 1024 ** 3),
  containers: 25,
  containers_running: 19,
  containers_paused: 1,
  containers_stopped: 5,
  images: 31,
  debug: false,
  goroutines: 164,
  file_descriptors: 97,
  event_listeners: 1,
  swarm: "inactive",
  warnings: [],
  read_at_millis: NOW - 40 * SECOND,
};

function emptied(engine) {
  const empty = (value) => (typeof value === "string" ? "" : typeof value === "number" ? null : value);
  const words = Object.fromEntries(Object.entries(engine).map(([name, value]) => [name, empty(value)]));
  return { ...words, components: [], debug: null };
}

/** An engine that tells only what all engines tell. */
const TERSE = { ...emptied(ENGINE), name: "nas", version: "20.10.24", api_version: "1.41", cpus: 4, read_at_millis: NOW - 90 * SECOND, warnings: ["WARNING: API is accessible on http://0.0.0.0:2375 without encryption.\n         Access to the remote API is equivalent to root access on the host. Refer to the 'Docker daemon attack surface' section in the documentation for more information: https://docs.docker.com/go/attack-surface/", "WARNING: No swap limit support"] };

/** Of an engine whose `/info` is refused only the versions are known. */
const REFUSED_INFO = { infoRefused: 403, engine: { ...emptied(ENGINE), version: "28.5.2", api_version: "1.51", api_version_max: "1.51", api_version_min: "1.24", components: ENGINE.components, read_at_millis: NOW - 40 * SECOND } };

const row = (cls, total, active, gigabytes, reclaimable) => ({ class: cls, total, active, size_bytes: Math.round(gigabytes * 1e9), reclaimable_bytes: Math.round(reclaimable * 1e9) });
const READING = { read_at_millis: NOW - 12 * SECOND, took_millis: 412, rows: [row("Images", 31, 14, 11.42, 4.31), row("Containers", 25, 20, 0.386, 0.021), row("LocalVolumes", 19, 12, 5.91, 0.82), row("BuildCache", 148, 0, 2.17, 2.17)] };
const USAGE = { last: READING, stale: false, reading_since_millis: null, failure: null };
const usage = (change) => ({ ...USAGE, ...change });

const away = (reason, more = {}) => ({ Away: { reason, since_millis: NOW - 74 * SECOND, retry_at_millis: NOW + 7 * SECOND, attempts: 5, ...more } });

/** A host in use, with what ails it. */
function host(fleet, more = {}) {
  return { containers: fleet.map(({ wire }) => wire), figures: new Figures(fleet), timeline: events(fleet), engine: ENGINE, usage: USAGE, ...more };
}

const busy = (more) => host(fleets.busy(), more);
const calm = (more) => host(fleets.calm(), more);
const nothing = (more) => ({ engine: { ...ENGINE, containers: 0, containers_running: 0, containers_paused: 0, containers_stopped: 0, images: 0 }, timeline: events([]).slice(0, 1), figures: new Figures([]), ...more });
const one = (more) => {
  const shown = fleets.detailed();
  return host([shown, ...fleets.busy().filter(({ wire }) => wire.name !== shown.wire.name)], more);
};

const failed = (failure, last = null) => busy({ usage: usage({ last, failure }) });

/** What a thousand containers need. */
const LARGE = { ...ENGINE, cpus: 32, memory_bytes: 256 * 1024 ** 3 };
const thousand = () => host(fleets.many(1_000), { engine: LARGE });

const overview = [
  { state: "busy", plays: busy(), widths: WIDE },
  { state: "calm", plays: calm() },
  { state: "no-containers", plays: nothing() },
  { state: "thousand", plays: thousand() },
  { state: "names", plays: host(fleets.names()) },
  { state: "demo", plays: busy({ demo: true }) },
  { state: "info-not-permitted", plays: busy(REFUSED_INFO) },
  { state: "usage-not-permitted", plays: failed({ Forbidden: 403 }) },
  { state: "usage-timed-out", plays: failed({ TimedOut: { limit_millis: 300_000 } }) },
  { state: "usage-not-read", plays: busy({ usage: usage({ last: null }) }) },
  { state: "loading", plays: { daemon: "Connecting" } },
].map((scene) => ({ page: "overview", path: "/", whole: true, ...scene }));

const containers = [
  { state: "default", plays: busy(), widths: [...WIDE, 1024, 768] },
  { state: "searched", path: "/containers?q=shop", plays: busy() },
  { state: "filtered", path: "/containers?state=running", plays: busy() },
  { state: "filtered-to-nothing", path: "/containers?q=no-such-thing", plays: busy() },
  { state: "without-projects", path: "/containers?group=none&sort=-cpu", plays: busy() },
  { state: "folded", path: "/containers?fold=media,monitoring,shop", plays: busy() },
  { state: "thousand", plays: thousand() },
  { state: "names", plays: host(fleets.names()), widths: WIDE },
  { state: "states", plays: host(fleets.states()) },
  { state: "none", plays: nothing() },
  { state: "waiting", plays: { daemon: "Connecting" } },
].map((scene) => ({ page: "containers", path: "/containers", ...scene }));

const container = [
  { state: "running", path: "/containers/shop-api-1", plays: one(), widths: WIDE },
  { state: "crosshair", path: "/containers/shop-api-1", plays: one(), widths: [1440], act: async (page) => {
    const chart = page.getByRole("img", { name: /^CPU/ });
    const { width, height } = await chart.boundingBox();
    await chart.hover({ position: { x: width * 0.7, y: height / 2 } });
  } },
  { state: "exited", path: "/containers/shop-worker-1", plays: busy() },
  { state: "restarting", path: "/containers/shop-db-1", plays: busy() },
  { state: "unhealthy", path: "/containers/cadvisor", plays: busy() },
  { state: "created", path: "/containers/migrate", plays: busy() },
  { state: "host-network", path: "/containers/home-assistant", plays: busy() },
  { state: "not-inspected", path: "/containers/running-not-inspected", plays: host(fleets.states()) },
  { state: "long-names", path: `/containers/${fleets.names()[0].wire.id.slice(0, 12)}`, plays: host(fleets.names()) },
  { state: "bidi-names", path: `/containers/${fleets.names()[6].wire.id.slice(0, 12)}`, plays: host(fleets.names()) },
  { state: "unknown", path: "/containers/no-such-container", plays: busy() },
  { state: "loading", path: "/containers/shop-api-1", plays: { daemon: "Connecting" } },
].map((scene) => ({ page: "container", whole: true, ...scene }));

const GAPS = [
  { ago: 12 * SECOND, lasted: 2 * SECOND, reason: "Unreadable" },
  { ago: 40 * SECOND, lasted: 75 * SECOND, reason: "RingOverrun" },
  { ago: 55 * SECOND, lasted: 31 * SECOND, reason: "StreamStalled" },
  { ago: 80 * SECOND, lasted: 400 * SECOND, reason: "DaemonRestarted" },
  { ago: 95 * SECOND, lasted: 10 * SECOND, reason: "ViewerTooSlow" },
];

/** A bridge that keeps three months, of which the page has the last half hour and asks for the rest. */
const kept = () => busy(withPast(fleets.busy(), 12_000));
const clockOf = (millis) => Math.round(millis / SECOND);

const eventPages = [
  { state: "busy", plays: busy(), widths: WIDE },
  { state: "raw", path: "/events?view=raw", plays: busy(), widths: WIDE },
  { state: "with-probes", plays: busy(), act: (page) => page.getByRole("button", { name: /health probes of/ }).click() },
  { state: "story-opened", plays: busy(), act: (page) => page.getByRole("list", { name: "Stories, newest first" }).getByRole("button").filter({ hasText: /events/ }).nth(1).click() },
  { state: "out", plays: busy(), act: (page) => page.getByRole("button", { name: "Export" }).click() },
  { state: "filtered", path: "/events?filter=type%3Dcontainer%20event%3Ddie", plays: busy() },
  { state: "filter-wrong", path: "/events?filter=nonsense%3D1", plays: busy() },
  { state: "filtered-to-nothing", path: "/events?filter=container%3Dno-such-thing", plays: busy() },
  { state: "detail", path: "/events?view=raw", plays: busy(), widths: WIDE, act: async (page) => {
    await page.getByRole("list", { name: "Events, newest first" }).getByRole("button").first().click();
  } },
  { state: "paused", plays: busy(), act: (page) => page.getByRole("button", { name: "Pause" }).click() },
  { state: "past-scrolled", plays: kept(), act: scrolled(3_000) },
  { state: "past-until", path: `/events?view=raw&until=${clockOf(NOW - 21 * DAY)}`, plays: kept(), widths: WIDE },
  { state: "past-stretch", path: `/events?since=${clockOf(NOW - 23 * DAY)}&until=${clockOf(NOW - 21 * DAY)}`, plays: kept() },
  { state: "past-before-all", path: `/events?until=${clockOf(NOW - 900 * DAY)}`, plays: kept() },
  { state: "past-full", path: "/events?view=raw", plays: kept(), act: scrolled(1e9, "Go on before"), widths: [1440, 390] },
  { state: "gaps", plays: busy({ timeline: events(fleets.busy(), { gaps: GAPS }) }) },
  { state: "names", plays: host(fleets.names()) },
  { state: "none", plays: nothing({ timeline: [] }) },
  { state: "waiting", plays: { daemon: "Connecting" } },
].map((scene) => ({ page: "events", path: "/events", ...scene }));

const usagePages = [
  { state: "fresh", plays: busy(), widths: WIDE },
  { state: "stale", plays: busy({ usage: usage({ stale: true, last: { ...READING, read_at_millis: NOW - 8 * MINUTE, took_millis: 31_400 } }) }) },
  { state: "first-reading", plays: busy({ usage: usage({ last: null, reading_since_millis: NOW - 4 * SECOND }) }) },
  { state: "reading-again", plays: busy({ usage: usage({ stale: true, reading_since_millis: NOW - 42 * SECOND, last: { ...READING, read_at_millis: NOW - 5 * MINUTE } }) }) },
  { state: "not-permitted", plays: failed({ Forbidden: 403 }) },
  { state: "not-permitted-any-more", plays: failed({ Forbidden: 403 }, READING) },
  { state: "timed-out", plays: failed({ TimedOut: { limit_millis: 300_000 } }) },
  { state: "failed", plays: failed({ Failed: "error getting disk usage: open /var/lib/docker/overlay2/4f1c1b8a9d/diff: no such file or directory" }) },
  { state: "daemon-reads-for-another", plays: failed("Busy") },
  { state: "nothing-used", plays: nothing({ usage: usage({ last: { ...READING, rows: READING.rows.map((row) => ({ ...row, total: 0, active: 0, size_bytes: 0, reclaimable_bytes: 0 })) } }) }) },
  { state: "one-class", plays: busy({ usage: usage({ last: { ...READING, rows: [row("Images", 4, 4, 1_204, 0), row("Containers", 4, 4, 0, 0), row("LocalVolumes", 0, 0, 0, 0), row("BuildCache", 0, 0, 0, 0)] } }) }) },
  { state: "partly-unknown", plays: busy({ usage: usage({ last: { ...READING, rows: READING.rows.map((row, index) => ({ ...row, ...[{}, { active: null, size_bytes: null, reclaimable_bytes: null }, { reclaimable_bytes: null }, {}][index] })) } }) }) },
  { state: "waiting", plays: { daemon: "Connecting" } },
].map((scene) => ({ page: "usage", path: "/usage", whole: true, ...scene }));

const enginePages = [
  { state: "live", plays: busy(), widths: WIDE },
  { state: "terse", plays: busy({ engine: TERSE, usage: usage({ last: null }) }) },
  { state: "info-not-permitted", plays: busy({ ...REFUSED_INFO, usage: usage({ last: null, failure: { Forbidden: 403 } }) }), widths: [1440, 390, 320] },
  { state: "info-failed", plays: busy({ ...REFUSED_INFO, infoRefused: 500 }) },
  { state: "long-endpoint", plays: busy({ endpoint: "tcp://docker-proxy.rechenzentrum-frankfurt-am-main.internal.example.com:2375" }) },
  { state: "away", plays: { daemon: away("Refused") } },
  { state: "away-known", plays: busy({ daemon: away("Closed"), engine: { ...ENGINE, read_at_millis: NOW - 2 * MINUTE } }) },
  { state: "bridge-gone", plays: busy({ link: "gone" }), waits: "Is daemonscope still running" },
  { state: "waiting", plays: { daemon: "Connecting" } },
].map((scene) => ({ page: "engine", path: "/engine", whole: true, ...scene }));

const WALLS = [1280, 1024, 1080];

const kioskPages = [
  { state: "wall", plays: busy(), widths: [...WALLS, 3840] },
  { state: "wall-calm", plays: calm(), widths: WALLS },
  { state: "wall-thousand", plays: thousand(), widths: WALLS },
  { state: "wall-names", plays: host(fleets.names()), widths: WALLS },
  { state: "containers", path: "/kiosk?panels=containers", plays: thousand(), widths: WALLS },
  { state: "containers-states", path: "/kiosk?panels=containers", plays: host(fleets.states()), widths: WALLS },
  { state: "events", path: "/kiosk?panels=events,wall", plays: busy({ timeline: events(fleets.busy(), { gaps: GAPS }) }), widths: WALLS },
  { state: "usage", path: "/kiosk?panels=usage", plays: busy(), widths: WALLS },
  { state: "usage-not-permitted", path: "/kiosk?panels=usage", plays: failed({ Forbidden: 403 }), widths: [1280] },
  { state: "night", path: "/kiosk?night=0-23:59", plays: busy(), widths: [1280] },
  { state: "wrong", path: "/kiosk?panels=wall,clock&every=1&night=late", plays: busy(), widths: WALLS },
  { state: "none", plays: nothing(), widths: [1280] },
  { state: "waiting", plays: { daemon: "Connecting" }, widths: [1280] },
  { state: "away", plays: busy({ daemon: away("Closed") }), widths: WALLS },
  { state: "bridge-gone", plays: busy({ link: "gone" }), waits: "Is daemonscope still running", widths: [1280] },
].map((scene) => ({ page: "kiosk", path: "/kiosk?panels=wall", ...scene }));

const REASONS = {
  "socket-missing": "SocketMissing",
  refused: "Refused",
  "permission-denied": "PermissionDenied",
  unreachable: { Unreachable: "failed to lookup address information: Name or service not known" },
  hung: "Hung",
  closed: "Closed",
  "tls-expected": "TlsExpected",
  "too-old": { TooOld: { api: "1.24", needs: "1.41" } },
  forbidden: { Forbidden: 403 },
  "not-an-engine": { NotAnEngine: "an HTML page" },
  starting: "Starting",
};

/** What a socket of this host cannot be. */
const OVER_NETWORK = new Set(["unreachable", "tls-expected", "forbidden", "not-an-engine"]);

const TLS = {
  "unknown-authority": "UnknownAuthority",
  "other-name": { OtherName: { wanted: "192.168.178.20", presented: ["nas.rechenzentrum-frankfurt-am-main.internal.example.com", "나스.lan", "127.0.0.1"] } },
  "no-name": { OtherName: { wanted: "192.168.178.20", presented: [] } },
  expired: { Expired: { not_after: "2026-01-01 00:00:00 UTC" } },
  "not-yet-valid": { NotYetValid: { not_before: "2026-04-01 00:00:00 UTC" } },
  unfit: { Unfit: "invalid peer certificate: InvalidPurpose" },
  "client-missing": { ClientMissing: { path: "/etc/daemonscope/certs/cert.pem" } },
  "client-expired": { ClientExpired: { not_after: "2026-01-01 00:00:00 UTC" } },
  "client-said-to-be-expired": { ClientExpired: { not_after: null } },
  "client-unknown-authority": "ClientUnknownAuthority",
  "client-refused": { ClientRefused: "received fatal alert: BadCertificate" },
  "plain-http": "PlainHttp",
  handshake: { Handshake: "received fatal alert: ProtocolVersion" },
  "file-missing": file("Missing"),
  "file-unreadable": file({ Unreadable: "Permission denied (os error 13)" }),
  "file-too-long": file({ TooLong: { limit_bytes: 1_048_576 } }),
  "file-malformed": file("Malformed"),
  "file-encrypted": file("Encrypted"),
  "file-unsupported-key": file("UnsupportedKey"),
  "file-other-key": file("OtherKey"),
};

function file(fault) {
  return { File: { path: "/etc/daemonscope/certs/key.pem", fault } };
}

const connections = [
  { state: "connecting", plays: { link: "silent" } },
  ...Object.entries(REASONS).map(([state, reason]) => ({ state: `never-seen-${state}`, plays: { daemon: away(reason), endpoint: OVER_NETWORK.has(state) ? "tcp://nas.lan:2375" : undefined }, themes: state === "refused" ? undefined : ["dark"] })),
  ...Object.entries(TLS).map(([state, fault]) => ({
    state: `tls-${state}`,
    plays: { daemon: away({ Tls: fault }), endpoint: "tcp://192.168.178.20:2376" },
    themes: state === "other-name" ? undefined : ["dark"],
    widths: state === "other-name" ? [1440, 390, 320] : [390],
  })),
  { state: "away", plays: busy({ daemon: away("Closed", { retry_at_millis: null }) }) },
  { state: "hung", page: "containers", path: "/containers", plays: busy({ daemon: away("Hung") }) },
  { state: "away", page: "events", path: "/events", plays: busy({ daemon: away("Closed") }) },
  { state: "away", page: "usage", path: "/usage", plays: busy({ daemon: away("Closed") }) },
  { state: "away", page: "container", path: "/containers/shop-api-1", plays: one({ daemon: away("Closed") }) },
  { state: "bridge-gone", plays: busy({ link: "gone" }), waits: "Is daemonscope still running" },
  { state: "bridge-gone", page: "containers", path: "/containers", plays: busy({ link: "gone" }), waits: "Is daemonscope still running" },
  { state: "silent", plays: busy({ figures: undefined }), act: passes(9 * SECOND), waits: "stale for" },
  // it has loaded itself anew once, and given up what it was still loading
  { state: "outdated", plays: { link: "outdated" }, waits: "page outdated", complaints: [/net::ERR_ABORTED$/] },
].map((scene) => ({ page: "overview", path: "/", ...scene, state: `connection-${scene.state}` }));

/** Somebody scrolls the list so far down, again and again until these words are there. */
function scrolled(pixels, words) {
  return async (page) => {
    const list = page.locator(".list-frame");
    const reached = async () => (words ? await page.getByText(words).first().isVisible() : true);
    do {
      await list.evaluate((frame, pixels) => frame.scrollBy(0, pixels), pixels);
      await page.waitForTimeout(100);
    } while (!(await reached()));
  };
}

/** So much time goes by on the viewer's clock. */
function passes(millis) {
  return async (page) => {
    await page.waitForTimeout(1_500);
    await page.clock.setFixedTime(NOW + millis);
  };
}

const notFound = [{ page: "not-found", state: "default", path: "/no/such/place", plays: busy() }];

export const SCENES = [...overview, ...containers, ...container, ...eventPages, ...usagePages, ...enginePages, ...kioskPages, ...connections, ...notFound];

/** The picture in the README. */
export const README = { page: "overview", state: "busy", theme: "dark", width: 1440 };
