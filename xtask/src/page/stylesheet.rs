//! One stylesheet from those that `index.html` links.
//!
//! The sources link each file, in the order that counts, so that they work when they are served as they stand. A page on
//! the network wants one request: the links become one, and the files one file.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

/// The name of the one stylesheet.
pub const BUNDLE: &str = "style.css";

/// Takes the linked stylesheets out of `files` and puts the one in; gives back `index.html` with one link.
/// A stylesheet that is not linked is an error: it would be lost in silence.
pub fn bundle(index: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<String> {
    let mut sheet = Vec::new();
    let mut page = String::with_capacity(index.len());
    for line in index.split_inclusive('\n') {
        let Some(name) = linked(line) else {
            page.push_str(line);
            continue;
        };
        if sheet.is_empty() {
            page.push_str(&line.replace(name, BUNDLE));
        }
        let content = files
            .remove(name)
            .with_context(|| format!("index.html links {name}, which is not there"))?;
        sheet.extend_from_slice(&content);
    }
    if let Some(lost) = files.keys().find(|name| name.ends_with(".css")) {
        bail!("static/{lost} is not linked by static/index.html");
    }
    files.insert(BUNDLE.into(), sheet);
    Ok(page)
}

/// The file of a line that links a stylesheet.
fn linked(line: &str) -> Option<&str> {
    let rest = line
        .trim()
        .strip_prefix("<link rel=\"stylesheet\" href=\"")?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str = "<head>\n<link rel=\"stylesheet\" href=\"css/z.css\">\n<link rel=\"stylesheet\" href=\"css/a.css\">\n</head>\n";

    fn files(names: &[&str]) -> BTreeMap<String, Vec<u8>> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), format!("/* {name} */\n").into_bytes()))
            .collect()
    }

    #[test]
    fn the_order_is_that_of_the_links() {
        let mut files = files(&["css/a.css", "css/z.css", "icon.svg"]);
        let page = bundle(INDEX, &mut files).unwrap();
        assert_eq!(
            page,
            "<head>\n<link rel=\"stylesheet\" href=\"style.css\">\n</head>\n"
        );
        assert_eq!(files.keys().collect::<Vec<_>>(), ["icon.svg", "style.css"]);
        assert_eq!(files[BUNDLE], b"/* css/z.css */\n/* css/a.css */\n");
    }

    #[test]
    fn no_stylesheet_is_lost() {
        let error = bundle(INDEX, &mut files(&["css/a.css"])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "index.html links css/z.css, which is not there"
        );
        let error = bundle(
            INDEX,
            &mut files(&["css/a.css", "css/lost.css", "css/z.css"]),
        )
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "static/css/lost.css is not linked by static/index.html"
        );
    }
}
