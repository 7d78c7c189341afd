//! One answer of `/system/df` to the four rows of `docker system df`
//! (docker/cli, `cli/command/formatter/disk_usage.go`; moby, `daemon/disk_usage.go`).

use protocol::{UsageClass, UsageRow};
use serde::{Deserialize, Deserializer};

use crate::engine::lenient;

/// The rows in the order of the docker command. `engine_version` is the daemon's own (`28.5.2+dfsg4`):
/// releases before 29 reckon differently what images would free.
pub fn rows(answer: &[u8], engine_version: &str) -> Result<Vec<UsageRow>, serde_json::Error> {
    let answer: Answer = serde_json::from_slice(answer)?;
    let rule = ImageRule::of(engine_version);
    Ok(vec![
        row(UsageClass::Images, answer.image_usage, || {
            images(&answer.images, answer.layers_size.unwrap_or(0), rule)
        }),
        row(UsageClass::Containers, answer.container_usage, || {
            containers(&answer.containers)
        }),
        row(UsageClass::LocalVolumes, answer.volume_usage, || {
            volumes(&answer.volumes)
        }),
        row(UsageClass::BuildCache, answer.build_cache_usage, || {
            build_cache(&answer.build_cache)
        }),
    ])
}

/// Both shapes in one: until 1.51 lists only; from 1.52 on sums, and without `verbose` the lists beside them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Answer {
    #[serde(deserialize_with = "lenient::optional_object")]
    image_usage: Option<Sum>,
    #[serde(deserialize_with = "lenient::optional_object")]
    container_usage: Option<Sum>,
    #[serde(deserialize_with = "lenient::optional_object")]
    volume_usage: Option<Sum>,
    #[serde(deserialize_with = "lenient::optional_object")]
    build_cache_usage: Option<Sum>,
    #[serde(deserialize_with = "lenient::signed")]
    layers_size: Option<i64>,
    #[serde(deserialize_with = "list")]
    images: Vec<Image>,
    #[serde(deserialize_with = "list")]
    containers: Vec<Container>,
    #[serde(deserialize_with = "list")]
    volumes: Vec<Volume>,
    #[serde(deserialize_with = "list")]
    build_cache: Vec<CacheRecord>,
}

/// The daemon's own reckoning of one class, since API 1.52. Zeros are left out.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Sum {
    #[serde(deserialize_with = "lenient::count")]
    total_count: Option<u64>,
    #[serde(deserialize_with = "lenient::count")]
    active_count: Option<u64>,
    #[serde(deserialize_with = "lenient::signed")]
    total_size: Option<i64>,
    #[serde(deserialize_with = "lenient::signed")]
    reclaimable: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Image {
    #[serde(deserialize_with = "lenient::signed")]
    containers: Option<i64>,
    #[serde(deserialize_with = "lenient::signed")]
    size: Option<i64>,
    #[serde(deserialize_with = "lenient::signed")]
    shared_size: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Container {
    #[serde(rename = "State", deserialize_with = "is_active")]
    active: bool,
    /// Left out when zero.
    #[serde(deserialize_with = "lenient::signed")]
    size_rw: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Volume {
    #[serde(deserialize_with = "lenient::object")]
    usage_data: VolumeUsage,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct VolumeUsage {
    #[serde(deserialize_with = "lenient::signed")]
    size: Option<i64>,
    #[serde(deserialize_with = "lenient::signed")]
    ref_count: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct CacheRecord {
    #[serde(deserialize_with = "lenient::signed")]
    size: Option<i64>,
    #[serde(deserialize_with = "lenient::flag")]
    in_use: bool,
    #[serde(deserialize_with = "lenient::flag")]
    shared: bool,
}

fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(lenient::optional_list(deserializer)?.unwrap_or_default())
}

fn is_active<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(lenient::text(deserializer, |state| {
        matches!(state, "running" | "paused" | "restarting")
    })?
    .unwrap_or(false))
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

fn row(class: UsageClass, sum: Option<Sum>, of_lists: impl FnOnce() -> Figures) -> UsageRow {
    let figures = match sum {
        Some(sum) => Figures {
            total: sum.total_count.unwrap_or(0),
            active: sum.active_count.unwrap_or(0),
            size: sum.total_size.unwrap_or(0),
            reclaimable: sum.reclaimable.unwrap_or(0),
        },
        None => of_lists(),
    };
    UsageRow {
        class,
        total: figures.total,
        active: figures.active,
        size_bytes: figures.size,
        reclaimable_bytes: figures.reclaimable,
    }
}

#[derive(Debug, Default)]
struct Figures {
    total: u64,
    active: u64,
    size: i64,
    reclaimable: i64,
}

/// -1 is the daemon's word for "not known".
fn known(size: Option<i64>) -> Option<i64> {
    size.filter(|size| *size != -1)
}

fn images(images: &[Image], layers_size: i64, rule: ImageRule) -> Figures {
    let mut figures = Figures {
        size: layers_size,
        ..Figures::default()
    };
    let (mut own_of_used, mut own_of_unused) = (0_i64, 0_i64);
    for image in images {
        figures.total += 1;
        let containers = image.containers.unwrap_or(0);
        if containers > 0 {
            figures.active += 1;
        }
        // left out means zero here, not unknown
        let size = known(image.size.or(Some(0)));
        let shared = known(image.shared_size.or(Some(0)));
        if let (Some(size), Some(shared)) = (size, shared) {
            let own = size.saturating_sub(shared);
            if containers == 0 {
                own_of_unused = own_of_unused.saturating_add(own);
            } else {
                own_of_used = own_of_used.saturating_add(own);
            }
        }
    }
    figures.reclaimable = match rule {
        ImageRule::Before29 => layers_size.saturating_sub(own_of_used),
        ImageRule::Since29 => own_of_unused,
    };
    figures
}

fn containers(containers: &[Container]) -> Figures {
    let mut figures = Figures::default();
    for container in containers {
        let size = container.size_rw.unwrap_or(0);
        figures.total += 1;
        figures.size = figures.size.saturating_add(size);
        if container.active {
            figures.active += 1;
        } else {
            figures.reclaimable = figures.reclaimable.saturating_add(size);
        }
    }
    figures
}

fn volumes(volumes: &[Volume]) -> Figures {
    let mut figures = Figures::default();
    for volume in volumes {
        let usage = &volume.usage_data;
        let size = known(usage.size).unwrap_or(0);
        figures.total += 1;
        figures.size = figures.size.saturating_add(size);
        match usage.ref_count {
            Some(0) => figures.reclaimable = figures.reclaimable.saturating_add(size),
            Some(1..) => figures.active += 1,
            _ => {}
        }
    }
    figures
}

/// Records that images share are counted with the images.
fn build_cache(records: &[CacheRecord]) -> Figures {
    let mut figures = Figures::default();
    for record in records {
        figures.total += 1;
        if record.in_use {
            figures.active += 1;
        }
        if !record.shared {
            let size = record.size.unwrap_or(0);
            figures.size = figures.size.saturating_add(size);
            if !record.in_use {
                figures.reclaimable = figures.reclaimable.saturating_add(size);
            }
        }
    }
    figures
}
