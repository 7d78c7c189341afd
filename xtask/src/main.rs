//! Everything that is done with this repository by command: `cargo xtask build | run | test | engine`.

mod bridge;
mod packages;
mod page;
mod run;
mod steps;
#[cfg(test)]
mod test_support;
mod tool;
mod wasm;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Builds, runs and tests daemonscope",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the page and the bridge that carries it
    Build {
        /// The binary that is given to people: smaller and faster, but several times as long to build
        #[arg(long)]
        release: bool,
        /// Only the page's files, in target/page
        #[arg(long)]
        page: bool,
    },
    /// Build everything and serve it on http://127.0.0.1:8375
    Run {
        /// Run the release build
        #[arg(long)]
        release: bool,
        /// Options of daemonscope itself, after `--`
        #[arg(last = true)]
        args: Vec<String>,
    },
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Build { release, page } => build(release, page),
        Task::Run { release, args } => run::run(release, &args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn build(release: bool, only_page: bool) -> anyhow::Result<()> {
    let page = page::build()?;
    if only_page {
        println!("The page's files are in {}", page.dir.display());
        return Ok(());
    }
    let binary = bridge::build(release, &page)?;
    println!("The bridge is {}", binary.display());
    Ok(())
}
