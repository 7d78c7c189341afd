//! What the program is told at its start, by options and by the environment.

mod address;

use std::{ffi::OsString, net::SocketAddr, path::PathBuf, time::Duration};

use clap::{CommandFactory, FromArgMatches, Parser, parser::ValueSource};

use self::address::DEFAULT_LISTEN;
use crate::{
    engine::{Endpoint, TlsWish},
    log, store,
};

/// What the program is to do.
#[derive(Debug)]
pub enum Command {
    Serve(Config),
    /// Asks the bridge that listens here.
    Healthcheck(SocketAddr),
}

#[derive(Debug, Clone)]
pub struct Config {
    pub source: Source,
    pub listen: SocketAddr,
    pub log: log::Filter,
    /// Where the timeline is kept on disk; nothing is written without.
    pub data: Option<store::Options>,
}

/// What is watched.
#[derive(Debug, Clone)]
pub enum Source {
    Engine(Endpoint),
    #[cfg(feature = "demo")]
    Demo(demo::Options),
}

/// Why the program does not start, or need not.
#[derive(Debug)]
pub enum Stop {
    /// What was asked for, such as the help; goes to the standard output.
    Shown(String),
    /// A sentence that says what is wrong and what to do.
    Usage(String),
}

/// A live view of a Docker daemon, in the browser.
///
/// Reads the daemon's streams once and relays them to any number of pages. It changes nothing on the daemon.
#[derive(Debug, Parser)]
#[command(name = "daemonscope", version, max_term_width = 100)]
struct Options {
    #[command(subcommand)]
    command: Option<Subcommand>,

    /// Where the daemon is reached: unix:///PATH or tcp://HOST:PORT, as the docker command writes it
    #[arg(
        short = 'H',
        long,
        env = "DOCKER_HOST",
        value_name = "ENDPOINT",
        default_value = "unix:///var/run/docker.sock"
    )]
    host: String,

    /// Speak TLS to a tcp:// daemon, with the ca.pem, cert.pem and key.pem of this folder
    ///
    /// DOCKER_TLS_VERIFY=1 does it too, with the folder DOCKER_CERT_PATH, else DOCKER_CONFIG, else ~/.docker.
    #[arg(long, value_name = "FOLDER")]
    docker_cert_path: Option<PathBuf>,

    /// Where the page is served; only an address of this machine's loopback, because there is no sign-in yet
    #[arg(
        long,
        global = true,
        env = "DAEMONSCOPE_LISTEN",
        value_name = "ADDRESS:PORT",
        default_value = DEFAULT_LISTEN
    )]
    listen: String,

    /// What goes to the log on standard error: error, warn, info, debug, trace, or a filter such as
    /// daemonscope::engine=debug
    #[arg(
        long,
        env = "RUST_LOG",
        value_name = "FILTER",
        default_value = log::DEFAULT
    )]
    log: String,

    #[command(flatten)]
    data: DataOptions,

    #[cfg(feature = "demo")]
    #[command(flatten)]
    demo: DemoOptions,
}

#[derive(Debug, clap::Subcommand)]
enum Subcommand {
    /// Ask the bridge that listens on `--listen` whether it serves: exit code 0 if it does, else 1
    Healthcheck,
}

#[derive(Debug, clap::Args)]
struct DataOptions {
    /// Keep the timeline on disk, in a file in this folder; without it nothing is written
    #[arg(long, env = "DAEMONSCOPE_DATA_DIR", value_name = "FOLDER")]
    data_dir: Option<PathBuf>,

    /// How many days the timeline on disk goes back
    #[arg(
        long,
        env = "DAEMONSCOPE_DATA_DAYS",
        value_name = "DAYS",
        default_value = "14",
        value_parser = clap::value_parser!(u32).range(1..=3660)
    )]
    data_days: u32,

    /// How many mebibytes the file has at most; the oldest events make room for new ones
    #[arg(
        long,
        env = "DAEMONSCOPE_DATA_SIZE",
        value_name = "MIB",
        default_value = "64",
        value_parser = clap::value_parser!(u32).range(4..=65536)
    )]
    data_size: u32,
}

impl DataOptions {
    /// An empty name is that of no folder.
    fn store(&self) -> Option<store::Options> {
        let folder = self
            .data_dir
            .clone()
            .filter(|folder| !folder.as_os_str().is_empty())?;
        Some(store::Options {
            folder,
            keep: Duration::from_secs(u64::from(self.data_days) * 24 * 3600),
            max_bytes: u64::from(self.data_size) * 1024 * 1024,
        })
    }
}

#[cfg(feature = "demo")]
#[derive(Debug, clap::Args)]
struct DemoOptions {
    /// Watch a built-in engine with made-up containers instead of a daemon
    #[arg(
        long,
        env = "DAEMONSCOPE_DEMO",
        value_parser = clap::builder::FalseyValueParser::new()
    )]
    demo: bool,

    /// How many containers the demo engine has, at most 2000
    #[arg(
        long,
        env = "DAEMONSCOPE_DEMO_CONTAINERS",
        value_name = "N",
        default_value = "24",
        value_parser = clap::value_parser!(u32).range(1..=2000)
    )]
    demo_containers: u32,

    /// What the demo engine's containers are made up from; the same number gives the same ones
    #[arg(
        long,
        env = "DAEMONSCOPE_DEMO_SEED",
        value_name = "NUMBER",
        default_value = "1"
    )]
    demo_seed: u64,
}

impl Command {
    /// `args` begins with the program's own name.
    pub fn read(args: impl IntoIterator<Item = OsString>) -> Result<Self, Stop> {
        let matches = Options::command()
            .try_get_matches_from(args)
            .map_err(|error| stop(&error))?;
        let options = Options::from_arg_matches(&matches).map_err(|error| stop(&error))?;
        if let Some(Subcommand::Healthcheck) = options.command {
            return address::to_ask(&options.listen).map(Self::Healthcheck);
        }
        let host_from = matches.value_source("host");
        let said = |option| matches.value_source(option) == Some(ValueSource::CommandLine);
        let data = options.data.store();
        if data.is_none() && (said("data_days") || said("data_size")) {
            return Err(Stop::Usage(
                "`--data-days` and `--data-size` bound what is kept on disk, and nothing is without `--data-dir FOLDER`"
                    .to_owned(),
            ));
        }
        Ok(Self::Serve(Config {
            source: options.source(host_from)?,
            listen: address::to_listen_on(&options.listen)?,
            log: log::Filter::parse(&options.log).map_err(Stop::Usage)?,
            data,
        }))
    }
}

impl Options {
    /// `DOCKER_HOST` is of the person's surroundings, so `--demo` passes over it; `--host` is meant.
    fn source(&self, host_from: Option<ValueSource>) -> Result<Source, Stop> {
        #[cfg(feature = "demo")]
        if self.demo.demo {
            if host_from == Some(ValueSource::CommandLine) {
                return Err(Stop::Usage(
                    "`--host` names a daemon and `--demo` asks for a made-up one; give one of the two".to_owned(),
                ));
            }
            return Ok(Source::Demo(demo::Options {
                containers: self.demo.demo_containers as usize,
                seed: self.demo.demo_seed,
                ..demo::Options::default()
            }));
        }
        let tls = self.tls(set);
        // which daemon is meant when none is named depends on TLS
        let named = host_from != Some(ValueSource::DefaultValue) || tls == TlsWish::No;
        Endpoint::resolve(if named { &self.host } else { "" }, tls)
            .map(Source::Engine)
            .map_err(|error| {
                Stop::Usage(format!(
                    "`--host` (or DOCKER_HOST) names no daemon: {error}"
                ))
            })
    }
}

impl Options {
    /// As the docker command reads its environment: any value but the empty one, `0` too, means yes.
    fn tls(&self, environment: impl Fn(&str) -> Option<OsString>) -> TlsWish {
        if let Some(folder) = &self.docker_cert_path {
            return TlsWish::Verified(folder.clone());
        }
        if environment("DOCKER_TLS_VERIFY").is_some() {
            let folder = environment("DOCKER_CERT_PATH").or_else(|| environment("DOCKER_CONFIG"));
            let default = || std::env::home_dir().unwrap_or_default().join(".docker");
            return TlsWish::Verified(folder.map_or_else(default, PathBuf::from));
        }
        match environment("DOCKER_TLS") {
            Some(_) => TlsWish::Unverified,
            None => TlsWish::No,
        }
    }
}

/// A variable of the environment that is set and not empty.
fn set(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn stop(error: &clap::Error) -> Stop {
    if !error.use_stderr() {
        return Stop::Shown(error.render().to_string());
    }
    let whole = error.render().to_string();
    let first = whole.lines().next().unwrap_or_default();
    let sentence = first.strip_prefix("error: ").unwrap_or(first);
    Stop::Usage(format!(
        "{sentence}; `daemonscope --help` lists the options"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_fit_together() {
        Options::command().debug_assert();
    }

    #[test]
    fn tls_is_wished_for_as_the_docker_command_reads_it() {
        let wish = |args: &[&str], environment: &[(&str, &str)]| {
            let args = [&["daemonscope"], args].concat();
            Options::try_parse_from(args).unwrap().tls(|name| {
                let (_, value) = environment.iter().find(|(known, _)| *known == name)?;
                Some(OsString::from(value))
            })
        };
        let verified = |folder: &str| TlsWish::Verified(PathBuf::from(folder));
        let verify = ("DOCKER_TLS_VERIFY", "0");
        assert_eq!(wish(&[], &[]), TlsWish::No);
        assert_eq!(wish(&[], &[("DOCKER_CERT_PATH", "/a")]), TlsWish::No);
        assert_eq!(wish(&[], &[("DOCKER_TLS", "1")]), TlsWish::Unverified);
        assert_eq!(
            wish(
                &[],
                &[verify, ("DOCKER_TLS", "1"), ("DOCKER_CERT_PATH", "/a")]
            ),
            verified("/a")
        );
        assert_eq!(
            wish(&[], &[verify, ("DOCKER_CONFIG", "/b")]),
            verified("/b")
        );
        assert_eq!(wish(&["--docker-cert-path", "/c"], &[]), verified("/c"));
        match wish(&[], &[verify]) {
            TlsWish::Verified(folder) => assert!(folder.ends_with(".docker"), "{folder:?}"),
            other => panic!("{other:?}"),
        }
    }
}
