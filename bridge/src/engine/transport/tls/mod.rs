//! TLS to the daemon, with the files that the docker command uses and under their names.

mod fault;
mod files;
mod stream;
mod words;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use rustls::{ClientConfig, pki_types::ServerName};
use tokio_rustls::TlsConnector;

use self::{files::Given, stream::Secured};
pub use self::{stream::fault_of, words::words};
use super::{connect::Stream, failure::Failure};
use protocol::TlsFault;

/// What the bridge shows and trusts. The files are read when the first connection needs them, and again after
/// [`Self::forget`]: a renewed certificate needs no restart.
#[derive(Debug)]
pub struct Tls {
    folder: PathBuf,
    host: String,
    loaded: Mutex<Option<Loaded>>,
}

#[derive(Debug, Clone)]
struct Loaded {
    config: Arc<ClientConfig>,
    given: Arc<Given>,
}

/// The name that the daemon's certificate must be for, if the host is one that a certificate can be for.
pub fn server_name(host: &str) -> Option<ServerName<'static>> {
    let host = host.strip_suffix('.').unwrap_or(host);
    ServerName::try_from(host.to_owned()).ok()
}

impl Tls {
    pub fn new(folder: PathBuf, host: String) -> Self {
        Self {
            folder,
            host,
            loaded: Mutex::default(),
        }
    }

    pub fn forget(&self) {
        *self.lock() = None;
    }

    /// Reads the files, if they are not read.
    pub async fn prepare(&self) -> Result<(), TlsFault> {
        self.load().await.map(drop)
    }

    pub(in crate::engine::transport) async fn secure(
        &self,
        stream: Box<dyn Stream>,
    ) -> Result<Box<dyn Stream>, Failure> {
        let Loaded { config, given } = self.load().await.map_err(Failure::Tls)?;
        let name = server_name(&self.host).ok_or_else(|| {
            let host = &self.host;
            Failure::Tls(TlsFault::Handshake(format!(
                "no certificate can be for `{host}`"
            )))
        })?;
        match TlsConnector::from(config).connect(name, stream).await {
            Ok(stream) => Ok(Box::new(Secured::new(stream, given))),
            Err(error) => Err(match fault::of_io(&error, &given) {
                Some(fault) => Failure::Tls(fault),
                None => Failure::Closed(error.to_string()),
            }),
        }
    }

    async fn load(&self) -> Result<Loaded, TlsFault> {
        if let Some(loaded) = self.lock().clone() {
            return Ok(loaded);
        }
        let (config, given) = files::load(&self.folder).await?;
        let loaded = Loaded {
            config: Arc::new(config),
            given: Arc::new(given),
        };
        *self.lock() = Some(loaded.clone());
        Ok(loaded)
    }

    /// A panic elsewhere leaves the value whole: it is written in one step.
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Loaded>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
