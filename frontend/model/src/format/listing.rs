//! The other columns of `docker ps` (docker/cli, `cli/command/formatter/container.go`).

use timeline::human_duration;

/// `CONTAINER ID`: twelve digits.
pub fn short_id(id: &str) -> &str {
    let id = id.strip_prefix("sha256:").unwrap_or(id);
    id.get(..12).unwrap_or(id)
}

/// `IMAGE`: a familiar name without its digest, or a short id where the container has no more.
pub fn image(image: &str, image_id: &str) -> String {
    if image.is_empty() {
        return "<no image>".to_owned();
    }
    // with containerd's image store an image's id is its digest: then `name@digest` has no more to say either
    let after_colon =
        |text: &str| short_id(text.split_once(':').map_or(text, |(_, id)| id)).to_owned();
    let short = after_colon(image);
    if short == after_colon(image_id) {
        return short;
    }
    let named = image.split_once('@').map_or(image, |(name, _)| name);
    let familiar = named
        .strip_prefix("docker.io/library/")
        .or_else(|| named.strip_prefix("docker.io/"))
        .unwrap_or(named);
    familiar.to_owned()
}

/// `CREATED`.
pub fn created(created_secs: i64, now_millis: u64) -> String {
    let elapsed = i128::from(now_millis) - i128::from(created_secs) * 1000;
    format!(
        "{} ago",
        human_duration(i64::try_from(elapsed).unwrap_or(i64::MIN / 2))
    )
}

/// `COMMAND`: quoted, and cut to twenty columns.
pub fn command(command: &str) -> String {
    quoted(&shortened(command, 20))
}

/// The last column is the ellipsis.
fn shortened(text: &str, columns: usize) -> String {
    if self::columns(text) <= columns {
        return text.to_owned();
    }
    let mut used = 0;
    let mut short: String = text
        .chars()
        .take_while(|character| {
            used += width(*character);
            used < columns
        })
        .collect();
    short.push('…');
    short
}

/// How many columns of a terminal the text takes.
pub fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// East Asian wide and full-width characters take two.
fn width(character: char) -> usize {
    match character {
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe10}'..='\u{fe19}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff01}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Go's `strconv.Quote`.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\x07' => quoted.push_str("\\a"),
            '\x08' => quoted.push_str("\\b"),
            '\x0c' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\x0b' => quoted.push_str("\\v"),
            ..' ' | '\x7f' => quoted.push_str(&format!("\\x{:02x}", u32::from(character))),
            ' '..='~' => quoted.push(character),
            _ if is_printable(character) => quoted.push(character),
            '\u{10000}'.. => quoted.push_str(&format!("\\U{:08x}", u32::from(character))),
            _ => quoted.push_str(&format!("\\u{:04x}", u32::from(character))),
        }
    }
    quoted.push('"');
    quoted
}

/// Nearly Go's `unicode.IsPrint`: no control or format character, no space but the plain one, nothing private.
fn is_printable(character: char) -> bool {
    !(character.is_control()
        || character.is_whitespace()
        || matches!(character,
            '\u{ad}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'..='\u{ffff}'
            | '\u{e0000}'..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_images() {
        let id = "sha256:2915a73efd14d2e1d98356f277abea42051b7ee139b09ef94c8342f10f69924a";
        assert_eq!(short_id(id), "2915a73efd14");
        assert_eq!(short_id("abc"), "abc");
        assert_eq!(short_id("é123456789é"), "é123456789é");
        for (name, expected) in [
            (id, "2915a73efd14"),
            ("", "<no image>"),
            ("fx:1", "fx:1"),
            ("docker.io/library/nginx:1.29", "nginx:1.29"),
            ("docker.io/grafana/grafana", "grafana/grafana"),
            ("127.0.0.1:5000/bb:1", "127.0.0.1:5000/bb:1"),
            ("nginx:1.29@sha256:0711677bcb76", "nginx:1.29"),
            ("nginx@sha256:0711677bcb76", "nginx"),
            ("nginx@sha256:2915a73efd14d2e1", "2915a73efd14"),
        ] {
            assert_eq!(image(name, id), expected);
        }
    }

    #[test]
    fn commands_are_quoted_and_short() {
        for (text, expected) in [
            ("", "\"\""),
            ("true", "\"true\""),
            ("12345678901234567890", "\"12345678901234567890\""),
            ("123456789012345678901", "\"1234567890123456789…\""),
            ("sh -c 'echo \"a\\b\"'", "\"sh -c 'echo \\\"a\\\\b\\\"'\""),
            ("a\tb\nc\u{1b}[0m", "\"a\\tb\\nc\\x1b[0m\""),
            ("日本語日本語日本語", "\"日本語日本語日本語\""),
            ("日本語日本語日本語日本語", "\"日本語日本語日本語…\""),
            ("a\u{202e}b\u{a0}é", "\"a\\u202eb\\u00a0é\""),
            ("\u{e0001}", "\"\\U000e0001\""),
        ] {
            assert_eq!(command(text), expected);
        }
    }

    #[test]
    fn created_is_an_age() {
        assert_eq!(created(1_000, 1_065_000), "About a minute ago");
        assert_eq!(created(1_000, 0), "Less than a second ago");
        assert_eq!(created(i64::MIN, u64::MAX), "Less than a second ago");
    }
}
