//! Scripts and stylesheets without what only their readers want: comments and indentation.

use anyhow::{Result, anyhow};

/// The same for a browser, in fewer bytes. What is neither script nor stylesheet stays as it is.
pub fn slim(name: &str, content: Vec<u8>) -> Result<Vec<u8>> {
    match name.rsplit_once('.') {
        Some((_, "js")) => script(std::str::from_utf8(&content)?)
            .map_err(|reason| anyhow!("{name} is not understood: {reason}")),
        Some((_, "css")) => Ok(sheet(std::str::from_utf8(&content)?).into_bytes()),
        _ => Ok(content),
    }
}

fn script(text: &str) -> Result<Vec<u8>> {
    let mut slim = Vec::with_capacity(text.len());
    minifier::js::minify(text)
        .map_err(|reason| anyhow!(reason))?
        .write(&mut slim)?;
    Ok(slim)
}

/// minifier's own takes the space out of `.a :is(b)` within a media query, which means something else then.
fn sheet(text: &str) -> String {
    let mut slim = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut apart = false;
    while let Some(character) = rest.next() {
        if character == '/' && rest.next_if_eq(&'*').is_some() {
            while let Some(character) = rest.next()
                && !(character == '*' && rest.next_if_eq(&'/').is_some())
            {}
            apart = true;
            continue;
        }
        if character.is_ascii_whitespace() {
            apart = true;
            continue;
        }
        // after a colon only a value stands apart: in a selector it would be an error
        let joins = slim.is_empty() || slim.ends_with(['{', '}', ';', ',', ':']);
        if apart && !joins && !matches!(character, '{' | '}' | ';' | ',') {
            slim.push(' ');
        }
        apart = false;
        if character == '}' && slim.ends_with(';') {
            slim.pop();
        }
        slim.push(character);
        match character {
            '"' | '\'' => {
                while let Some(within) = rest.next() {
                    slim.push(within);
                    if within == character {
                        break;
                    }
                    if within == '\\' {
                        slim.extend(rest.next());
                    }
                }
            }
            '\\' => slim.extend(rest.next()),
            _ => {}
        }
    }
    slim
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slimmed(name: &str, content: &str) -> String {
        String::from_utf8(slim(name, content.into()).unwrap()).unwrap()
    }

    #[test]
    fn comments_and_indentation_go() {
        for (name, content, expected) in [
            (
                "a.css",
                "/* why */\n.a {\n  color: red;\n}\n",
                ".a{color:red}",
            ),
            (
                "a.js",
                "/** why */\nfunction a() {\n  return 1;\n}\n",
                "function a(){return 1;}",
            ),
        ] {
            assert_eq!(slimmed(name, content), expected);
        }
    }

    #[test]
    fn what_counts_stays() {
        for (name, content) in [
            ("a.css", r#"content:"/* a  b */""#),
            ("a.css", "calc(100% - 2 * var(--space))"),
            ("a.css", r#"content:"\" /* a  b */""#),
            ("a.css", ".a :hover"),
            ("a.css", ".a :is(b,c) > d + e"),
            ("a.css", "@media (1px <= width < 2px){.a :is(b,c)"),
            ("a.css", "grid:1px / 2px auto"),
            ("a.css", r"--a:\ b"),
            ("a.css", "@layer a,b;"),
            ("a.js", "`a  ${b}  // c`"),
            ("a.js", r#""a  /* b */  c""#),
            ("a.js", r"/\[object ([^\]]+)\]/"),
        ] {
            let whole = match name {
                "a.js" => format!("const x = {content};"),
                _ if content.starts_with(['.', '@']) => format!("{content} {{ margin: 0 }}"),
                _ => format!(".a {{ {content}; margin: 0 }}"),
            };
            let slim = slimmed(name, &whole);
            assert!(slim.contains(content), "{slim}");
        }
    }

    #[test]
    fn another_file_stays_as_it_is() {
        let picture = "<svg>  <!-- a --> </svg>\n";
        assert_eq!(slimmed("a.svg", picture), picture);
    }
}
