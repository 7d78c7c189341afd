//! Reads `ca.pem`, `cert.pem` and `key.pem`. Nothing of what is in them gets into an error.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use protocol::{FileFault, TlsFault};
use rustls::{
    ClientConfig, InconsistentKeys, RootCertStore,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::io::AsyncReadExt;

/// The certificates of all public authorities together are a quarter of it.
const LIMIT_BYTES: u64 = 1024 * 1024;

/// What the bridge trusts and shows: it explains why the daemon did not like it.
#[derive(Debug)]
pub struct Given {
    pub roots: Arc<RootCertStore>,
    /// Empty where the bridge has no certificate.
    pub chain: Vec<CertificateDer<'static>>,
    /// The file without which it has none.
    pub missing: PathBuf,
    pub provider: Arc<CryptoProvider>,
}

/// As the docker command does: `ca.pem` must be there, the other two may be absent, and one alone counts for nothing.
pub async fn load(folder: &Path) -> Result<(ClientConfig, Given), TlsFault> {
    let (ca, cert, key) = (
        folder.join("ca.pem"),
        folder.join("cert.pem"),
        folder.join("key.pem"),
    );
    let authorities = read(&ca)
        .await?
        .ok_or_else(|| fault(&ca, FileFault::Missing))?;
    let roots = Arc::new(roots(&ca, &authorities)?);
    let (chain, secret) = (read(&cert).await?, read(&key).await?);

    let provider = Arc::new(ring::default_provider());
    let mut given = Given {
        roots: roots.clone(),
        chain: Vec::new(),
        missing: if chain.is_none() {
            cert.clone()
        } else {
            key.clone()
        },
        provider: provider.clone(),
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsFault::Handshake(error.to_string()))?
        .with_root_certificates(roots);
    let (Some(chain), Some(secret)) = (chain, secret) else {
        return Ok((config.with_no_client_auth(), given));
    };
    given.chain = certificates(&cert, &chain)?;
    let config = config
        .with_client_auth_cert(given.chain.clone(), private_key(&key, &secret)?)
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                fault(&key, FileFault::OtherKey)
            }
            rustls::Error::InvalidCertificate(_) => fault(&cert, FileFault::Malformed),
            _ => fault(&key, FileFault::UnsupportedKey),
        })?;
    Ok((config, given))
}

fn fault(path: &Path, fault: FileFault) -> TlsFault {
    TlsFault::File {
        path: path.display().to_string(),
        fault,
    }
}

/// `None`: it is not there.
async fn read(path: &Path) -> Result<Option<Vec<u8>>, TlsFault> {
    let unreadable = |error: io::Error| fault(path, FileFault::Unreadable(error.to_string()));
    match tokio::fs::metadata(path).await {
        // to open a pipe may take for ever
        Ok(metadata) if !metadata.is_file() => {
            let what = "it is not a file".to_owned();
            return Err(fault(path, FileFault::Unreadable(what)));
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    }
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(LIMIT_BYTES + 1)
        .read_to_end(&mut bytes)
        .await
        .map_err(unreadable)?;
    if bytes.len() as u64 > LIMIT_BYTES {
        let limit_bytes = LIMIT_BYTES;
        return Err(fault(path, FileFault::TooLong { limit_bytes }));
    }
    Ok(Some(bytes))
}

fn certificates(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsFault> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) | Err(_) => Err(fault(path, FileFault::Malformed)),
    }
}

/// One that cannot be read among many costs itself only.
fn roots(path: &Path, pem: &[u8]) -> Result<RootCertStore, TlsFault> {
    let mut roots = RootCertStore::empty();
    match roots.add_parsable_certificates(certificates(path, pem)?) {
        (0, _) => Err(fault(path, FileFault::Malformed)),
        _ => Ok(roots),
    }
}

fn private_key(path: &Path, pem: &[u8]) -> Result<PrivateKeyDer<'static>, TlsFault> {
    const MARK: &[u8] = b"ENCRYPTED";
    if pem.windows(MARK.len()).any(|window| window == MARK) {
        return Err(fault(path, FileFault::Encrypted));
    }
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| fault(path, FileFault::Malformed))
}
