//! The made-up engine inside this process. It is reached as any other, through a socket.

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{net::UnixStream, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::engine::Endpoint;

const POLL: Duration = Duration::from_millis(5);
const LAST_WORDS: Duration = Duration::from_millis(800);

pub struct DemoEngine {
    folder: PathBuf,
    cancel: CancellationToken,
    task: JoinHandle<io::Result<()>>,
}

impl DemoEngine {
    /// Its socket lies in a new folder that nobody else may enter. Returns when the engine listens.
    pub async fn start(options: demo::Options) -> io::Result<Self> {
        let name = format!("daemonscope-{:016x}", fastrand::u64(..));
        let folder = std::env::temp_dir().join(name);
        fs::DirBuilder::new().mode(0o700).create(&folder)?;
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
        // What it leaves behind when it does not end in time is in the folder for temporary files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("docker.sock")
}
