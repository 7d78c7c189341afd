use super::Unit;
use crate::Metric;

/// What one chart shows: one metric, or the two directions of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    Cpu,
    Memory,
    Network,
    Block,
    Pids,
}

/// One line of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strand {
    pub metric: Metric,
    /// What tells it from the other line; empty where there is none.
    pub word: &'static str,
}

const fn strand(metric: Metric, word: &'static str) -> Strand {
    Strand { metric, word }
}

impl Quantity {
    pub fn title(self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::Memory => "Memory",
            Self::Network => "Network",
            Self::Block => "Block I/O",
            Self::Pids => "PIDs",
        }
    }

    pub fn unit(self) -> Unit {
        match self {
            Self::Cpu => Unit::Percent,
            Self::Memory => Unit::Bytes,
            Self::Network | Self::Block => Unit::BytesPerSecond,
            Self::Pids => Unit::Count,
        }
    }

    pub fn strands(self) -> &'static [Strand] {
        const CPU: &[Strand] = &[strand(Metric::Cpu, "")];
        const MEMORY: &[Strand] = &[strand(Metric::Memory, "")];
        const NETWORK: &[Strand] = &[
            strand(Metric::NetworkRx, "received"),
            strand(Metric::NetworkTx, "sent"),
        ];
        const BLOCK: &[Strand] = &[
            strand(Metric::BlockRead, "read"),
            strand(Metric::BlockWrite, "written"),
        ];
        const PIDS: &[Strand] = &[strand(Metric::Pids, "")];
        match self {
            Self::Cpu => CPU,
            Self::Memory => MEMORY,
            Self::Network => NETWORK,
            Self::Block => BLOCK,
            Self::Pids => PIDS,
        }
    }

    /// The class that gives a drawing its hue.
    pub fn class(self) -> &'static str {
        match self {
            Self::Cpu | Self::Pids => "as-cpu",
            Self::Memory => "as-memory",
            Self::Network => "as-network",
            Self::Block => "as-block",
        }
    }
}

impl Metric {
    pub fn quantity(self) -> Quantity {
        match self {
            Self::Cpu => Quantity::Cpu,
            Self::Memory => Quantity::Memory,
            Self::NetworkRx | Self::NetworkTx => Quantity::Network,
            Self::BlockRead | Self::BlockWrite => Quantity::Block,
            Self::Pids => Quantity::Pids,
        }
    }
}
