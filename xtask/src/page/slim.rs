//! Scripts and stylesheets without what only their readers want: comments and indentation.

use anyhow::{Result, anyhow};

/// The same for a browser, in fewer bytes. What is neither script nor stylesheet stays as it is.
pub fn slim(name: &str, content: Vec<u8>) -> Result<Vec<u8>> {
    let kind = name.rsplit_once('.').map(|(_, kind)| kind);
    if !matches!(kind, Some("js" | "css")) {
        return Ok(content);
    }
    let text = std::str::from_utf8(&content)?;
    let refused = |reason| anyhow!("{name} is not understood: {reason}");
    let mut slim = Vec::with_capacity(content.len());
    if kind == Some("js") {
        let script = minifier::js::minify(text).map_err(refused)?;
        script.write(&mut slim)?;
    } else {
        let sheet = minifier::css::minify(text).map_err(refused)?;
        sheet.write(&mut slim)?;
    }
    Ok(slim)
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
                " .a{color:red;}",
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
            ("a.css", ".a :hover"),
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
