use std::{fmt, io, path::PathBuf};

/// Why the folder is not used; its `Display` says what to do.
#[derive(Debug)]
pub enum OpenError {
    /// The folder or its file cannot be made or opened.
    Io(PathBuf, io::Error),
    /// There is no room for a file.
    Full(PathBuf, io::Error),
    /// Another process has it.
    InUse(PathBuf),
    /// A newer daemonscope wrote it.
    Newer {
        path: PathBuf,
        format: String,
    },
    /// An older one did, and this one cannot read that.
    Older(PathBuf),
    /// It holds the past of another daemon.
    OtherDaemon {
        path: PathBuf,
        stored: String,
        watched: String,
    },
    /// It cannot be read as a timeline, and cannot be moved aside to where another such file is, or at all.
    Damaged {
        path: PathBuf,
        why: String,
        aside: PathBuf,
    },
    Database(PathBuf, redb::Error),
}

impl OpenError {
    /// What is wrong is how the bridge was started, so that it does not start. All else costs the past alone.
    pub fn is_of_the_command(&self) -> bool {
        matches!(
            self,
            Self::Io(..) | Self::InUse(_) | Self::OtherDaemon { .. }
        )
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(
                f,
                "cannot use {} ({error}); `--data-dir` must name a folder that this user can write to",
                path.display()
            ),
            Self::Full(path, error) => write!(f, "no room for {} ({error})", path.display()),
            Self::InUse(path) => write!(
                f,
                "another daemonscope uses {}; end it, or give this one another folder with `--data-dir`",
                path.display()
            ),
            Self::Newer { path, format } => write!(
                f,
                "{} was written by a newer daemonscope ({format}); use that version, or \
                 another folder with `--data-dir`",
                path.display()
            ),
            Self::Older(path) => write!(
                f,
                "{} has a format that this version no longer reads; move it away, or give another folder with \
                 `--data-dir`",
                path.display()
            ),
            Self::OtherDaemon {
                path,
                stored,
                watched,
            } => write!(
                f,
                "{} holds the past of {stored}, and {watched} is watched; give each daemon a folder of its own with \
                 `--data-dir`",
                path.display()
            ),
            Self::Damaged { path, why, aside } => write!(
                f,
                "{} cannot be read as a timeline ({why}), and {} is in the way of moving it aside; move both away",
                path.display(),
                aside.display()
            ),
            Self::Database(path, error) => write!(
                f,
                "cannot open {} ({error}); move it away, or give another folder with `--data-dir`",
                path.display()
            ),
        }
    }
}

/// Why entries are not on the disk.
#[derive(Debug)]
pub enum WriteError {
    Open(OpenError),
    Database(redb::Error),
    Closed,
    /// The file is gone though it is in use.
    Gone(io::Error),
    Panicked(String),
}

impl WriteError {
    /// The same where a file is opened.
    pub fn at_open(self, path: PathBuf) -> OpenError {
        match self {
            Self::Open(error) => error,
            Self::Database(error) => OpenError::Database(path, error),
            other => OpenError::Io(path, io::Error::other(other.to_string())),
        }
    }

    pub fn of_panic(error: &tokio::task::JoinError) -> Self {
        Self::Panicked(error.to_string())
    }
}

impl From<OpenError> for WriteError {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl<E: Into<redb::Error>> From<E> for WriteError {
    fn from(error: E) -> Self {
        Self::Database(error.into())
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(error) => error.fmt(f),
            Self::Database(redb::Error::Io(error)) => error.fmt(f),
            Self::Database(error) => error.fmt(f),
            Self::Closed => f.write_str("it is closed"),
            Self::Gone(error) => write!(f, "the file was taken away: {error}"),
            Self::Panicked(error) => write!(f, "the database failed: {error}"),
        }
    }
}
