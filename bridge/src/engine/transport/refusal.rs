use std::time::Duration;

use http_body_util::BodyExt;
use hyper::{Response, body::Incoming};
use serde_json::Value;
use tokio::time::timeout;

use super::Failure;

/// Of a refusal, only its message is wanted.
const ERROR_BODY_BYTES: usize = 16 * 1024;
/// And of that, what fits a line or two.
const MESSAGE_CHARS: usize = 200;

/// What a refusal says, in the daemon's own words.
pub async fn refusal(response: Response<Incoming>, limit: Duration) -> Failure {
    let status = response.status().as_u16();
    let mut body = response.into_body();
    let mut bytes = Vec::new();
    let whole = async {
        while bytes.len() < ERROR_BODY_BYTES
            && let Some(Ok(frame)) = body.frame().await
        {
            bytes.extend_from_slice(frame.data_ref().map_or(&[][..], |data| &data[..]));
        }
    };
    // what came of one that is too long or too late, says enough
    let _ = timeout(limit, whole).await;
    bytes.truncate(ERROR_BODY_BYTES);
    let text = String::from_utf8_lossy(&bytes).trim().to_owned();
    if text.contains("HTTP request to an HTTPS server") {
        return Failure::TlsExpected;
    }
    let message = serde_json::from_str::<Value>(&text)
        .ok()
        .and_then(|value| Some(value.get("message")?.as_str()?.to_owned()))
        .unwrap_or(text);
    Failure::Status {
        status,
        message: brief(&message),
    }
}

/// What is shown of words that somebody else chose: one line, not too long, and not the source of a web page.
fn brief(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let line = words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if line.starts_with('<') {
        let title = line
            .split_once("<title>")
            .and_then(|(_, rest)| rest.split_once("</title>"))
            .map(|(title, _)| cut(title.trim()));
        return match title {
            Some(title) if !title.is_empty() => format!("a web page, \"{title}\""),
            _ => "a web page".to_owned(),
        };
    }
    cut(&line)
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(MESSAGE_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_words_are_shown_in_brief() {
        for (text, shown) in [
            ("no such container", "no such container"),
            (" two\r\n  lines\t\u{1b}[31m ", "two lines [31m"),
            ("", ""),
            (
                "<!DOCTYPE html>\n<html><head>\n<title> 502 Bad\nGateway </title></head><body>long</body></html>",
                "a web page, \"502 Bad Gateway\"",
            ),
            ("<html><body>hello</body></html>", "a web page"),
            ("<title></title>", "a web page"),
        ] {
            assert_eq!(brief(text), shown, "{text:?}");
        }
        let long = brief(&"é".repeat(16 * 1024));
        assert_eq!(long.chars().count(), MESSAGE_CHARS + 1);
        assert!(long.ends_with('…'));
        let title = brief(&format!("<title>{}</title>", "x".repeat(5000)));
        assert!(title.chars().count() < MESSAGE_CHARS + 20, "{title}");
    }
}
