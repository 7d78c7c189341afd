//! Hides what looks like a credential, at the border where the daemon's words come in.
//!
//! Commands, labels and attributes are free text, so this guesses: a name that speaks of a secret, a token after
//! `Bearer`, a password in a URL. It errs on the side of hiding.

use std::borrow::Cow;

/// What stands in the place of a hidden value.
pub const HIDDEN: &str = "•••";

/// Wherever they stand in a name.
const TELLING_PARTS: [&str; 9] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "credential",
    "basicauth",
    "privatekey",
];
/// Only as a whole word of a name: `pass` but not `compass`, `auth` but not `author`.
const TELLING_WORDS: [&str; 5] = ["pass", "auth", "authorization", "cookie", "pin"];

/// Whether the value of a label, variable, header or flag of this name is nobody's business.
pub fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    if TELLING_PARTS.iter().any(|part| name.contains(part)) {
        return true;
    }
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    // `api-key`, `tls.key`: at the end of a name only, because `key` also names rows and columns
    let ends_with_key = name.len() > 3 && words.clone().next_back() == Some("key");
    ends_with_key || words.any(|word| TELLING_WORDS.contains(&word))
}

/// The value of a label or an attribute.
pub fn value<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if is_telling(name) && !value.is_empty() {
        Cow::Borrowed(HIDDEN)
    } else {
        text(value)
    }
}

/// A command line, or any text. Borrowed: nothing was hidden.
pub fn text(text: &str) -> Cow<'_, str> {
    let mut scan = Scan::default();
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let space = &piece[word.len()..];
        scan.word(word);
        if !matches!(scan.state, State::HideUntil(_)) {
            scan.out.push_str(space);
        }
    }
    if scan.hid {
        Cow::Owned(scan.out)
    } else {
        Cow::Borrowed(text)
    }
}

#[derive(Default)]
struct Scan {
    out: String,
    hid: bool,
    state: State,
    /// The program that takes a password by a short flag of its own.
    program: Option<Program>,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum State {
    #[default]
    Open,
    /// The word that follows is a value to hide.
    HideNext,
    /// Within a hidden value that began with this quote.
    HideUntil(char),
}

#[derive(Clone, Copy, PartialEq)]
enum Program {
    /// `-pSECRET`
    Mysql,
    /// `-a SECRET`
    Redis,
}

impl Scan {
    fn word(&mut self, word: &str) {
        let mut rest = word;
        // a loop, for one word may hold more values than the stack has room for
        while !rest.is_empty() {
            rest = self.piece(rest);
        }
    }

    /// What follows a hidden value within the same word is given back.
    fn piece<'w>(&mut self, word: &'w str) -> &'w str {
        match self.state {
            State::HideUntil(quote) => {
                if let Some(at) = word.find(quote) {
                    self.state = State::Open;
                    self.out.push_str(&word[at..]);
                }
                ""
            }
            // a scheme before the token itself: `Authorization: Bearer abc`
            State::HideNext if is_scheme(word) => {
                self.out.push_str(word);
                ""
            }
            State::HideNext => self.hide(word),
            State::Open => self.open_word(word),
        }
    }

    fn open_word<'w>(&mut self, word: &'w str) -> &'w str {
        let bare = word.trim_start_matches(is_quote);
        let program = bare.rsplit('/').next().unwrap_or(bare);
        if program.starts_with("mysql") || program.starts_with("mariadb") {
            self.program = Some(Program::Mysql);
        } else if program.starts_with("redis-cli") {
            self.program = Some(Program::Redis);
        }
        if is_scheme(word) {
            self.out.push_str(word);
            self.state = State::HideNext;
        } else if self.program == Some(Program::Mysql)
            && let Some(password) = bare.strip_prefix("-p")
            && !password.is_empty()
        {
            self.out.push_str("-p");
            return self.hide(password);
        } else if self.program == Some(Program::Redis) && bare == "-a" {
            self.out.push_str(word);
            self.state = State::HideNext;
        } else if let Some(at) = assignment(word) {
            let (name, value) = word.split_at(at);
            self.out.push_str(name);
            if value.trim_matches(is_quote).is_empty() {
                self.out.push_str(value);
                self.state = State::HideNext;
            } else {
                return self.hide(value);
            }
        } else if bare.starts_with('-') && !bare.contains(['=', ':']) && is_telling(bare) {
            self.out.push_str(word);
            self.state = State::HideNext;
        } else {
            self.url(word);
        }
        ""
    }

    /// Keeps the quotes around the value, and follows a quote that does not end in this word. What comes after the
    /// value is given back.
    fn hide<'w>(&mut self, value: &'w str) -> &'w str {
        self.hid = true;
        self.state = State::Open;
        let inner = value.trim_start_matches(is_quote);
        let opening = &value[..value.len() - inner.len()];
        self.out.push_str(opening);
        self.out.push_str(HIDDEN);
        match opening.chars().next_back() {
            Some(quote) => match inner.find(quote) {
                Some(at) => {
                    self.out.push(quote);
                    return &inner[at + quote.len_utf8()..];
                }
                None => self.state = State::HideUntil(quote),
            },
            None => {
                let kept = inner.trim_end_matches(is_quote);
                self.out.push_str(&inner[kept.len()..]);
            }
        }
        ""
    }

    /// `scheme://user:password@host`
    fn url(&mut self, word: &str) {
        let Some(scheme_end) = word.find("://").map(|at| at + 3) else {
            self.out.push_str(word);
            return;
        };
        let rest = &word[scheme_end..];
        let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
        let password = authority
            .rfind('@')
            .and_then(|at| Some((authority[..at].find(':')? + 1, at)));
        let Some((begin, end)) = password.filter(|(begin, end)| begin < end) else {
            self.out.push_str(word);
            return;
        };
        self.hid = true;
        self.out.push_str(&word[..scheme_end + begin]);
        self.out.push_str(HIDDEN);
        self.out.push_str(&rest[end..]);
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '\'' | '"' | '`')
}

/// The words before a token in an `Authorization` header.
fn is_scheme(word: &str) -> bool {
    let word = word.trim_matches(is_quote);
    word.eq_ignore_ascii_case("bearer") || word.ends_with(":Bearer") || word.ends_with("=Bearer")
}

/// Where the first value with a telling name begins, in `name=value` or `name:value`.
fn assignment(word: &str) -> Option<usize> {
    word.match_indices(['=', ':'])
        .find(|(at, _)| {
            let before = word[..*at].trim_end_matches(is_quote);
            let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
            let name = &before[before.trim_end_matches(is_of_name).len()..];
            is_telling(name) && !word[*at..].starts_with("://")
        })
        .map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_many_values_is_no_danger() {
        let many = "token='x'".repeat(100_000);
        assert_eq!(
            text(&many).len(),
            format!("token='{HIDDEN}'").len() * 100_000
        );
    }

    #[test]
    fn hides_what_looks_like_a_credential() {
        for (given, expected) in [
            ("psql PGPASSWORD=hunter2 -c x", "psql PGPASSWORD=••• -c x"),
            ("env DB_PASS='a b c' run", "env DB_PASS='•••' run"),
            ("env DB_PASS='abc' run", "env DB_PASS='•••' run"),
            (
                "app --password hunter2 --port 80",
                "app --password ••• --port 80",
            ),
            ("app --db-password=hunter2", "app --db-password=•••"),
            ("app --api-key k1", "app --api-key •••"),
            ("mysql -uroot -phunter2 db", "mysql -uroot -p••• db"),
            (
                "/usr/bin/mysqladmin ping -phunter2",
                "/usr/bin/mysqladmin ping -p•••",
            ),
            ("redis-cli -a hunter2 ping", "redis-cli -a ••• ping"),
            (
                "sh -c \"curl -H 'Authorization: Bearer abc.def' http://x\"",
                "sh -c \"curl -H 'Authorization: Bearer •••' http://x\"",
            ),
            (
                "curl -H X-Api-Key:abc http://x",
                "curl -H X-Api-Key:••• http://x",
            ),
            (
                "curl -H \"X-Auth-Token: abc\" x",
                "curl -H \"X-Auth-Token: •••\" x",
            ),
            (
                "pg_isready -d postgres://app:hunter2@db:5432/app",
                "pg_isready -d postgres://app:•••@db:5432/app",
            ),
            ("http://u:p@ss@host/x", "http://u:•••@host/x"),
            ("curl http://x/?token=abc", "curl http://x/?token=•••"),
            ("{\"password\":\"abc\"}", "{\"password\":\"•••\"}"),
            (
                "{\"user\":\"me\",\"token\":\"abc\",\"secret\":\"x\"}",
                "{\"user\":\"me\",\"token\":\"•••\",\"secret\":\"•••\"}",
            ),
            ("http://x/?a=1&token=abc y", "http://x/?a=1&token=••• y"),
        ] {
            assert_eq!(text(given), expected, "{given}");
            assert!(matches!(text(given), Cow::Owned(_)), "{given}");
        }
    }

    #[test]
    fn leaves_the_rest_as_it_is() {
        for given in [
            "",
            "  two  spaces ",
            "/bin/sh -c test -f /tmp/ok",
            "curl -fsS http://localhost:8080/health",
            "ps -p 1",
            "tar -a x",
            "sort -k 2 --key=1",
            "author=me",
            "compass=north",
            "https://user@host/path",
            "https://host/a:b@c",
            "cat /run/secrets",
            "mysql -p",
            "é=1 ü:2",
        ] {
            let result = text(given);
            let sort = given.starts_with("sort");
            assert!(
                sort || matches!(result, Cow::Borrowed(_)),
                "{given}: {result}"
            );
        }
    }

    #[test]
    fn values_are_hidden_by_their_name() {
        for (name, given, expected) in [
            (
                "traefik.http.middlewares.a.basicauth.users",
                "admin:$apr1$x",
                HIDDEN,
            ),
            ("backup.password", "x", HIDDEN),
            ("tls.key", "x", HIDDEN),
            ("backup.password", "", ""),
            ("org.opencontainers.image.authors", "me", "me"),
            ("com.docker.compose.project", "shop", "shop"),
            ("key", "x", "x"),
            ("backup.target", "ftp://u:p@h", "ftp://u:•••@h"),
        ] {
            assert_eq!(value(name, given), expected, "{name}");
        }
    }
}
