//! Certificates made by the test, and TLS servers that show them.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, date_time_ymd,
};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
    version::{TLS12, TLS13},
};

pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// What a certificate says.
pub struct Leaf {
    names: Vec<String>,
    purpose: ExtendedKeyUsagePurpose,
    /// From the first day of a year to that of another.
    years: (i32, i32),
}

/// A certificate and its key, as they are in files.
pub struct Pem {
    pub certificate: String,
    pub key: String,
}

#[derive(Debug, Clone, Copy)]
pub enum Versions {
    Only12,
    Only13,
    Both,
}

impl Leaf {
    pub fn server(names: &[&str]) -> Self {
        Self {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            purpose: ExtendedKeyUsagePurpose::ServerAuth,
            years: (2020, 2080),
        }
    }

    pub fn client() -> Self {
        Self {
            purpose: ExtendedKeyUsagePurpose::ClientAuth,
            ..Self::server(&[])
        }
    }

    pub fn valid(self, from: i32, until: i32) -> Self {
        Self {
            years: (from, until),
            ..self
        }
    }
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    pub fn certificate(&self) -> String {
        self.0.pem()
    }

    pub fn sign(&self, leaf: &Leaf) -> Pem {
        let mut params = CertificateParams::new(leaf.names.clone()).unwrap();
        params.extended_key_usages = vec![leaf.purpose.clone()];
        params.not_before = date_time_ymd(leaf.years.0, 1, 1);
        params.not_after = date_time_ymd(leaf.years.1, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Pem {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }

    /// Shows `shown`, and asks for a certificate that this authority signed: dockerd's `--tlsverify`.
    pub fn server(&self, shown: &Pem, versions: Versions) -> Arc<ServerConfig> {
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let asks = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone())
            .build()
            .unwrap();
        let chain = CertificateDer::from_pem_slice(shown.certificate.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(shown.key.as_bytes()).unwrap();
        let versions = match versions {
            Versions::Only12 => &[&TLS12][..],
            Versions::Only13 => &[&TLS13],
            Versions::Both => &[&TLS12, &TLS13],
        };
        ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_client_cert_verifier(asks)
            .with_single_cert(vec![chain], key)
            .unwrap()
            .into()
    }
}
