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
    let js = output.js().as_bytes().to_vec();
    let mut wasm = output.wasm_mut().emit_wasm();
    if let Some(wasm_opt) = wasm_opt {
        wasm = optimise(wasm_opt, &compiled.with_extension("bound.wasm"), &wasm)?;
    }
    Ok(Glued { js, wasm, snippets })
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
