//! As much of the grammar of image references (distribution/reference) as the image filter needs.

/// The repository's familiar name: without tag and digest, without `docker.io/` and `library/`.
/// What is no reference comes back as it is.
pub fn strip_tag(image: &str) -> &str {
    familiar_name(image).unwrap_or(image)
}

fn familiar_name(image: &str) -> Option<&str> {
    if image.len() == 64 && image.bytes().all(is_hex_lower) {
        return None;
    }
    let (domain, rest) = split_domain(image);
    let (named, digest) = match rest.split_once('@') {
        Some((named, digest)) => (named, Some(digest)),
        None => (rest, None),
    };
    let (path, tag) = match named.split_once(':') {
        Some((path, tag)) => (path, Some(tag)),
        None => (named, None),
    };
    let whole_length = domain.unwrap_or("docker.io").len() + 1 + path.len();
    let valid = domain.is_none_or(is_domain)
        && path.split('/').all(is_path_component)
        && whole_length <= 255
        && tag.is_none_or(is_tag)
        && digest.is_none_or(is_digest);
    if !valid {
        return None;
    }
    match domain {
        None | Some("docker.io" | "index.docker.io") => Some(
            path.strip_prefix("library/")
                .filter(|name| !name.contains('/'))
                .unwrap_or(path),
        ),
        Some(domain) => image.get(..domain.len() + 1 + path.len()),
    }
}

/// The part before the first slash is a host only if it looks like one.
fn split_domain(image: &str) -> (Option<&str>, &str) {
    match image.split_once('/') {
        Some((first, rest))
            if first.contains(['.', ':'])
                || first == "localhost"
                || first.contains(|c: char| c.is_ascii_uppercase()) =>
        {
            (Some(first), rest)
        }
        _ => (None, image),
    }
}

fn is_domain(domain: &str) -> bool {
    let (host, port) = match domain.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (domain, None),
    };
    let host_is_valid = match host.strip_prefix('[') {
        Some(address) => address.strip_suffix(']').is_some_and(|address| {
            !address.is_empty() && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':')
        }),
        None => host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        }),
    };
    host_is_valid
        && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
}

/// Lower-case letters and digits, with one `.`, one or two `_`, or any number of `-` between them.
fn is_path_component(component: &str) -> bool {
    let is_alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = component.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    is_alphanumeric(*first)
        && is_alphanumeric(*last)
        && component
            .split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            .all(|separator| {
                matches!(separator, "" | "." | "_" | "__") || separator.bytes().all(|b| b == b'-')
            })
}

fn is_tag(tag: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    tag.len() <= 128
        && tag.bytes().next().is_some_and(is_word)
        && tag.bytes().all(|b| is_word(b) || matches!(b, b'.' | b'-'))
}

fn is_digest(digest: &str) -> bool {
    let length = match digest.split_once(':') {
        Some(("sha256", _)) => 64,
        Some(("sha384", _)) => 96,
        Some(("sha512", _)) => 128,
        _ => return false,
    };
    digest
        .split_once(':')
        .is_some_and(|(_, hex)| hex.len() == length && hex.bytes().all(is_hex_lower))
}

fn is_hex_lower(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::strip_tag;

    #[test]
    fn tags_and_digests_and_the_default_registry_go() {
        let hex = "0123456789abcdef".repeat(4);
        let id = format!("sha256:{hex}");
        let digested = format!("nginx:1.29@sha256:{hex}");
        let remote = format!("ghcr.io/a/b@sha256:{hex}");
        let too_long = "a".repeat(256);
        for (image, expected) in [
            ("nginx", "nginx"),
            ("nginx:1.29", "nginx"),
            ("library/nginx:1.29", "nginx"),
            ("docker.io/library/nginx", "nginx"),
            ("index.docker.io/library/nginx:x", "nginx"),
            ("docker.io/grafana/grafana:1", "grafana/grafana"),
            ("grafana/grafana:1", "grafana/grafana"),
            ("library/a/b:1", "library/a/b"),
            ("127.0.0.1:5000/fx:1", "127.0.0.1:5000/fx"),
            ("127.0.0.1:5000/fx", "127.0.0.1:5000/fx"),
            ("localhost/fx:1", "localhost/fx"),
            ("[::1]:5000/fx:1", "[::1]:5000/fx"),
            ("Registry/fx:1", "Registry/fx"),
            ("my_org/some--thing__x.y:V1", "my_org/some--thing__x.y"),
            (&digested, "nginx"),
            (&remote, "ghcr.io/a/b"),
            // an image's id reads as a name and a tag
            (&id, "sha256"),
            // and a container's id as none
            (&hex, &hex),
            ("", ""),
            ("Nginx:1", "Nginx:1"),
            ("nginx:", "nginx:"),
            ("nginx:.x", "nginx:.x"),
            ("nginx@sha256:abc", "nginx@sha256:abc"),
            ("a//b:1", "a//b:1"),
            ("a..b:1", "a..b:1"),
            ("a_-b:1", "a_-b:1"),
            ("-a:1", "-a:1"),
            ("a b", "a b"),
            ("<none>", "<none>"),
            ("x.y-/z:1", "x.y-/z:1"),
            ("é:1", "é:1"),
            (&too_long, &too_long),
        ] {
            assert_eq!(strip_tag(image), expected, "{image}");
        }
    }
}
