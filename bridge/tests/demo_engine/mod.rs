//! The made-up engine in this process, whose containers do all that containers do.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use tokio_util::sync::{CancellationToken, DropGuard};

/// One where nothing is created or removed by chance. It ends when this is dropped.
pub struct DemoEngine {
    folder: PathBuf,
    _end: DropGuard,
}

impl DemoEngine {
    pub fn start() -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let name = format!("daemonscope-demo-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let cancel = CancellationToken::new();
        let (socket, token) = (folder.join("docker.sock"), cancel.clone());
        let options = demo::Options {
            pace: 0.0,
            ..demo::Options::default()
        };
        tokio::spawn(async move { demo::serve(options, &socket, token).await.unwrap() });
        Self {
            folder,
            _end: cancel.drop_guard(),
        }
    }

    pub fn endpoint(&self) -> String {
        format!("unix://{}/docker.sock", self.folder.display())
    }
}

impl Drop for DemoEngine {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
