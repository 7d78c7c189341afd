//! Everything that is done with this repository by command: `cargo xtask build | run | test | bench | pictures | soak | engine`.

mod bench;
mod bridge;
mod engine;
mod host;
mod npm;
mod number;
mod packages;
mod page;
mod performance;
mod pictures;
mod run;
mod soak;
mod steps;
mod test;
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
    about = "Builds, runs, tests, measures and pictures daemonscope",
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
    /// Test everything; a part that cannot run here is skipped, with the reason
    Test {
        /// Only this part; may be said several times
        #[arg(long, value_name = "PART")]
        only: Vec<String>,
        /// Show the parts
        #[arg(long)]
        list: bool,
    },
    /// Measure what the bridge and the page cost, beside the docker command, on a Docker engine of its own
    Bench(bench::Options),
    /// Pictures of every page in each of its states, in target/pictures; fails where a page complains or scrolls sideways
    Pictures {
        /// Only scenes whose names have this in them, such as `events-` or `overview-busy`
        #[arg(long, value_name = "TEXT", conflicts_with = "readme")]
        only: Option<String>,
        /// Only the README's picture, anew
        #[arg(long)]
        readme: bool,
    },
    /// An hour of faults and load with the demo engine: nothing may have grown at its end
    Soak(soak::Options),
    /// A real Docker engine of your own, in a network namespace: `engine up -r DIR`, `engine fixtures DIR`, `engine down DIR`
    Engine {
        #[arg(value_parser = ["up", "fixtures", "daemon", "down"])]
        script: String,
        /// What the script takes: see the head of e2e/engine/SCRIPT.sh
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Build { release, page } => build(release, page),
        Task::Run { release, args } => run::run(release, &args),
        Task::Test { list: true, .. } => {
            test::list();
            Ok(())
        }
        Task::Test { only, list: false } => test::run(&only),
        Task::Bench(options) => bench::run(&options),
        Task::Pictures { only, readme } => pictures::take(only.as_deref(), readme),
        Task::Soak(options) => soak::run(&options),
        Task::Engine { script, args } => engine::by_hand(&script, &args),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str) -> String {
        std::fs::read_to_string(workspace::root().join(name)).unwrap()
    }

    /// What follows `$ ` in the README's examples, without its remark.
    fn commands(document: &str) -> Vec<&str> {
        document
            .lines()
            .filter_map(|line| line.strip_prefix("$ "))
            .filter_map(|line| line.split(" #").next())
            .map(str::trim)
            .collect()
    }

    #[test]
    fn the_readmes_commands_are_ours() {
        let readme = read("README.md");
        let commands = commands(&readme);
        assert_eq!(
            commands[..2],
            ["cargo xtask run", "cargo xtask test"],
            "the first screen has two commands"
        );
        for command in commands {
            let words = command.strip_prefix("cargo xtask").expect(command);
            let words = std::iter::once("xtask").chain(words.split_whitespace());
            if let Err(error) = Cli::try_parse_from(words) {
                panic!("{command}: {error}");
            }
        }
    }

    #[test]
    fn ci_runs_the_readmes_second_command() {
        let script = read(".ci/run");
        let last = script.lines().last().unwrap();
        assert_eq!(last, format!("CI=true {}", commands(&read("README.md"))[1]));
    }

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
