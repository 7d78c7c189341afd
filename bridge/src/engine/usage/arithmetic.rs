//! One answer of `/system/df` to the four rows of `docker system df`
//! (docker/cli, `cli/command/formatter/disk_usage.go`; moby, `daemon/disk_usage.go`, `client/system_disk_usage.go`).
//!
//! What is left out or null is zero, as the docker command reads it. What is there and cannot be read, where the docker
//! command refuses the whole answer, makes the figures unknown that it would be a part of, and no other.

use protocol::{UsageClass, UsageRow};
use serde::{Deserialize, Deserializer};

use crate::engine::lenient::{self, Told};

/// The rows in the order of the docker command. `engine_version` is the daemon's own (`28.5.2+dfsg4`):
/// releases before 29 reckon differently what images would free.
pub fn rows(answer: &[u8], engine_version: &str) -> Result<Vec<UsageRow>, serde_json::Error> {
    let answer: Answer = serde_json::from_slice(answer)?;
    let rule = ImageRule::of(engine_version);
    let layers_size = answer.layers_size.or_zero();
    Ok(vec![
        row(
            UsageClass::Images,
            answer.image_usage,
            &answer.images,
            |list| images(list, layers_size, rule),
        ),
        row(
            UsageClass::Containers,
            answer.container_usage,
            &answer.containers,
            containers,
        ),
        row(
            UsageClass::LocalVolumes,
            answer.volume_usage,
            &answer.volumes,
            volumes,
        ),
        row(
            UsageClass::BuildCache,
            answer.build_cache_usage,
            &answer.build_cache,
            build_cache,
        ),
    ])
}

/// Both shapes in one: until 1.51 lists only; from 1.52 on sums, and without `verbose` the lists beside them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Answer {
    #[serde(deserialize_with = "lenient::object")]
    image_usage: Told<Sum>,
    #[serde(deserialize_with = "lenient::object")]
    container_usage: Told<Sum>,
    #[serde(deserialize_with = "lenient::object")]
    volume_usage: Told<Sum>,
    #[serde(deserialize_with = "lenient::object")]
    build_cache_usage: Told<Sum>,
    layers_size: Told<i64>,
    #[serde(deserialize_with = "lenient::list")]
    images: List<Image>,
    #[serde(deserialize_with = "lenient::list")]
    containers: List<Container>,
    #[serde(deserialize_with = "lenient::list")]
    volumes: List<Volume>,
    #[serde(deserialize_with = "lenient::list")]
    build_cache: List<CacheRecord>,
}

type List<T> = Told<Vec<Told<T>>>;

/// The daemon's own reckoning of one class, since API 1.52. Zeros are left out.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Sum {
    total_count: Told<u64>,
    active_count: Told<u64>,
    total_size: Told<i64>,
    reclaimable: Told<i64>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Image {
    containers: Told<i64>,
    size: Told<i64>,
    shared_size: Told<i64>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Container {
    #[serde(rename = "State", deserialize_with = "is_active")]
    active: Told<bool>,
    size_rw: Told<i64>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Volume {
    #[serde(deserialize_with = "lenient::object")]
    usage_data: Told<VolumeUsage>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct VolumeUsage {
    size: Told<i64>,
    ref_count: Told<i64>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct CacheRecord {
    size: Told<i64>,
    in_use: Told<bool>,
    shared: Told<bool>,
}

fn is_active<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Told<bool>, D::Error> {
    lenient::text(deserializer, |state| {
        matches!(state, "running" | "paused" | "restarting")
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ImageRule {
    /// All layers less those that only images in use have.
    Before29,
    /// What images without containers have for themselves.
    Since29,
}

impl ImageRule {
    /// A version that is not a number is a build of the development branch.
    fn of(engine_version: &str) -> Self {
        let major = engine_version.split('.').next().unwrap_or("");
        match major.parse::<u32>() {
            Ok(major) if major < 29 => Self::Before29,
            _ => Self::Since29,
        }
    }
}

fn row<T>(
    class: UsageClass,
    sum: Told<Sum>,
    list: &List<T>,
    of_list: impl FnOnce(&List<T>) -> Figures,
) -> UsageRow {
    let figures = match (sum, list) {
        (Told::This(sum), _) => Figures {
            total: sum.total_count.or_zero(),
            active: sum.active_count.or_zero(),
            size: sum.total_size.or_zero(),
            reclaimable: sum.reclaimable.or_zero(),
        },
        // of a daemon that sends sums, no list is not an empty one
        (Told::Unreadable, Told::Nothing) => Figures::UNKNOWN,
        (Told::Nothing | Told::Unreadable, list) => of_list(list),
    };
    UsageRow {
        class,
        total: figures.total,
        active: figures.active,
        size_bytes: figures.size,
        reclaimable_bytes: figures.reclaimable,
    }
}

/// `None` is not known.
#[derive(Debug)]
struct Figures {
    total: Option<u64>,
    active: Option<u64>,
    size: Option<i64>,
    reclaimable: Option<i64>,
}

impl Figures {
    const UNKNOWN: Self = Self {
        total: None,
        active: None,
        size: None,
        reclaimable: None,
    };

    /// Each item that can be read is given to `add`. One that cannot be is one all the same: it counts, and only what is
    /// made of the items' own figures is unknown.
    fn of<T: Copy + Default>(list: &List<T>, add: impl Fn(&mut Self, T)) -> Self {
        let list: &[Told<T>] = match list {
            Told::This(list) => list,
            Told::Nothing => &[],
            Told::Unreadable => return Self::UNKNOWN,
        };
        let total = u64::try_from(list.len()).ok();
        let mut figures = Self {
            total,
            active: Some(0),
            size: Some(0),
            reclaimable: Some(0),
        };
        for item in list {
            match item.or_zero() {
                Some(item) => add(&mut figures, item),
                None => {
                    figures = Self {
                        total,
                        ..Self::UNKNOWN
                    }
                }
            }
        }
        figures
    }

    fn add_active(&mut self, is_active: Option<bool>) {
        self.active = self
            .active
            .zip(is_active)
            .map(|(active, one)| active + u64::from(one));
    }

    fn add_size(&mut self, size: Option<i64>) {
        self.size = sum(self.size, size);
    }

    fn add_reclaimable(&mut self, size: Option<i64>) {
        self.reclaimable = sum(self.reclaimable, size);
    }
}

fn sum(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    Some(one?.saturating_add(other?))
}

/// What counts of a size: nothing if it does not count, however little is known of it.
fn part(counts: Option<bool>, size: Option<i64>) -> Option<i64> {
    match counts {
        Some(true) => size,
        Some(false) => Some(0),
        None => None,
    }
}

/// Whether both are false, which one that is true decides.
fn neither(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(true), _) | (_, Some(true)) => Some(false),
        (Some(false), Some(false)) => Some(true),
        _ => None,
    }
}

/// -1 is the daemon's word for "not measured", and the docker command adds nothing for it.
fn measured(size: Option<i64>) -> Option<i64> {
    size.map(|size| if size == -1 { 0 } else { size })
}

fn images(list: &List<Image>, layers_size: Option<i64>, rule: ImageRule) -> Figures {
    let mut figures = Figures::of(list, |figures, image: Image| {
        let (size, shared) = (image.size.or_zero(), image.shared_size.or_zero());
        let own = match (size, shared) {
            // not measured
            (Some(-1), _) | (_, Some(-1)) => Some(0),
            (Some(size), Some(shared)) => Some(size.saturating_sub(shared)),
            _ => None,
        };
        let containers = image.containers.or_zero();
        figures.add_active(containers.map(|count| count > 0));
        let counts = containers.map(|count| match rule {
            ImageRule::Before29 => count != 0,
            ImageRule::Since29 => count == 0,
        });
        figures.add_reclaimable(part(counts, own));
    });
    figures.size = layers_size;
    if rule == ImageRule::Before29 {
        // until here it is what images in use have for themselves
        let used = figures.reclaimable;
        figures.reclaimable = layers_size
            .zip(used)
            .map(|(all, used)| all.saturating_sub(used));
    }
    figures
}

fn containers(list: &List<Container>) -> Figures {
    Figures::of(list, |figures, container: Container| {
        let (active, size) = (container.active.or_zero(), container.size_rw.or_zero());
        figures.add_active(active);
        figures.add_size(size);
        figures.add_reclaimable(part(active.map(|active| !active), size));
    })
}

fn volumes(list: &List<Volume>) -> Figures {
    Figures::of(list, |figures, volume: Volume| {
        let (size, references) = match volume.usage_data {
            // as the docker command since 29 does it; those before end there
            Told::Nothing => return,
            Told::This(usage) => (measured(usage.size.or_zero()), usage.ref_count.or_zero()),
            Told::Unreadable => (None, None),
        };
        figures.add_active(references.map(|count| count > 0));
        figures.add_size(size);
        figures.add_reclaimable(part(references.map(|count| count == 0), size));
    })
}

/// Records that images share are counted with the images.
fn build_cache(list: &List<CacheRecord>) -> Figures {
    Figures::of(list, |figures, record: CacheRecord| {
        let (in_use, shared) = (record.in_use.or_zero(), record.shared.or_zero());
        let size = record.size.or_zero();
        figures.add_active(in_use);
        figures.add_size(part(shared.map(|shared| !shared), size));
        figures.add_reclaimable(part(neither(shared, in_use), size));
    })
}
