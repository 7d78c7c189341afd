use crate::ContainerKey;

/// Whose figures a viewer looks at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FiguresWanted {
    #[default]
    None,
    /// Every running container's, and their sum.
    All,
    One(ContainerKey),
}

/// What one part of the page looks at now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Want {
    pub figures: FiguresWanted,
    /// At least so many of the newest entries of the timeline, and all that come.
    pub events: Option<u32>,
    /// The disk usage is on screen, so that it may be read again when something changed.
    pub usage: bool,
}

impl Want {
    /// What the whole page looks at when its parts want these.
    pub fn union(wants: impl IntoIterator<Item = Self>) -> Self {
        wants.into_iter().fold(Self::default(), |a, b| Self {
            figures: match (a.figures, b.figures) {
                (FiguresWanted::None, other) | (other, FiguresWanted::None) => other,
                (FiguresWanted::One(a), FiguresWanted::One(b)) if a == b => FiguresWanted::One(a),
                _ => FiguresWanted::All,
            },
            events: a.events.max(b.events),
            usage: a.usage || b.usage,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_page_wants_what_its_parts_want() {
        let one = |key| Want {
            figures: FiguresWanted::One(ContainerKey(key)),
            ..Want::default()
        };
        let events = |count| Want {
            events: Some(count),
            ..Want::default()
        };
        assert_eq!(Want::union([]), Want::default());
        assert_eq!(
            Want::union([one(1), one(1), events(5), events(9)]),
            Want {
                events: Some(9),
                ..one(1)
            }
        );
        assert_eq!(Want::union([one(1), one(2)]).figures, FiguresWanted::All);
        let all = Want {
            figures: FiguresWanted::All,
            usage: true,
            ..Want::default()
        };
        assert_eq!(Want::union([one(1), all]), all);
    }
}
