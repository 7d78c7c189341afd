//! The docker commands of this machine.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// One docker command.
#[derive(Debug, Clone)]
pub struct Docker {
    path: PathBuf,
    /// Its release: 20, 28, …
    pub major: u32,
}

impl Docker {
    /// Every docker command in the folders of `PATH` and `MORE_DOCKER_PATH`, each once.
    /// There is at least one, or the reason why the test cannot run.
    pub fn all() -> Result<Vec<Self>, String> {
        let paths = ["PATH", "MORE_DOCKER_PATH"].map(|name| env::var_os(name).unwrap_or_default());
        let found: BTreeSet<PathBuf> = paths
            .iter()
            .flat_map(|path| env::split_paths(path))
            .filter_map(|folder| fs::canonicalize(folder.join("docker")).ok())
            .collect();
        if found.is_empty() {
            return Err(
                "there is no docker command on the PATH: install one (Debian: docker.io), no engine is needed"
                    .to_owned(),
            );
        }
        found.into_iter().map(Self::at).collect()
    }

    fn at(path: PathBuf) -> Result<Self, String> {
        let answer = Command::new(&path)
            .arg("--version")
            .output()
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let sentence = String::from_utf8_lossy(&answer.stdout).into_owned();
        let major = sentence
            .strip_prefix("Docker version ")
            .and_then(|rest| rest.split('.').next()?.parse().ok())
            .ok_or_else(|| {
                format!(
                    "{} is no docker command: it says {sentence:?}",
                    path.display()
                )
            })?;
        Ok(Self { path, major })
    }

    /// What it prints, talking to the engine behind this socket; its times in UTC.
    pub fn run(&self, socket: &Path, arguments: &[&str]) -> String {
        let answer = Command::new(&self.path)
            .args(arguments)
            .env("DOCKER_HOST", format!("unix://{}", socket.display()))
            .env("DOCKER_CONFIG", "/nonexistent")
            .env("TZ", "UTC")
            .env_remove("DOCKER_CONTEXT")
            .env_remove("DOCKER_API_VERSION")
            .env_remove("DOCKER_TLS_VERIFY")
            .env_remove("DOCKER_DEFAULT_PLATFORM")
            .output();
        match answer {
            Ok(answer) if answer.status.success() => {
                String::from_utf8_lossy(&answer.stdout).into_owned()
            }
            Ok(answer) => panic!(
                "{} {}: {}",
                self.path.display(),
                arguments.join(" "),
                String::from_utf8_lossy(&answer.stderr)
            ),
            Err(error) => panic!("{}: {error}", self.path.display()),
        }
    }
}
