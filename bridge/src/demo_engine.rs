//! The made-up engine inside this process. It is reached as any other, through a socket.

use std::{
    fs, io,
    os::unix::{
        fs::{DirBuilderExt, FileTypeExt, MetadataExt},
        net,
    },
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{net::UnixStream, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::engine::Endpoint;

const POLL: Duration = Duration::from_millis(5);
const LAST_WORDS: Duration = Duration::from_millis(800);
/// What the names of the folders begin with.
const PREFIX: &str = "daemonscope-";
const NEW: Duration = Duration::from_secs(60);

pub struct DemoEngine {
    folder: PathBuf,
    cancel: CancellationToken,
    task: JoinHandle<io::Result<()>>,
}

impl DemoEngine {
    /// Its socket lies in a new folder that nobody else may enter. Returns when the engine listens.
    pub async fn start(options: demo::Options) -> io::Result<Self> {
        let folder = std::env::temp_dir().join(format!("{PREFIX}{:016x}", fastrand::u64(..)));
        fs::DirBuilder::new().mode(0o700).create(&folder)?;
        clear_away(&std::env::temp_dir(), &folder);
        let cancel = CancellationToken::new();
        let (path, token) = (socket(&folder), cancel.clone());
        let mut task = tokio::spawn(async move { demo::serve(options, &path, token).await });
        while UnixStream::connect(socket(&folder)).await.is_err() {
            if let Ok(ended) = timeout(POLL, &mut task).await {
                return Err(match ended {
                    Ok(Err(error)) => error,
                    _ => io::Error::other("it ended at once"),
                });
            }
        }
        Ok(Self {
            folder,
            cancel,
            task,
        })
    }

    pub fn endpoint(&self) -> Endpoint {
        Endpoint::Unix(socket(&self.folder))
    }

    pub async fn stop(self) {
        self.cancel.cancel();
        let _ = timeout(LAST_WORDS, self.task).await;
        // What it leaves behind when it does not end in time, a later one clears away.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Removes the folders of engines whose program was killed. Whatever is in doubt stays.
fn clear_away(temporary: &Path, own: &Path) {
    let (Ok(entries), Ok(own)) = (fs::read_dir(temporary), fs::symlink_metadata(own)) else {
        return;
    };
    for folder in entries.flatten().map(|entry| entry.path()) {
        if is_left_behind(&folder, own.uid()) {
            // Nothing but what was looked at is removed.
            let _ = fs::remove_file(socket(&folder));
            let _ = fs::remove_dir(&folder);
        }
    }
}

/// A folder of ours with a socket that nobody listens on. That holds too for a program that this one cannot see, such as
/// one in another container that shares the folder for temporary files.
fn is_left_behind(folder: &Path, user: u32) -> bool {
    let is_named_so = folder
        .file_name()
        .and_then(|name| name.to_str()?.strip_prefix(PREFIX))
        .is_some_and(|rest| rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let is_ours = |path: &Path, kind: fn(&fs::FileType) -> bool| {
        fs::symlink_metadata(path)
            .is_ok_and(|found| kind(&found.file_type()) && found.uid() == user)
    };
    is_named_so
        && is_ours(folder, fs::FileType::is_dir)
        && is_ours(&socket(folder), fs::FileType::is_socket)
        && fs::read_dir(folder).is_ok_and(|entries| entries.count() == 1)
        && is_old(folder)
        && net::UnixStream::connect(socket(folder))
            .is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

/// One that is new may belong to an engine that is about to listen.
fn is_old(folder: &Path) -> bool {
    fs::symlink_metadata(folder)
        .and_then(|found| found.modified())
        .is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > NEW))
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("docker.sock")
}
