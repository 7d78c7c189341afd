//! wasm-bindgen as a library: it is built from this workspace's lock file, so it always fits the page's own wasm-bindgen.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::tool;

/// The program as the browser loads it.
pub struct Glued {
    pub js: Vec<u8>,
    pub wasm: Vec<u8>,
    /// Scripts that crates bring along, by the path under which `js` imports them.
    pub snippets: BTreeMap<String, Vec<u8>>,
}

/// Makes the compiled page loadable by a browser, and smaller where `wasm-opt` is at hand.
pub fn run(compiled: &Path, wasm_opt: Option<&Path>) -> Result<Glued> {
    let mut output = Bindgen::new()
        .input_path(compiled)
        .out_name("page")
        .web(true)?
        .typescript(false)
        // boot.js names the module: its file has a hash in its name
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    if !output.npm_dependencies().is_empty() {
        bail!("a crate of the page wants packages from npm, which nothing here would serve");
    }
    let mut snippets = BTreeMap::new();
    for (crate_name, scripts) in output.snippets() {
        for (index, script) in scripts.iter().enumerate() {
            snippets.insert(
                format!("snippets/{crate_name}/inline{index}.js"),
                script.clone().into_bytes(),
            );
        }
    }
    for (path, script) in output.local_modules() {
        snippets.insert(format!("snippets/{path}"), script.clone().into_bytes());
    }
    let mut short = ShortNames::default();
    let module = output.wasm_mut();
    for import in module.imports.iter_mut() {
        import.name = short.of(&import.name);
    }
    for export in module.exports.iter_mut() {
        export.name = short.of(&export.name);
    }
    let js = short.in_script(output.js()).into_bytes();
    let mut wasm = output.wasm_mut().emit_wasm();
    if let Some(wasm_opt) = wasm_opt {
        wasm = optimise(wasm_opt, &compiled.with_extension("bound.wasm"), &wasm)?;
    }
    Ok(Glued { js, wasm, snippets })
}

/// Program and script call each other's functions by names with hashes in them, which no compression makes smaller. Here
/// they get short ones, the same at both ends.
#[derive(Default)]
struct ShortNames(BTreeMap<String, String>);

impl ShortNames {
    /// What `name` is called from now on; a name without a hash stays.
    fn of(&mut self, name: &str) -> String {
        if !has_hash(name) {
            return name.to_owned();
        }
        let next = self.0.len();
        self.0
            .entry(name.to_owned())
            .or_insert_with(|| format!("f{next}_"))
            .clone()
    }

    fn in_script(&self, script: &str) -> String {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        let mut short = String::with_capacity(script.len());
        let mut rest = script;
        while let Some(start) = rest.find(is_name) {
            let (before, from) = rest.split_at(start);
            let end = from.find(|c| !is_name(c)).unwrap_or(from.len());
            let (name, after) = from.split_at(end);
            short.push_str(before);
            short.push_str(self.0.get(name).map_or(name, String::as_str));
            rest = after;
        }
        short + rest
    }
}

/// Whether a name ends as wasm-bindgen makes it unique: by 16 hexadecimal digits.
fn has_hash(name: &str) -> bool {
    let start = name.len().saturating_sub(16);
    name.len() > 16
        && name
            .get(start..)
            .is_some_and(|end| end.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// wasm-opt's smallest. Where this wasm-opt is too old for the module, the module stays as it is.
fn optimise(wasm_opt: &Path, work: &Path, wasm: &[u8]) -> Result<Vec<u8>> {
    let small = work.with_extension("small.wasm");
    fs::write(work, wasm)?;
    match tool::output(
        Command::new(wasm_opt)
            .arg("-Oz")
            .arg("--all-features")
            .arg(work)
            .arg("-o")
            .arg(&small),
    ) {
        Ok(_) => Ok(fs::read(&small)?),
        Err(error) => {
            println!("  not made smaller: {error:#}");
            Ok(wasm.to_vec())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_are_short_at_both_ends() {
        let mut short = ShortNames::default();
        assert_eq!(short.of("memory"), "memory");
        assert_eq!(short.of("__wbindgen_malloc"), "__wbindgen_malloc");
        let one = short.of("__wbg_body_5f971cbc6950ca4f");
        let other = short.of("invoke___closure__h0123456789abcdef");
        assert_ne!(one, other);
        assert_eq!(short.of("__wbg_body_5f971cbc6950ca4f"), one);
        let script = "({ __wbg_body_5f971cbc6950ca4f: function() { wasm.invoke___closure__h0123456789abcdef(__wbg_body_5f971cbc6950ca4f2); } })";
        assert_eq!(
            short.in_script(script),
            format!("({{ {one}: function() {{ wasm.{other}(__wbg_body_5f971cbc6950ca4f2); }} }})")
        );
    }
}
