use std::{fs, path::Path};

/// The page's files are embedded, so a new one must be noticed. The folder is made where there is none:
/// cargo would take a missing one for changed each time.
fn main() {
    let page = Path::new("../target/page");
    if let Err(error) = fs::create_dir_all(page) {
        println!("cargo::warning=no folder for the page's files: {error}");
    }
    println!("cargo::rerun-if-changed={}", page.display());
}
