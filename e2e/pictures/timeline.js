// Made-up events, as the live socket tells them.

import { hex, random } from "./random.js";
import { NOW } from "./stage.js";

const nano = (millis) => BigInt(millis) * 1_000_000n;

/** Events of a fleet over the last half hour, oldest first; probes are among them. */
export function events(fleet, { gaps = [] } = {}) {
  const items = [];
  const at = (ago, event) => items.push({ at: NOW - ago, event });
  const next = random(fleet.length);
  const running = fleet.filter(({ load }) => load).map(({ wire }) => wire);
  const minute = 60_000;
  for (const wire of fleet.map(({ wire }) => wire).filter(({ health }) => health)) {
    for (let ago = 30 * minute - wire.key * 1_300; ago > 0; ago -= 30_000) {
      const exec = hex(64, wire.key + ago);
      const command = wire.details?.health_check?.command ?? "true";
      at(ago, of(wire, `exec_create: ${command}`, { execID: exec }));
      at(ago - 12, of(wire, `exec_start: ${command}`, { execID: exec }));
      at(ago - 80, of(wire, "exec_die", { execID: exec, exitCode: wire.health === "Unhealthy" ? "1" : "0" }));
    }
  }
  const crashing = fleet.map(({ wire }) => wire).find(({ state }) => state === "Restarting");
  for (let round = 0; crashing && round < 6; round += 1) {
    const ago = 8_000 + round * round * 14_000;
    at(ago + 2_300, of(crashing, "start"));
    at(ago + 60, of(crashing, "oom"));
    at(ago, of(crashing, "die", { exitCode: "137", execDuration: "2" }));
  }
  const story = [
    [25 * minute, "image", "pull", "ghcr.io/daemonscope/shop-tools:latest"],
    [22.4 * minute, "network", "create", "shop_default"],
    [17 * minute, "volume", "create", "shop_db"],
    [11 * minute, "image", "tag", "registry.lan:5000/가계부/web:3"],
    [9.5 * minute, "image", "push", "registry.lan:5000/가계부/web:3"],
    [4 * minute, "builder", "prune", ""],
    [2 * minute, "image", "delete", `sha256:${hex(64, 42)}`],
  ];
  for (const [ago, kind, action, name] of story) {
    at(Math.round(ago), { kind, action, actor_id: kind === "image" ? `sha256:${hex(64, ago)}` : hex(64, ago), attributes: { name, ...(action === "prune" ? { reclaimed: "734003200" } : {}) } });
  }
  for (const [index, wire] of running.slice(0, 9).map(job).entries()) {
    const started = Math.round(next() * 28 * minute) + 30_000;
    const ended = Math.round(started * next() * 0.8) + 5_000;
    at(started + 900, of(wire, "create"));
    if (!wire.network_mode.startsWith("container:")) at(started + 640, { kind: "network", action: "connect", actor_id: hex(64, 3), attributes: { name: wire.network_mode, container: wire.id, type: "bridge" } });
    at(started + 500, { kind: "volume", action: "mount", actor_id: `${wire.name}_data`, attributes: { container: wire.id, destination: "/data", driver: "local", propagation: "", "read/write": "true" } });
    at(started, of(wire, "start"));
    const stopped = index % 3 === 0;
    if (stopped) at(ended + 400, of(wire, "kill", { signal: "15" }));
    at(ended + 90, of(wire, "die", { exitCode: "0", execDuration: `${Math.floor((started - ended - 90) / 1_000)}` }));
    if (stopped) at(ended, of(wire, "stop"));
    at(ended - 60, of(wire, "destroy"));
  }
  for (const wire of running.slice(1, 2)) {
    const exec = hex(64, wire.key + 70_000);
    const command = "node /srv/api/check.js --orders";
    at(6 * minute, of(wire, `exec_create: ${command}`, { execID: exec }));
    at(6 * minute - 12, of(wire, `exec_start: ${command}`, { execID: exec }));
    at(6 * minute - 4_300, of(wire, "exec_die", { execID: exec, exitCode: "0" }));
  }
  for (const wire of fleet.map(({ wire }) => wire).filter(({ state, details }) => state === "Exited" && details)) {
    const [started, ended] = [NOW - wire.details.started_at_millis, NOW - wire.details.finished_at_millis];
    if (started > 30 * minute) continue;
    at(started, of(wire, "start"));
    if (wire.details.oom_killed) at(ended + 60, of(wire, "oom"));
    at(ended, of(wire, "die", { exitCode: `${wire.details.exit_code}`, execDuration: `${Math.floor((started - ended) / 1_000)}` }));
  }
  for (const wire of running.filter(({ health }) => health === "Unhealthy")) at(3 * minute, of(wire, "health_status: unhealthy"));
  const all = [
    ...items.map(({ at, event }) => ({ at, item: wired(at, event) })),
    { at: NOW - 30 * minute, item: { Gap: { from_nano: null, to_nano: nano(NOW - 30 * minute), reason: "BridgeStarted" } } },
    ...gaps.map(({ ago, lasted, reason }) => ({ at: NOW - ago, item: { Gap: { from_nano: nano(NOW - ago - lasted), to_nano: nano(NOW - ago), reason } } })),
  ].sort((a, b) => a.at - b.at);
  return all.map(({ item }, index) => ({ seq: index + 1, item }));
}

/** The same with so many events before them, of which the page has none until it asks: `past` and `timeline` of a scene. */
export function withPast(fleet, count) {
  const next = random(count);
  const recent = events(fleet);
  const every = 11 * 60_000;
  const running = fleet.filter(({ load }) => load).map(({ wire }) => wire);
  const past = Array.from({ length: count }, (_, index) => {
    const at = NOW - 31 * 60_000 - (count - index) * every + Math.round(next() * every);
    const wire = running[Math.floor(next() * running.length)];
    const [action, more] = [["start"], ["die", { exitCode: "0", execDuration: "3600" }], ["destroy"], ["create"]][index % 4];
    const image = { kind: "image", action: "pull", actor_id: wire.image, attributes: { name: wire.image } };
    const event = index % 9 === 0 ? image : of(wire, action, more);
    return { at, event };
  }).sort((a, b) => a.at - b.at);
  const items = [...past.map(({ at, event }) => ({ item: wired(at, event) })), ...recent];
  const all = items.map(({ item }, index) => ({ seq: index + 1, item }));
  return { past: all.slice(0, count), timeline: all.slice(count) };
}

function wired(at, event) {
  return { Event: { time_nano: nano(at), scope: "local", redacted: false, ...event, attributes: Object.entries(event.attributes).sort() } };
}

/** What `docker compose run --rm` makes of a service: it is gone once it ended. */
function job(wire) {
  const mark = hex(12, wire.key + 60_000);
  return { ...wire, id: hex(64, wire.key + 60_000), name: `${wire.project ?? wire.name}-${wire.service ?? "job"}-run-${mark}` };
}

/** What the daemon does now to a container. */
function of(wire, action, more = {}) {
  return {
    kind: "container",
    action,
    actor_id: wire.id,
    attributes: { ...Object.fromEntries(wire.labels), image: wire.image, name: wire.name, ...more },
  };
}
