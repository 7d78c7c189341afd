use std::sync::Arc;

use protocol::Container;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotFound {
    Unknown,
    /// The ids of so many begin so.
    Ambiguous(usize),
}

/// As the daemon finds it: by its whole id, then by its name, then by a beginning of its id that no other one has.
pub fn find<'a>(
    containers: &'a [Arc<Container>],
    reference: &str,
) -> Result<&'a Container, NotFound> {
    if reference.is_empty() {
        return Err(NotFound::Unknown);
    }
    let by_id = || containers.iter().find(|one| one.id == reference);
    let name = reference.strip_prefix('/').unwrap_or(reference);
    let by_name = || containers.iter().find(|one| one.name == name);
    if let Some(found) = by_id().or_else(by_name) {
        return Ok(found);
    }
    let mut begin_so = containers
        .iter()
        .filter(|one| one.id.starts_with(reference));
    match (begin_so.next(), begin_so.count()) {
        (None, _) => Err(NotFound::Unknown),
        (Some(one), 0) => Ok(one),
        (Some(_), others) => Err(NotFound::Ambiguous(others + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(id: &str, name: &str) -> Arc<Container> {
        Arc::new(Container {
            id: id.to_owned(),
            name: name.to_owned(),
            ..Container::default()
        })
    }

    #[test]
    fn an_id_goes_before_a_name_and_a_name_before_a_beginning() {
        let whole = "ab".repeat(32);
        let fleet = [
            container(&whole, "web"),
            container("abc1", "db"),
            container("abc2", "abc"),
            container("f00d", "cafe"),
            // a name that is the id of another one, and one that is the beginning of one
            container("0001", &whole),
            container("0002", "f00"),
        ];
        for (reference, expected) in [
            (&*whole, Ok("web")),
            ("web", Ok("web")),
            ("/web", Ok("web")),
            ("abc", Ok("abc")),
            ("abc1", Ok("db")),
            ("f00", Ok("f00")),
            ("f00d", Ok("cafe")),
            ("f", Ok("cafe")),
            ("ab", Err(NotFound::Ambiguous(3))),
            ("000", Err(NotFound::Ambiguous(2))),
            ("we", Err(NotFound::Unknown)),
            ("WEB", Err(NotFound::Unknown)),
            ("F00D", Err(NotFound::Unknown)),
            ("//web", Err(NotFound::Unknown)),
            ("/abc1", Err(NotFound::Unknown)),
            ("/", Err(NotFound::Unknown)),
            ("", Err(NotFound::Unknown)),
        ] {
            let found = find(&fleet, reference).map(|one| one.name.as_str());
            assert_eq!(found, expected, "{reference}");
        }
    }
}
