/// A part of a sentence: plain words, or what a person would type or look for as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub is_code: bool,
}

/// A sentence with the commands, options and variables in it told apart.
pub fn prose(sentence: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut state = State::Plain;
    for word in sentence.split_inclusive(' ') {
        let end = word.trim_end_matches([' ', ',', ';', ':', '.', ')']).len();
        let (core, rest) = word.split_at(end);
        let (before, core) = match core.strip_prefix('(') {
            Some(core) => ("(", core),
            None => ("", core),
        };
        push(&mut pieces, before, false);
        if state == State::Plain {
            state = match core {
                _ if COMMANDS.contains(&core) => State::Command,
                _ if core.starts_with("--") || is_variable(core) => State::Word,
                _ => State::Plain,
            };
        }
        let is_code = state != State::Plain;
        push(&mut pieces, core, is_code);
        if rest == " " && state == State::Command {
            push(&mut pieces, rest, true);
        } else {
            push(&mut pieces, rest, false);
            state = State::Plain;
        }
        // the path is all that follows
        if core == "GET" {
            state = State::Word;
        }
    }
    pieces
}

/// What begins a command, which ends with its parenthesis or a mark.
const COMMANDS: [&str; 4] = ["systemctl", "journalctl", "openssl", "GET"];

#[derive(PartialEq)]
enum State {
    Plain,
    Command,
    /// One word of code.
    Word,
}

fn is_variable(word: &str) -> bool {
    let name = word.split_once('=').map_or(word, |(name, _)| name);
    name.contains('_')
        && name
            .chars()
            .all(|one| one.is_ascii_uppercase() || one.is_ascii_digit() || one == '_')
}

fn push(pieces: &mut Vec<Piece>, text: &str, is_code: bool) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(last) if last.is_code == is_code => last.text += text,
        _ => pieces.push(Piece {
            text: text.to_owned(),
            is_code,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn what_is_typed_is_told_apart() {
        for (sentence, expected) in [
            ("Nothing here.", "Nothing here."),
            (
                "Start it (systemctl start docker).",
                "Start it (`systemctl start docker`).",
            ),
            (
                "Look at its log (journalctl -u docker) before restarting it.",
                "Look at its log (`journalctl -u docker`) before restarting it.",
            ),
            (
                "Name it with --host or DOCKER_HOST.",
                "Name it with `--host` or `DOCKER_HOST`.",
            ),
            (
                "Set DOCKER_TLS_VERIFY=1, and more.",
                "Set `DOCKER_TLS_VERIFY=1`, and more.",
            ),
            (
                "A proxy does not allow GET /system/df (status 403).",
                "A proxy does not allow `GET /system/df` (status 403).",
            ),
            (
                "Renew it (its --tlscert) and restart.",
                "Renew it (its `--tlscert`) and restart.",
            ),
            (
                "Without one (openssl pkey -in key.pem -out plain.pem).",
                "Without one (`openssl pkey -in key.pem -out plain.pem`).",
            ),
        ] {
            let told: String = prose(sentence)
                .into_iter()
                .map(|piece| match piece.is_code {
                    true => format!("`{}`", piece.text),
                    false => piece.text,
                })
                .collect();
            assert_eq!(told, expected);
        }
    }
}
