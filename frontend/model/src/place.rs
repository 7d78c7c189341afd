//! Where on the page one is.

/// A place of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Overview,
    Containers,
    /// One container; [`container_in`] says which.
    Container,
    Events,
    Usage,
    Engine,
    /// A wall display.
    Kiosk,
}

impl Place {
    /// The place of a path below the page's base, from the slash on.
    pub fn of(path: &str) -> Option<Self> {
        Some(match path.trim_matches('/') {
            "" => Self::Overview,
            "containers" => Self::Containers,
            "events" => Self::Events,
            "usage" => Self::Usage,
            "engine" => Self::Engine,
            "kiosk" => Self::Kiosk,
            _ => return container_in(path).map(|_| Self::Container),
        })
    }

    /// Whether it is `place`, or belongs to it.
    pub fn is_in(self, place: Self) -> bool {
        self == place || (self == Self::Container && place == Self::Containers)
    }
}

/// How the container is called that a path leads to, as the path has it.
pub fn container_in(path: &str) -> Option<&str> {
    let name = path.trim_matches('/').strip_prefix("containers/")?;
    (!name.contains('/')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_a_place() {
        for (path, place) in [
            ("/", Some(Place::Overview)),
            ("", Some(Place::Overview)),
            ("/containers", Some(Place::Containers)),
            ("/containers/", Some(Place::Containers)),
            ("/containers/web", Some(Place::Container)),
            ("/containers/web/", Some(Place::Container)),
            ("/containers/web/logs", None),
            ("/events", Some(Place::Events)),
            ("/usage", Some(Place::Usage)),
            ("/engine", Some(Place::Engine)),
            ("/kiosk", Some(Place::Kiosk)),
            ("/Engine", None),
            ("/metrics", None),
            ("/api/v1/containers", None),
        ] {
            assert_eq!(Place::of(path), place, "{path}");
        }
    }

    #[test]
    fn a_container_is_called_as_the_path_has_it() {
        for (path, name) in [
            ("/containers/web", Some("web")),
            ("/containers/a%2Fb/", Some("a%2Fb")),
            ("/containers/", None),
            ("/containers", None),
            ("/events", None),
        ] {
            assert_eq!(container_in(path), name, "{path}");
        }
    }

    #[test]
    fn a_container_belongs_to_the_containers() {
        assert!(Place::Container.is_in(Place::Containers));
        assert!(!Place::Containers.is_in(Place::Container));
        assert!(Place::Overview.is_in(Place::Overview));
        assert!(!Place::Container.is_in(Place::Overview));
    }
}
