use std::collections::BTreeSet;

use super::{Sort, SortKey};
use crate::{Container, Health, State};

/// What a filter chip stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Filter {
    Running,
    Unhealthy,
    Paused,
    Restarting,
    Created,
    Exited,
    Dead,
    /// Removing, or a word that is not known.
    Other,
}

impl Filter {
    pub const ALL: [Self; 8] = [
        Self::Running,
        Self::Unhealthy,
        Self::Paused,
        Self::Restarting,
        Self::Created,
        Self::Exited,
        Self::Dead,
        Self::Other,
    ];

    /// In the URL and on the chip.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Unhealthy => "unhealthy",
            Self::Paused => "paused",
            Self::Restarting => "restarting",
            Self::Created => "created",
            Self::Exited => "exited",
            Self::Dead => "dead",
            Self::Other => "other",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|filter| filter.word() == word)
    }

    pub fn admits(self, container: &Container) -> bool {
        match (self, &container.state) {
            (Self::Unhealthy, State::Running | State::Paused) => {
                container.health == Some(Health::Unhealthy)
            }
            (Self::Running, State::Running)
            | (Self::Paused, State::Paused)
            | (Self::Restarting, State::Restarting)
            | (Self::Created, State::Created)
            | (Self::Exited, State::Exited)
            | (Self::Dead, State::Dead)
            | (Self::Other, State::Removing | State::Other(_)) => true,
            _ => false,
        }
    }
}

/// What a person asked of the list. All of it is in the URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// Words that must all occur; as typed.
    pub search: String,
    /// Any of these; none: all.
    pub filters: BTreeSet<Filter>,
    pub sort: Sort,
    /// By compose project.
    pub grouped: bool,
    /// Projects whose containers are folded away.
    pub folded: BTreeSet<String>,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            search: String::new(),
            filters: BTreeSet::new(),
            sort: Sort::default(),
            grouped: true,
            folded: BTreeSet::new(),
        }
    }
}

impl ListQuery {
    /// Reads what a URL's query says, field by field. What is not understood counts as not said.
    pub fn from_fields(field: impl Fn(&str) -> Option<String>) -> Self {
        let list = |name| field(name).unwrap_or_default();
        let mut query = Self {
            search: list("q"),
            sort: field("sort")
                .and_then(|sort| Sort::from_word(&sort))
                .unwrap_or_default(),
            grouped: field("group").as_deref() != Some("none"),
            ..Self::default()
        };
        // one by one: collecting a set would bring a sort of its own into the page
        query
            .filters
            .extend(list("state").split(',').filter_map(Filter::from_word));
        query.folded.extend(
            list("fold")
                .split(',')
                .filter(|name| !name.is_empty())
                .map(unescape),
        );
        query
    }

    /// The fields of the URL's query, without those that say what holds anyway.
    pub fn to_fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        if !self.search.is_empty() {
            fields.push(("q", self.search.clone()));
        }
        if !self.filters.is_empty() {
            let words: Vec<&str> = self.filters.iter().map(|filter| filter.word()).collect();
            fields.push(("state", words.join(",")));
        }
        if self.sort != Sort::default() {
            fields.push(("sort", self.sort.to_word()));
        }
        if !self.grouped {
            fields.push(("group", "none".to_owned()));
        }
        if !self.folded.is_empty() {
            let names: Vec<String> = self.folded.iter().map(|name| escape(name)).collect();
            fields.push(("fold", names.join(",")));
        }
        fields
    }

    pub fn toggle_filter(&mut self, filter: Filter) {
        if !self.filters.remove(&filter) {
            self.filters.insert(filter);
        }
    }

    pub fn toggle_fold(&mut self, project: &str) {
        if !self.folded.remove(project) {
            self.folded.insert(project.to_owned());
        }
    }

    /// Sorts by this column, or the other way round where it was sorted by it already.
    pub fn toggle_sort(&mut self, key: SortKey) {
        self.sort = if self.sort.key == key {
            Sort {
                descending: !self.sort.descending,
                ..self.sort
            }
        } else {
            Sort {
                key,
                descending: key.is_figure(),
            }
        };
    }
}

/// A list in a field is parted by commas, so a name must not hold one.
fn escape(name: &str) -> String {
    name.replace('%', "%25").replace(',', "%2C")
}

fn unescape(name: &str) -> String {
    name.replace("%2C", ",").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> ListQuery {
        ListQuery::from_fields(|name| {
            fields
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn comes_back_from_the_url_as_it_went() {
        let queries = [
            ListQuery::default(),
            ListQuery {
                search: "web ü & 100%".to_owned(),
                filters: [Filter::Exited, Filter::Unhealthy].into(),
                sort: Sort {
                    key: SortKey::Cpu,
                    descending: true,
                },
                grouped: false,
                folded: ["a,b".to_owned(), "50%2C".to_owned(), "shop".to_owned()].into(),
            },
        ];
        for query in queries {
            let fields = query.to_fields();
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            assert_eq!(read(&fields), query);
        }
        assert!(ListQuery::default().to_fields().is_empty());
    }

    #[test]
    fn what_is_not_understood_counts_as_not_said() {
        let query = read(&[
            ("state", "running,,flying"),
            ("sort", "-beauty"),
            ("group", "?"),
            ("fold", ","),
        ]);
        assert_eq!(
            query,
            ListQuery {
                filters: [Filter::Running].into(),
                ..ListQuery::default()
            }
        );
    }

    #[test]
    fn figures_begin_with_the_largest() {
        let mut query = ListQuery::default();
        query.toggle_sort(SortKey::Memory);
        assert_eq!(query.sort.to_word(), "-memory");
        query.toggle_sort(SortKey::Memory);
        assert_eq!(query.sort.to_word(), "memory");
        query.toggle_sort(SortKey::Image);
        assert_eq!(query.sort.to_word(), "image");
    }
}
