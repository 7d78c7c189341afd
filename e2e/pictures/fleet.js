// Made-up containers, as the live socket tells them.

import { hex, random } from "./random.js";
import { NOW } from "./stage.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MIB = 1024 * 1024;

/** A span such as `3d`, `5m`, in milliseconds. */
const span = (text) => {
  const unit = { s: SECOND, m: MINUTE, h: HOUR, d: DAY }[text.at(-1)];
  return Math.round(Number.parseFloat(text) * unit);
};

/**
 * One container. `up`: since when it runs; `ended`: since when not; `limit`: of its memory, in MiB; `cpus`: of a CPU;
 * `ports`: `8080:80/tcp`, or `80/tcp` for one that is not published; `mounts`: `volume:/path` or `/from:/path:ro`.
 */
export function container(key, given) {
  const { name, image = `${name}:latest`, state = "Running", health = null, load, project = null, service = null } = given;
  const { up = "3d", ended, limit, cpus, restarts = 0, exit = 0, oom = false, ports = [], mounts = [], status = "" } = given;
  const { command = `/usr/bin/${name}`, network = project ? `${project}_default` : "bridge", check, env = ENVIRONMENT } = given;
  const ran = !["Created"].includes(state);
  // one that is restarted again and again never runs for long
  const lasted = restarts ? 20 * SECOND : 4 * MINUTE;
  const started = ran ? NOW - (ended ? span(ended) + lasted : span(up)) : null;
  const created = restarts ? NOW - span("5d") : (started ?? NOW - span(up)) - 20 * SECOND;
  const labels = [
    ...(project ? [["com.docker.compose.project", project], ["com.docker.compose.service", service ?? name]] : []),
    ...(given.labels ?? []),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  const host = network === "host" || network.startsWith("container:");
  const wire = {
    key,
    id: hex(64, key),
    name,
    image,
    image_id: `sha256:${hex(64, key + 5_000)}`,
    command,
    created_secs: Math.round(created / 1_000),
    state: state.startsWith("?") ? { Other: state.slice(1) } : state,
    status,
    health: health?.startsWith("?") ? { Other: health.slice(1) } : health,
    ports: ports.map(port),
    labels,
    project,
    service: project ? (service ?? name) : null,
    network_mode: network,
    networks: host ? [] : [link(network, key, service, ["Running", "Paused"].includes(state))],
    mounts: mounts.map(mount),
    details: given.unread
      ? null
      : {
          exit_code: exit,
          oom_killed: oom,
          error: "",
          restart_count: restarts,
          started_at_millis: started,
          finished_at_millis: ended ? NOW - span(ended) : null,
          pid: load ? 2_000 + key * 37 : null,
          restart_policy: { name: given.policy ?? "unless-stopped", maximum_retry_count: 0 },
          health_check: health || check ? { command: check ?? "wget -qO- http://localhost/healthz", interval_millis: 30_000, failing_streak: health === "Unhealthy" ? 7 : 0 } : null,
          memory_limit_bytes: limit ? limit * MIB : null,
          nano_cpus: cpus ? cpus * 1e9 : null,
          pids_limit: given.pidsLimit ?? null,
          privileged: false,
          tty: false,
          user: given.user ?? "",
          working_dir: given.dir ?? "/app",
          hostname: hex(12, key),
          log_driver: "json-file",
          platform: "linux",
          environment: env,
          inspected_at_millis: NOW - 20 * SECOND,
        },
  };
  return { wire, load: ["Running", "Paused"].includes(state) ? load : undefined };
}

const ENVIRONMENT = ["PATH", "TZ", "LANG"];

function port(text) {
  const [numbers, protocol = "tcp"] = text.split("/");
  const parts = numbers.split(":").map(Number);
  const published = parts.length > 1;
  return { host_ip: published ? "0.0.0.0" : "", host_port: published ? parts[0] : null, container_port: parts.at(-1), protocol };
}

/** One that does not run has its place in the network, and no address. */
function link(name, key, service, runs) {
  const subnet = `172.${18 + (key % 7)}.0`;
  return {
    name,
    network_id: hex(64, key + 9_000),
    ip_address: runs ? `${subnet}.${2 + key}` : "",
    ipv6_address: "",
    gateway: runs ? `${subnet}.1` : "",
    mac_address: runs ? "02:42:ac:12:00:02" : "",
    aliases: service ? [service] : [],
  };
}

function mount(text) {
  const [from, destination, mode = ""] = text.split(":");
  const bind = from.startsWith("/");
  return {
    kind: bind ? "bind" : "volume",
    name: bind ? "" : from,
    source: bind ? from : `/var/lib/docker/volumes/${from}/_data`,
    destination,
    mode,
    read_write: mode !== "ro",
  };
}

const fleet = (list) => list.map((given, index) => container(index + 1, given));

const WELL = [
  { name: "shop-web-1", image: "ghcr.io/daemonscope/shop-web:2026.3.1", project: "shop", service: "web", health: "Healthy", up: "12d", limit: 512, cpus: 2, ports: ["8080:80", "8443:443"], load: { cpu: 11, memory: 310, rx: 420, tx: 1_900, write: 12, pids: 34, burst: 0.8 } },
  { name: "shop-api-1", image: "ghcr.io/daemonscope/shop-api:2026.3.1", project: "shop", service: "api", health: "Healthy", up: "12d", limit: 1024, cpus: 1.5, ports: ["9000"], load: { cpu: 19, memory: 540, rx: 610, tx: 720, write: 40, pids: 61, burst: 0.5 } },
  { name: "shop-api-2", image: "ghcr.io/daemonscope/shop-api:2026.3.1", project: "shop", service: "api", health: "Healthy", up: "12d", limit: 1024, cpus: 1.5, ports: ["9000"], load: { cpu: 16, memory: 512, rx: 590, tx: 700, write: 38, pids: 58, burst: 0.6 } },
  { name: "shop-cache-1", image: "valkey/valkey:8.1-alpine", project: "shop", service: "cache", up: "12d", limit: 256, ports: ["6379"], mounts: ["shop_cache:/data"], load: { cpu: 2.1, memory: 96, rx: 210, tx: 330, write: 6, pids: 6 } },
  { name: "jellyfin", image: "jellyfin/jellyfin:10.11", project: "media", health: "Healthy", up: "6d", ports: ["8096:8096"], mounts: ["/srv/media:/media:ro", "media_config:/config"], load: { cpu: 58, memory: 1_240, rx: 90, tx: 2_400, read: 5_200, write: 300, pids: 44, burst: 1.1 } },
  { name: "gluetun", image: "qmcgaw/gluetun:v3", project: "media", health: "Healthy", up: "6d", ports: ["8888:8888", "8388:8388/udp"], load: { cpu: 3.4, memory: 38, rx: 880, tx: 120, pids: 13 } },
  { name: "qbittorrent", image: "lscr.io/linuxserver/qbittorrent:5.1.2", project: "media", up: "6d", network: "container:gluetun", mounts: ["/srv/media:/downloads"], load: { cpu: 7.7, memory: 402, rx: 880, tx: 120, read: 40, write: 860, pids: 29 } },
  { name: "sonarr", image: "lscr.io/linuxserver/sonarr:4.0.15", project: "media", up: "6d", ports: ["8989:8989"], load: { cpu: 0.8, memory: 196, rx: 2, tx: 3, write: 4, pids: 31 } },
  { name: "prometheus", image: "prom/prometheus:v3.2.1", project: "monitoring", up: "34d", limit: 2048, ports: ["9090:9090"], mounts: ["monitoring_tsdb:/prometheus"], load: { cpu: 5.6, memory: 744, rx: 130, tx: 21, write: 190, pids: 17, burst: 2.2 } },
  { name: "grafana", image: "grafana/grafana:12.4.0", project: "monitoring", health: "Healthy", up: "34d", limit: 512, ports: ["3000:3000"], load: { cpu: 1.2, memory: 148, rx: 4, tx: 11, write: 2, pids: 24 } },
  { name: "node-exporter", image: "prom/node-exporter:v1.9.0", project: "monitoring", up: "34d", network: "host", load: { cpu: 0.6, memory: 14, rx: null, tx: null, pids: 9 } },
  { name: "home-assistant", image: "ghcr.io/home-assistant/home-assistant:2026.3", project: "스마트홈", service: "홈어시스턴트", up: "9d", network: "host", mounts: ["/srv/home:/config"], load: { cpu: 4.9, memory: 588, rx: null, tx: null, write: 22, pids: 72 } },
  { name: "mosquitto", image: "eclipse-mosquitto:2", project: "스마트홈", service: "메시지-브로커", up: "9d", ports: ["1883:1883"], load: { cpu: 0.3, memory: 7, rx: 3, tx: 5, pids: 2 } },
  { name: "zigbee2mqtt", image: "koenkk/zigbee2mqtt:2.1.3", project: "스마트홈", service: "지그비", up: "9d", ports: ["8081:8080"], load: { cpu: 1.1, memory: 118, rx: 5, tx: 3, write: 1, pids: 22 } },
  { name: "gagyebu-web-1", image: "registry.lan:5000/가계부/web:3", project: "가계부", service: "웹", health: "Healthy", up: "2d", ports: ["8090:3000"], labels: [["설명", "우리 집 가계부: 매달 나가는 돈을 한눈에 보여 줍니다"]], load: { cpu: 0.9, memory: 88, rx: 3, tx: 6, pids: 11 } },
  { name: "gagyebu-db-1", image: "postgres:17.4-bookworm", project: "가계부", service: "데이터베이스", health: "Healthy", up: "2d", limit: 512, ports: ["5432"], mounts: ["gagyebu_db:/var/lib/postgresql/data"], load: { cpu: 1.4, memory: 104, rx: 6, tx: 3, read: 12, write: 44, pids: 14 } },
  { name: "registry", image: "registry:3", up: "41d", ports: ["5000:5000"], mounts: ["registry:/var/lib/registry"], load: { cpu: 0.1, memory: 21, rx: 0.4, tx: 0.2, pids: 10 } },
  { name: "nightly-backup", image: "restic/restic:0.18.0", state: "Exited", ended: "11h", policy: "no" },
];

const TROUBLE = [
  { name: "shop-db-1", image: "postgres:17.4-bookworm", project: "shop", service: "db", state: "Restarting", ended: "8s", exit: 137, oom: true, restarts: 6, limit: 128, mounts: ["shop_db:/var/lib/postgresql/data"] },
  { name: "shop-worker-1", image: "ghcr.io/daemonscope/shop-worker:2026.3.1", project: "shop", service: "worker", state: "Exited", ended: "3m", exit: 137, oom: true, limit: 128, policy: "no" },
  { name: "shop-mail-1", image: "axllent/mailpit:v1.22", project: "shop", service: "mail", health: "Starting", up: "14s", restarts: 2, exit: 1, ports: ["8025:8025"], load: { cpu: 4, memory: 24, rx: 0.2, tx: 0.1, pids: 9 } },
  { name: "cadvisor", image: "gcr.io/cadvisor/cadvisor:v0.52.0", project: "monitoring", health: "Unhealthy", up: "34d", ports: ["8082:8080"], limit: 256, load: { cpu: 9, memory: 249, rx: 18, tx: 66, pids: 21 } },
  { name: "radarr", image: "lscr.io/linuxserver/radarr:5.21", project: "media", state: "Paused", up: "6d", ports: ["7878:7878"], load: { cpu: 0, memory: 171, pids: 28 } },
  { name: "import-2026-03", image: "ghcr.io/daemonscope/shop-tools:latest", state: "Exited", ended: "22m", exit: 3, policy: "no" },
  { name: "migrate", image: "ghcr.io/daemonscope/shop-tools:latest", state: "Created", up: "5h", policy: "no" },
];

export const busy = () => fleet([...WELL, ...TROUBLE]);

export const calm = () => fleet(WELL.filter(({ state }) => !state));

/** Every state, and every health of what runs. */
export const states = () =>
  fleet([
    { name: "created", state: "Created", up: "20m" },
    { name: "running", load: { cpu: 1.2, memory: 40, rx: 1, tx: 1 } },
    { name: "running-starting", health: "Starting", up: "9s", load: { cpu: 80, memory: 61, rx: 1, tx: 1 } },
    { name: "running-healthy", health: "Healthy", load: { cpu: 3, memory: 44, rx: 1, tx: 1 } },
    { name: "running-unhealthy", health: "Unhealthy", load: { cpu: 0.1, memory: 30, rx: 1, tx: 1 } },
    { name: "running-unknown-health", health: "?drowsy", load: { cpu: 0.4, memory: 30, rx: 1, tx: 1 } },
    { name: "running-restarted", restarts: 4, up: "2m", exit: 1, load: { cpu: 2, memory: 30, rx: 1, tx: 1 } },
    { name: "running-not-inspected", unread: true, status: "Up 3 days", load: { cpu: 2, memory: 30 } },
    { name: "running-no-figures" },
    { name: "running-at-its-limit", limit: 64, load: { cpu: 400, memory: 63.9, rx: 120_000, tx: 98_000, read: 210_000, write: 180_000, pids: 4_096 } },
    { name: "paused", state: "Paused", load: { cpu: 0, memory: 60 } },
    { name: "paused-unhealthy", state: "Paused", health: "Unhealthy", load: { cpu: 0, memory: 60 } },
    { name: "restarting", state: "Restarting", ended: "3s", exit: 1, restarts: 117 },
    { name: "removing", state: "Removing", ended: "1m" },
    { name: "exited-0", state: "Exited", ended: "40m" },
    { name: "exited-143", state: "Exited", ended: "50m", exit: 143 },
    { name: "exited-3", state: "Exited", ended: "10m", exit: 3 },
    { name: "exited-long-ago", state: "Exited", ended: "420d", exit: 255 },
    { name: "exited-oom", state: "Exited", ended: "2m", exit: 137, oom: true, limit: 128 },
    { name: "dead", state: "Dead", ended: "2h", exit: 137 },
    { name: "stopped-podman", state: "?stopped", ended: "3h", status: "Stopped 3 hours ago" },
  ]);

/** Names and images that are long, in other scripts, or made to mislead. */
export const names = () =>
  fleet([
    { name: "대한민국-민주주의-인민의-아주-긴-컨테이너-이름-하나-둘-셋-넷-다섯", project: "한국어-프로젝트-이름도-아주-깁니다", service: "웹-서버-서비스-이름", image: "registry.example.co.kr/팀/프로젝트/아주-긴-이미지-이름:안정판", load: { cpu: 11, memory: 90, rx: 3, tx: 4 } },
    { name: "가나다라마바사아자차카타파하가나다라마바사아자차카타파하가나다라마바사아자차카타파하", load: { cpu: 3, memory: 60, rx: 3, tx: 4 } },
    { name: "k8s_controller_ingress-nginx-controller-7d5d6b9c4f-abcde_ingress-nginx_0c1b2d3e-4f56-7890-abcd-ef0123456789_17", image: "registry.k8s.io/ingress-nginx/controller@sha256:d56f135b6462cfc476447cfe564b83a45e8bb7da2774963b00d12161112270b7", ports: ["80:80", "443:443", "8443:8443", "9913:9913", "10254:10254", "18080:18080"], load: { cpu: 12, memory: 220, rx: 30, tx: 40 } },
    { name: "🐳-whale-🚀👩‍👩‍👧‍👦-family", image: "emoji/🐳:🏴󠁧󠁢󠁳󠁣󠁴󠁿", load: { cpu: 1, memory: 20, rx: 3, tx: 4 } },
    { name: "שרת-אינטרנט-ראשי", image: "registry.example/עברית/שרת:1", load: { cpu: 2, memory: 20, rx: 3, tx: 4 } },
    { name: "خادم-قاعدة-البيانات", image: "postgres:17", load: { cpu: 2, memory: 20, rx: 3, tx: 4 } },
    { name: "evil\u202Egnp.exe\u202C-bidi", image: "trust\u2066me\u2069:latest", load: { cpu: 2, memory: 20, rx: 3, tx: 4 } },
    { name: "zero\u200Bwidth\u2060joined", image: "a\u0007bell:1", load: { cpu: 2, memory: 20, rx: 3, tx: 4 } },
    { name: "<script>alert(1)</script>", image: "\"><img src=x onerror=alert(1)>", load: { cpu: 2, memory: 20, rx: 3, tx: 4 } },
    { name: "z̸a̶l̷g̵o̴-ö́̂̃", image: "sha256:4f1c1b8a9d", load: { cpu: 2, memory: 20, rx: 3, tx: 4 } },
    { name: "中文容器名称很长很长很长很长很长", image: "镜像/仓库:标签", load: { cpu: 2, memory: 20, rx: 3, tx: 4 } },
    { name: "x", image: "y", load: { cpu: 2, memory: 20, rx: 3, tx: 4 } },
  ]);

/** A large host: forty projects of twenty-five. */
export function many(count) {
  const next = random(count);
  const kinds = ["web", "api", "db", "cache", "worker", "queue", "cron", "proxy", "search", "mail"];
  return fleet(
    Array.from({ length: count }, (_, index) => {
      const project = `tenant-${String(Math.floor(index / 25) + 1).padStart(2, "0")}`;
      const kind = kinds[index % kinds.length];
      const name = `${project}-${kind}-${Math.floor((index % 25) / kinds.length) + 1}`;
      const fate = next();
      const base = { name, project, service: kind, image: `registry.lan/${kind}:${1 + (index % 9)}.${index % 4}`, up: `${1 + Math.floor(next() * 60)}d` };
      if (fate < 0.02) return { ...base, state: "Exited", ended: "9m", exit: 1 };
      if (fate < 0.06) return { ...base, state: "Exited", ended: "5d" };
      if (fate < 0.07) return { ...base, health: "Unhealthy", load: { cpu: 0.2, memory: 40, rx: 1, tx: 1 } };
      const heavy = next() ** 6;
      return { ...base, load: { cpu: heavy * 3, memory: 20 + heavy * 700, rx: heavy * 400, tx: heavy * 300, write: heavy * 50, pids: 3 + Math.floor(next() * 30) } };
    }),
  );
}

/** With everything that the page of one container can show. */
export const detailed = () =>
  container(2, {
    name: "shop-api-1",
    image: "ghcr.io/daemonscope/shop-api:2026.3.1",
    project: "shop",
    service: "api",
    health: "Healthy",
    check: "/bin/sh -c 'curl --fail --silent --max-time 3 http://localhost:9000/healthz || exit 1'",
    command: "node --max-old-space-size=768 /srv/api/server.js --listen 0.0.0.0:9000",
    up: "12d",
    restarts: 2,
    limit: 1024,
    cpus: 1.5,
    pidsLimit: 512,
    user: "node",
    dir: "/srv/api",
    ports: ["9000:9000", "9229", "8125:8125/udp"],
    mounts: ["shop_uploads:/srv/api/uploads", "/etc/shop/api.yaml:/etc/api.yaml:ro", "/run/secrets/shop:/run/secrets:ro"],
    env: ["PATH", "NODE_ENV", "NODE_VERSION", "DATABASE_URL", "REDIS_URL", "SHOP_PAYMENT_PROVIDER_SECRET_KEY", "한글_환경변수", "TZ"],
    labels: [
      ["org.opencontainers.image.source", "https://github.com/daemonscope/shop-api"],
      ["org.opencontainers.image.revision", hex(40, 77)],
      ["설명", "주문과 결제를 처리하는 서비스. 재고는 데이터베이스에서 읽습니다."],
      ["traefik.http.routers.api.rule", "Host(`api.shop.example`) && PathPrefix(`/v1`)"],
    ],
    load: { cpu: 64, memory: 612, rx: 610, tx: 720, read: 80, write: 240, pids: 61, burst: 1.4 },
  });
