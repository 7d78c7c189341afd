//! Images, volumes, networks and build cache: what lies on the engine's disk.

use std::collections::BTreeMap;

use crate::time::Time;

#[derive(Clone, Debug)]
pub struct Image {
    /// `sha256:…`
    pub id: String,
    /// `repository:tag`; empty once another image took the name.
    pub tags: Vec<String>,
    pub digests: Vec<String>,
    pub created: Time,
    pub size: u64,
    /// The part of `size` that other images use too; the base it stands on names it.
    pub base: Option<&'static str>,
    pub labels: BTreeMap<String, String>,
}

#[derive(Clone, Debug)]
pub struct Volume {
    pub name: String,
    pub created: Time,
    pub labels: BTreeMap<String, String>,
    pub size: u64,
    /// Bytes a second while something that uses it runs.
    pub growth: f64,
}

impl Volume {
    pub fn size_at(&self, now: Time) -> u64 {
        self.size + (now.since(self.created).as_secs_f64() * self.growth) as u64
    }
}

#[derive(Clone, Debug)]
pub struct Network {
    pub id: String,
    pub name: String,
    pub created: Time,
    /// `bridge`, `host` or `null`.
    pub driver: &'static str,
    /// The first two or three numbers of its addresses; empty for host and none.
    pub prefix: String,
    pub prefix_length: u8,
    pub labels: BTreeMap<String, String>,
    /// Hands out addresses.
    pub next_address: u32,
}

impl Network {
    pub fn gateway(&self) -> String {
        if self.prefix.is_empty() {
            String::new()
        } else {
            self.address(1)
        }
    }

    pub fn subnet(&self) -> String {
        format!("{}/{}", self.address(0), self.prefix_length)
    }

    /// The `number`th address of the subnet.
    pub fn address(&self, number: u32) -> String {
        if self.prefix_length == 16 {
            format!("{}.{}.{}", self.prefix, number / 256 % 256, number % 256)
        } else {
            format!("{}.{}", self.prefix, number % 256)
        }
    }
}

#[derive(Clone, Debug)]
pub struct CacheRecord {
    pub id: String,
    pub parents: Vec<String>,
    pub kind: &'static str,
    pub description: String,
    pub in_use: bool,
    pub shared: bool,
    pub size: u64,
    pub created: Time,
    pub last_used: Option<Time>,
    pub uses: u64,
}
