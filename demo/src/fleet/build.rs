//! The fleet at the beginning, made from the catalogue and a seed.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::fleet::catalogue::{self, BASES, IMAGE_SIZES, Service};
use crate::fleet::container::{Attachment, Check, Mount, Port, Spec};
use crate::fleet::stores::{CacheRecord, Image, Network, Volume};
use crate::load::Character;
use crate::random::Random;
use crate::time::{SECOND, Time};

const DAY: Duration = Duration::from_secs(86_400);

/// The specs of a fleet of `count` containers. Beyond the catalogue the same services come again,
/// as other environments of the same projects.
pub fn specs(count: usize, random: &mut Random) -> Vec<Spec> {
    let mut specs = Vec::with_capacity(count);
    let mut environment = 0_usize;
    while specs.len() < count {
        for service in catalogue::services() {
            for replica in 1..=service.replicas {
                if specs.len() == count {
                    return specs;
                }
                specs.push(spec(service, replica, environment, random));
            }
        }
        environment += 1;
    }
    specs
}

/// The suffix that tells the copies of a project apart.
fn suffix(environment: usize) -> String {
    match environment {
        0 => String::new(),
        1 => "-staging".to_owned(),
        2 => "-test".to_owned(),
        number => format!("-dev{:02}", number - 2),
    }
}

fn spec(service: &Service, replica: u16, environment: usize, random: &mut Random) -> Spec {
    let suffix = suffix(environment);
    let project = (!service.project.is_empty()).then(|| format!("{}{suffix}", service.project));
    let name = match &project {
        Some(project) => format!("{project}-{}-{replica}", service.service),
        None => format!("{}{suffix}", service.service),
    };
    let mut labels = BTreeMap::from([(
        "org.opencontainers.image.source".to_owned(),
        format!("https://example.org/{}", repository(service.image)),
    )]);
    if !service.title.is_empty() {
        labels.insert("homepage.name".to_owned(), service.title.to_owned());
    }
    if let Some(project) = &project {
        for (label, value) in [
            ("config-hash", random.hex(64)),
            ("container-number", replica.to_string()),
            ("depends_on", String::new()),
            ("oneoff", "False".to_owned()),
            ("project", project.clone()),
            (
                "project.config_files",
                format!("/srv/{project}/compose.yaml"),
            ),
            ("project.working_dir", format!("/srv/{project}")),
            ("service", service.service.to_owned()),
            ("version", "2.40.3".to_owned()),
        ] {
            labels.insert(format!("com.docker.compose.{label}"), value);
        }
    }
    let offset = u16::try_from(environment).unwrap_or(0).saturating_mul(200);
    let ports = service.ports.iter().map(|&(public, private, udp)| Port {
        private,
        // Only the first replica can have the port; each environment has its own.
        public: (public != 0 && replica == 1).then(|| {
            if environment == 0 {
                public
            } else {
                10_000_u16
                    .wrapping_add(offset)
                    .wrapping_add(public % 200)
                    .max(1024)
            }
        }),
        protocol: if udp { "udp" } else { "tcp" },
    });
    let volumes = service
        .volumes
        .iter()
        .map(|&(volume, destination)| Mount::Volume {
            name: match &project {
                Some(project) => format!("{project}_{volume}"),
                None => format!("{volume}{suffix}"),
            },
            destination: destination.to_owned(),
        });
    let binds = service
        .binds
        .iter()
        .map(|&(source, destination, writable)| Mount::Bind {
            source: source.to_owned(),
            destination: destination.to_owned(),
            writable,
        });
    let network = match &project {
        _ if service.host_network => Attachment::Host,
        Some(project) => Attachment::Bridge(format!("{project}_default")),
        None => Attachment::Bridge("bridge".to_owned()),
    };
    // Copies are like the original, but nobody's twin; environments beside the first have less to do.
    let mut vary = |value: f64| {
        value * (0.7 + 0.6 * random.share()) * if environment == 0 { 1.0 } else { 0.4 }
    };
    let kilobytes = 1000.0;
    let character = Character {
        cores: vary(service.cores),
        burst: vary(service.burst),
        memory_mib: vary(service.memory_mib),
        cache_mib: vary(service.cache_mib),
        received: vary(service.network.0) * kilobytes,
        sent: vary(service.network.1) * kilobytes,
        read: vary(service.disk.0) * kilobytes,
        written: vary(service.disk.1) * kilobytes,
        threads: service.threads,
        cores_limit: (service.cores_limit > 0.0).then_some(service.cores_limit),
        memory_limit: (service.memory_limit_mib > 0).then_some(service.memory_limit_mib << 20),
        seed: random.number(),
    };
    Spec {
        name,
        image: service.image.to_owned(),
        command: service.command.split(' ').map(str::to_owned).collect(),
        env: vec![
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
            "TZ=Asia/Seoul".to_owned(),
        ],
        labels,
        project: project.clone(),
        service: (!service.project.is_empty()).then(|| service.service.to_owned()),
        ports: ports.collect(),
        mounts: volumes.chain(binds).collect(),
        network,
        health: service.health.map(|(command, seconds)| Check {
            command: command.to_owned(),
            interval: SECOND * u32::try_from(seconds).unwrap_or(30),
            retries: 3,
        }),
        restart: service.restart,
        temper: service.temper,
        tty: service.tty,
        auto_remove: false,
        character,
    }
}

/// `repository` of `repository:tag`.
pub fn repository(image: &str) -> &str {
    let after_host = image.rfind('/').map_or(0, |slash| slash + 1);
    image[after_host..]
        .find(':')
        .map_or(image, |colon| &image[..after_host + colon])
}

/// A fresh image of that name, as a pull would bring it.
pub fn image(name: &str, created: Time, random: &mut Random) -> Image {
    let repository = repository(name);
    let known = IMAGE_SIZES.iter().find(|(of, _, _)| *of == repository);
    let (megabytes, base) = known.map_or((60, "alpine"), |&(_, megabytes, base)| (megabytes, base));
    let base = BASES
        .iter()
        .find(|(of, _)| *of == base)
        .map(|(base, _)| *base);
    Image {
        id: format!("sha256:{}", random.hex(64)),
        tags: vec![name.to_owned()],
        digests: vec![format!("{repository}@sha256:{}", random.hex(64))],
        created,
        size: megabytes * 1_000_000 + random.below(900_000),
        base,
        labels: BTreeMap::from([(
            "org.opencontainers.image.title".to_owned(),
            repository.to_owned(),
        )]),
    }
}

/// Bytes of the layers that every image on `base` shares.
pub fn base_size(base: Option<&str>) -> u64 {
    BASES
        .iter()
        .find(|(of, _)| Some(*of) == base)
        .map_or(0, |(_, megabytes)| megabytes * 1_000_000)
}

/// Images of the specs, with a few that nothing uses any more.
pub fn images(specs: &[Spec], now: Time, random: &mut Random) -> Vec<Image> {
    let mut images: Vec<Image> = Vec::new();
    let unused = [
        "python:3.14-slim",
        "node:24-bookworm",
        "alpine:3.22",
        "hello-world:latest",
    ];
    for name in specs.iter().map(|spec| spec.image.as_str()).chain(unused) {
        if images.iter().any(|image| image.tags[0] == name) {
            continue;
        }
        let age = DAY * u32::try_from(2 + random.below(200)).unwrap_or(2);
        images.push(image(name, now - age, random));
    }
    for name in [
        "registry.example.net/shop/web:2026.10.9",
        "registry.example.net/shop/worker:2026.10.9",
    ] {
        let mut old = image(name, now - DAY * 40, random);
        old.tags.clear();
        images.push(old);
    }
    images
}

/// A volume for every mount that names one, with one that was forgotten.
pub fn volumes(specs: &[Spec], now: Time, random: &mut Random) -> Vec<Volume> {
    let mut volumes: Vec<Volume> = Vec::new();
    for spec in specs {
        for mount in &spec.mounts {
            let Mount::Volume { name, .. } = mount else {
                continue;
            };
            if volumes.iter().any(|volume| volume.name == *name) {
                continue;
            }
            let mut labels = BTreeMap::new();
            if let Some(project) = &spec.project {
                labels.insert("com.docker.compose.project".to_owned(), project.clone());
                let short = name.strip_prefix(&format!("{project}_")).unwrap_or(name);
                labels.insert("com.docker.compose.volume".to_owned(), short.to_owned());
            }
            let exponent = 6.0 + 3.6 * random.share();
            volumes.push(Volume {
                name: name.clone(),
                created: now - DAY * u32::try_from(20 + random.below(300)).unwrap_or(20),
                labels,
                size: 10_f64.powf(exponent) as u64,
                growth: spec.character.written * 0.002,
            });
        }
    }
    for _ in 0..2 {
        let labels = BTreeMap::from([("com.docker.volume.anonymous".to_owned(), String::new())]);
        volumes.push(Volume {
            name: random.hex(64),
            created: now - DAY * 60,
            labels,
            size: 30_000_000 + random.below(400_000_000),
            growth: 0.0,
        });
    }
    volumes
}

/// The three that every engine has, and one for each project.
pub fn networks(specs: &[Spec], now: Time, random: &mut Random) -> Vec<Network> {
    let mut networks: Vec<Network> = Vec::new();
    let created = now - DAY * 200;
    for (name, driver) in [("bridge", "bridge"), ("host", "host"), ("none", "null")] {
        let prefix = if driver == "bridge" {
            "172.17".to_owned()
        } else {
            String::new()
        };
        networks.push(Network {
            id: random.hex(64),
            name: name.to_owned(),
            created,
            driver,
            prefix,
            prefix_length: 16,
            labels: BTreeMap::new(),
            next_address: 2,
        });
    }
    for spec in specs {
        let Some(project) = &spec.project else {
            continue;
        };
        let name = format!("{project}_default");
        if networks.iter().all(|network| network.name != name) {
            let index = networks.len() - 3;
            networks.push(project_network(project, index, created, random));
        }
    }
    networks
}

/// The first numbers of a project's addresses and the length of the prefix, as docker's address pools give them out.
pub fn subnet(index: usize) -> (String, u8) {
    match index {
        0..14 => (format!("172.{}", 18 + index), 16),
        _ => (format!("10.{}.{}", index / 250, index % 250), 24),
    }
}

/// The default network of a compose project; `index` says which subnet it gets.
pub fn project_network(project: &str, index: usize, created: Time, random: &mut Random) -> Network {
    let (prefix, prefix_length) = subnet(index);
    Network {
        id: random.hex(64),
        name: format!("{project}_default"),
        created,
        driver: "bridge",
        prefix,
        prefix_length,
        labels: BTreeMap::from([
            (
                "com.docker.compose.network".to_owned(),
                "default".to_owned(),
            ),
            ("com.docker.compose.project".to_owned(), project.to_owned()),
            ("com.docker.compose.version".to_owned(), "2.40.3".to_owned()),
        ]),
        next_address: 2,
    }
}

/// What builds of the shop left behind.
pub fn cache(now: Time, random: &mut Random) -> Vec<CacheRecord> {
    const STEPS: &[(&str, &str, u64)] = &[
        (
            "regular",
            "pulled from docker.io/library/node:24-bookworm",
            0,
        ),
        ("source.local", "local source for context", 4_812_331),
        (
            "regular",
            "mount / from exec /bin/sh -c npm ci",
            287_400_120,
        ),
        (
            "exec.cachemount",
            "cached mount /root/.npm from exec /bin/sh -c npm ci",
            191_003_004,
        ),
        (
            "regular",
            "mount / from exec /bin/sh -c npm run build",
            36_880_448,
        ),
        (
            "regular",
            "pulled from docker.io/library/python:3.14-slim",
            0,
        ),
        (
            "regular",
            "mount / from exec /bin/sh -c pip install -r requirements.txt",
            122_709_201,
        ),
        (
            "exec.cachemount",
            "cached mount /root/.cache/pip",
            84_120_007,
        ),
        (
            "source.git.checkout",
            "git snapshot for https://example.org/shop.git#main",
            9_440_000,
        ),
    ];
    let mut records: Vec<CacheRecord> = Vec::new();
    for (index, &(kind, description, size)) in STEPS.iter().enumerate() {
        let shared = size == 0;
        let parents = records
            .last()
            .filter(|_| kind == "regular" && !shared)
            .map(|parent| parent.id.clone());
        records.push(CacheRecord {
            id: random.word(25),
            parents: parents.into_iter().collect(),
            kind,
            description: description.to_owned(),
            in_use: false,
            shared,
            size,
            created: now - DAY * 12,
            last_used: (index != 8)
                .then(|| now - DAY * 2 - SECOND * u32::try_from(random.below(80_000)).unwrap_or(0)),
            uses: 1 + random.below(9),
        });
    }
    records
}
