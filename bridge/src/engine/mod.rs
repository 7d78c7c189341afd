//! The daemon's side: the only code that knows the Engine API.
//!
//! It is told what is wanted ([`Demand`]) and tells what is so ([`Update`]); nothing else crosses.

mod lenient;
mod rfc3339;
mod sample;
pub mod stats;
pub mod usage;

use std::{collections::BTreeSet, sync::Arc};

use protocol::{Container, DaemonState, EngineInfo, Event, Gap, UsageState};

pub use sample::{Counters, Rates, Sample};

/// A container's full id: 64 hexadecimal digits.
pub type Id = Arc<str>;

/// What the engine's side has learnt, in the order in which the hub must apply it.
#[derive(Debug)]
pub enum Update {
    Daemon(DaemonState),
    Engine(Box<EngineInfo>),
    /// The whole fleet, after each connect: what is not in it is gone. Keys are not set.
    Listed(Vec<Container>),
    /// One container that is new or different. Its key is not set.
    Changed(Box<Container>),
    Gone(Id),
    Event(Event),
    Gap(Gap),
    Sample(Id, Sample),
    /// The container's figures are no longer known: it stopped, or its stream did.
    SampleLost(Id),
    Usage(UsageState),
}

/// What the viewers look at, all together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    pub stats: StatsDemand,
    pub usage: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum StatsDemand {
    #[default]
    None,
    Some(BTreeSet<Id>),
    All,
}

impl StatsDemand {
    pub fn wants(&self, id: &str) -> bool {
        match self {
            Self::None => false,
            Self::Some(ids) => ids.contains(id),
            Self::All => true,
        }
    }
}
