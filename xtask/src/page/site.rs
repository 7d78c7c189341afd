//! The files of the page under the names they are served by.
//!
//! A text file names another in quotes: `"theme.js"`, or `"./page.js"` as a script must. Such a file moves to `assets/`, under
//! a name that holds a hash of its content, and the mention follows. The sources so work as they stand, too.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::bindgen::Glued;
use super::slim::slim;
use super::{fingerprint, stylesheet};

const ASSETS: &str = "assets";
const INDEX: &str = "index.html";
/// What wasm-bindgen makes, as `static/boot.js` names it.
const SCRIPT: &str = "page.js";
const WASM: &str = "page_bg.wasm";

/// The files that may name others.
const TEMPLATES: [&str; 5] = ["html", "js", "css", "svg", "webmanifest"];

/// These are as small as they get.
const COMPRESSED: [&str; 6] = ["png", "jpg", "webp", "avif", "woff2", "gz"];

/// Everything the page has, under the names its parts know.
pub struct Site {
    sources: BTreeMap<String, Vec<u8>>,
}

/// One file as it is served.
pub struct File {
    pub name: String,
    pub content: Vec<u8>,
}

/// `static/`, its stylesheets as one, and the program.
pub fn collect(statics: &Path, program: Glued) -> Result<Site> {
    let mut sources = BTreeMap::new();
    read_folder(statics, statics, &mut sources)?;
    let index = sources
        .remove(INDEX)
        .context("there is no static/index.html")?;
    let index = String::from_utf8(index).context("static/index.html is not UTF-8")?;
    let index = stylesheet::bundle(&index, &mut sources)?;
    sources.insert(INDEX.into(), index.into_bytes());
    sources.insert(SCRIPT.into(), program.js);
    sources.insert(WASM.into(), program.wasm);
    for (path, script) in program.snippets {
        sources.insert(format!("{ASSETS}/{path}"), script);
    }
    let sources = sources
        .into_iter()
        .map(|(name, content)| Ok((name.clone(), slim(&name, content)?)))
        .collect::<Result<_>>()?;
    Ok(Site { sources })
}

impl Site {
    /// Every file under its final name, with the names of others filled in.
    pub fn publish(&self) -> Result<Vec<File>> {
        let mut publishing = Publishing {
            site: self,
            named: BTreeMap::new(),
            open: BTreeSet::new(),
            files: Vec::new(),
        };
        // Whatever is named by another file moves to its hashed name; the rest stays where it is.
        let mut fixed = Vec::new();
        for name in self.sources.keys().filter(|name| is_template(name)) {
            let content = publishing.fill_in(name, Place::Root)?;
            fixed.push((name, content));
        }
        for (name, content) in fixed {
            if !publishing.named.contains_key(name.as_str()) {
                publishing.files.push(File {
                    name: name.clone(),
                    content,
                });
            }
        }
        for (name, content) in self.sources.iter().filter(|(name, _)| !is_template(name)) {
            if !publishing.named.contains_key(name.as_str()) {
                publishing.files.push(File {
                    name: name.clone(),
                    content: content.clone(),
                });
            }
        }
        for file in publishing.files.iter().filter(|file| file.name == INDEX) {
            if let Some(name) = dangling(&String::from_utf8_lossy(&file.content)) {
                bail!("{INDEX} names {name}, which is not there");
            }
        }
        Ok(publishing.files)
    }
}

/// A file of ours that the page asks for under a name that nothing has. What is there has its hashed name by now.
fn dangling(index: &str) -> Option<&str> {
    [" src=\"", " href=\""]
        .iter()
        .flat_map(|attribute| index.split(attribute).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .find(|name| *name != "/" && !name.starts_with(ASSETS))
}

/// Where the file lies that names another: the same asset is reached by another path from each.
#[derive(Clone, Copy)]
enum Place {
    Root,
    Assets,
}

struct Publishing<'a> {
    site: &'a Site,
    /// The files that have a hashed name by now.
    named: BTreeMap<String, String>,
    /// The files that are being filled in, to see a circle.
    open: BTreeSet<String>,
    files: Vec<File>,
}

impl Publishing<'_> {
    /// The hashed name of a file, which is put among the assets at the first mention.
    fn name(&mut self, source: &str) -> Result<String> {
        if let Some(name) = self.named.get(source) {
            return Ok(name.clone());
        }
        if !self.open.insert(source.to_owned()) {
            bail!("{source} names itself by way of others");
        }
        let content = self.fill_in(source, Place::Assets)?;
        self.open.remove(source);
        let name = hashed_name(source, &content);
        self.files.push(File {
            name: format!("{ASSETS}/{name}"),
            content,
        });
        self.named.insert(source.to_owned(), name.clone());
        Ok(name)
    }

    /// The content of a file with the names that it mentions.
    fn fill_in(&mut self, source: &str, place: Place) -> Result<Vec<u8>> {
        let content = self
            .site
            .sources
            .get(source)
            .with_context(|| format!("there is no file {source}"))?;
        if !is_template(source) {
            return Ok(content.clone());
        }
        let text =
            std::str::from_utf8(content).with_context(|| format!("{source} is not UTF-8"))?;
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, mention, after)) = next_mention(rest, &self.site.sources) {
            let name = self.name(mention).with_context(|| format!("in {source}"))?;
            filled.push_str(before);
            match place {
                Place::Root => filled.push_str(&format!("{ASSETS}/{name}")),
                Place::Assets => filled.push_str(&format!("./{name}")),
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled.into_bytes())
    }
}

/// Splits around the first path between quotes that is one of the files.
fn next_mention<'a>(
    text: &'a str,
    files: &BTreeMap<String, Vec<u8>>,
) -> Option<(&'a str, &'a str, &'a str)> {
    let quotes: Vec<_> = text.match_indices('"').map(|(at, _)| at).collect();
    quotes.windows(2).find_map(|pair| {
        let (start, end) = (pair[0] + 1, pair[1]);
        let mention = text[start..end].trim_start_matches("./");
        let is_file = mention != INDEX && files.contains_key(mention);
        is_file.then(|| (&text[..start], mention, &text[end..]))
    })
}

fn is_template(name: &str) -> bool {
    // the program's own script is made by a tool and mentions nothing
    name != "page.js"
        && !name.starts_with(ASSETS)
        && extension(name).is_some_and(|extension| TEMPLATES.contains(&extension))
}

fn extension(name: &str) -> Option<&str> {
    Path::new(name).extension()?.to_str()
}

/// `icons/mark.svg` becomes `mark-HASH.svg`.
fn hashed_name(source: &str, content: &[u8]) -> String {
    let file = source.rsplit('/').next().unwrap_or(source);
    let hash = fingerprint::of_content(content);
    match file.split_once('.') {
        Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
        None => format!("{file}-{hash}"),
    }
}

fn read_folder(root: &Path, dir: &Path, sources: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(root, &path, sources)?;
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
            sources.insert(name, fs::read(&path)?);
        }
    }
    Ok(())
}

impl File {
    /// Writes the file below `root`, and its compressed forms where they are smaller.
    pub fn write(&self, root: &Path) -> Result<()> {
        let path = root.join(&self.name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, &self.content)?;
        // index.html is completed by the bridge for each request, so no form of it can be made beforehand
        if self.name == "index.html"
            || extension(&self.name).is_some_and(|extension| COMPRESSED.contains(&extension))
        {
            return Ok(());
        }
        for (suffix, compressed) in [("br", brotli(&self.content)?), ("gz", gzip(&self.content)?)] {
            if compressed.len() < self.content.len() {
                fs::write(root.join(format!("{}.{suffix}", self.name)), compressed)?;
            }
        }
        Ok(())
    }
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(sources: &[(&str, &str)]) -> Site {
        Site {
            sources: sources
                .iter()
                .map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec()))
                .collect(),
        }
    }

    fn published(site: &Site) -> BTreeMap<String, String> {
        let files = site.publish().unwrap();
        files
            .into_iter()
            .map(|file| (file.name, String::from_utf8(file.content).unwrap()))
            .collect()
    }

    #[test]
    fn what_is_named_moves_to_a_name_with_its_hash() {
        let wasm = format!("page_bg-{}.wasm", fingerprint::of_content(b"wasm"));
        let boot_text = format!("load(\"./{wasm}\", \"not a file\")");
        let boot = format!("boot-{}.js", fingerprint::of_content(boot_text.as_bytes()));
        let files = published(&site(&[
            (
                "index.html",
                "<base href=\"/\"><script src=\"boot.js\"></script> boot.js",
            ),
            ("boot.js", "load(\"./page_bg.wasm\", \"not a file\")"),
            ("page_bg.wasm", "wasm"),
            ("robots.txt", "\"boot.js\""),
        ]));
        assert_eq!(
            files,
            BTreeMap::from([
                (
                    "index.html".into(),
                    format!("<base href=\"/\"><script src=\"assets/{boot}\"></script> boot.js")
                ),
                (format!("assets/{boot}"), boot_text),
                (format!("assets/{wasm}"), "wasm".into()),
                ("robots.txt".into(), "\"boot.js\"".into()),
            ])
        );
    }

    #[test]
    fn a_change_goes_up_to_the_page() {
        let pages: Vec<_> = ["one", "two"]
            .iter()
            .map(|wasm| {
                published(&site(&[
                    ("index.html", "<script src=\"boot.js\">"),
                    ("boot.js", "\"./page_bg.wasm\""),
                    ("page_bg.wasm", wasm),
                ]))
            })
            .collect();
        assert_ne!(pages[0]["index.html"], pages[1]["index.html"]);
    }

    #[test]
    fn a_name_that_leads_nowhere_is_an_error() {
        let error = |files: &[(&str, &str)]| format!("{:#}", site(files).publish().err().unwrap());
        assert_eq!(
            error(&[("index.html", "<base href=\"/\"><script src=\"gone.js\">")]),
            "index.html names gone.js, which is not there"
        );
        let circle = error(&[
            ("index.html", "<script src=\"a.js\">"),
            ("a.js", "\"b.js\""),
            ("b.js", "\"./a.js\""),
        ]);
        assert!(
            circle.ends_with("names itself by way of others"),
            "{circle}"
        );
    }

    #[test]
    fn compressed_forms_are_there_when_they_help() {
        let dir = crate::test_support::temp_dir("site");
        let write = |name: &str, content: Vec<u8>| {
            File {
                name: name.into(),
                content,
            }
            .write(&dir)
            .unwrap();
        };
        write("assets/long.js", b"again and ".repeat(100));
        write("assets/short.js", b"x".to_vec());
        write("assets/photo.png", b"again and ".repeat(100));
        write("index.html", b"again and ".repeat(100));
        let exists = |name: &str| dir.join(name).exists();
        assert!(
            exists("assets/long.js") && exists("assets/long.js.br") && exists("assets/long.js.gz")
        );
        for without in ["assets/short.js", "assets/photo.png", "index.html"] {
            assert!(
                exists(without)
                    && !exists(&format!("{without}.br"))
                    && !exists(&format!("{without}.gz")),
                "{without}"
            );
        }
        fs::remove_dir_all(dir).unwrap();
    }
}
