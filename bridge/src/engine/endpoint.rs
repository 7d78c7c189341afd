use std::{fmt, path::PathBuf};

use super::transport::tls::server_name;

const DEFAULT_SOCKET: &str = "/var/run/docker.sock";
/// With TLS too: the docker command has 2376 only where no host is named at all.
const DEFAULT_PORT: u16 = 2375;
const DEFAULT_TLS_PORT: u16 = 2376;

/// Where the engine is reached, by the rules of the docker command's `-H` and `DOCKER_HOST`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    Unix(PathBuf),
    /// Plain HTTP. The host is a name or an address, without brackets.
    Tcp {
        host: String,
        port: u16,
    },
    /// The same by TLS, with the certificates in a folder.
    Tls {
        host: String,
        port: u16,
        certificates: PathBuf,
    },
}

/// Whether the docker command would speak TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TlsWish {
    #[default]
    No,
    /// By `DOCKER_TLS_VERIFY`: with the `ca.pem`, `cert.pem` and `key.pem` of a folder.
    Verified(PathBuf),
    /// By `DOCKER_TLS` alone: without a look at the daemon's certificate.
    Unverified,
}

/// Why a text names no endpoint; its `Display` says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndpointError {
    NoPath,
    RelativePath(String),
    BarePath(String),
    NoHost,
    Port(String),
    PathAfterPort(String),
    Http(String),
    Ssh,
    NamedPipe,
    FileDescriptor,
    UnknownScheme(String),
    UnverifiedTls,
    NoNameForTls(String),
}

impl Default for Endpoint {
    fn default() -> Self {
        Self::Unix(PathBuf::from(DEFAULT_SOCKET))
    }
}

impl Endpoint {
    /// An empty text means the default socket, as it does for the docker command.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::default());
        }
        if text.starts_with(['/', '.', '~']) {
            return Err(EndpointError::BarePath(text.to_owned()));
        }
        let (scheme, rest) = text.split_once("://").unwrap_or(("tcp", text));
        match scheme {
            "unix" => Self::parse_path(rest),
            "tcp" => Self::parse_address(rest),
            "http" | "https" => Err(EndpointError::Http(rest.to_owned())),
            "ssh" => Err(EndpointError::Ssh),
            "npipe" => Err(EndpointError::NamedPipe),
            "fd" => Err(EndpointError::FileDescriptor),
            other => Err(EndpointError::UnknownScheme(other.to_owned())),
        }
    }

    /// As [`Self::parse`], with TLS for what is reached by TCP. An empty text means this machine then.
    pub fn resolve(text: &str, tls: TlsWish) -> Result<Self, EndpointError> {
        let endpoint = if text.trim().is_empty() && tls != TlsWish::No {
            Self::Tcp {
                host: "localhost".to_owned(),
                port: DEFAULT_TLS_PORT,
            }
        } else {
            Self::parse(text)?
        };
        match (endpoint, tls) {
            (Self::Tcp { host, .. }, TlsWish::Verified(_)) if server_name(&host).is_none() => {
                Err(EndpointError::NoNameForTls(host))
            }
            (Self::Tcp { host, port }, TlsWish::Verified(certificates)) => Ok(Self::Tls {
                host,
                port,
                certificates,
            }),
            (Self::Tcp { .. }, TlsWish::Unverified) => Err(EndpointError::UnverifiedTls),
            // a socket of this machine is what it is
            (endpoint, _) => Ok(endpoint),
        }
    }

    /// `host:port`, where there is one.
    pub fn authority(&self) -> Option<String> {
        match self {
            Self::Unix(_) => None,
            Self::Tcp { host, port } | Self::Tls { host, port, .. } => {
                Some(if host.contains(':') {
                    format!("[{host}]:{port}")
                } else {
                    format!("{host}:{port}")
                })
            }
        }
    }

    fn parse_path(path: &str) -> Result<Self, EndpointError> {
        match path {
            "" => Ok(Self::default()),
            "/" => Err(EndpointError::NoPath),
            path if path.starts_with('/') => Ok(Self::Unix(PathBuf::from(path))),
            path => Err(EndpointError::RelativePath(path.to_owned())),
        }
    }

    fn parse_address(address: &str) -> Result<Self, EndpointError> {
        let address = address.strip_suffix('/').unwrap_or(address);
        if let Some((_, path)) = address.split_once('/') {
            return Err(EndpointError::PathAfterPort(format!("/{path}")));
        }
        let (host, port) = match address.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest.split_once(']').ok_or(EndpointError::NoHost)?;
                (host, after.strip_prefix(':'))
            }
            None => match address.rsplit_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (address, None),
            },
        };
        if host.is_empty() {
            return Err(EndpointError::NoHost);
        }
        let port = match port {
            None => DEFAULT_PORT,
            Some(digits) => digits
                .parse()
                .ok()
                .filter(|port| *port != 0)
                .ok_or_else(|| EndpointError::Port(digits.to_owned()))?,
        };
        Ok(Self::Tcp {
            host: host.to_owned(),
            port,
        })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
            Self::Tcp { .. } | Self::Tls { .. } => {
                write!(f, "tcp://{}", self.authority().unwrap_or_default())
            }
        }
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPath => f.write_str(
                "`unix://` must be followed by the path of the daemon's socket, for example `unix:///var/run/docker.sock`",
            ),
            Self::RelativePath(path) => write!(
                f,
                "the path `{path}` after `unix://` must begin with a slash: write `unix:///` and the whole path"
            ),
            Self::BarePath(path) => write!(
                f,
                "`{path}` is a path, not an endpoint: write `unix://` and the whole path, for example `unix:///var/run/docker.sock`"
            ),
            Self::NoHost => f.write_str(
                "`tcp://` must be followed by a host and a port, for example `tcp://192.0.2.7:2375` or `tcp://[2001:db8::7]:2375`",
            ),
            Self::Port(port) => write!(
                f,
                "`{port}` is not a port: write a number from 1 to 65535 after the host, for example `tcp://192.0.2.7:2375`"
            ),
            Self::PathAfterPort(path) => write!(
                f,
                "the path `{path}` after the port is not supported: an endpoint ends with its port"
            ),
            Self::Http(address) => {
                write!(f, "write `tcp://{address}`: the docker command names an engine so")
            }
            Self::Ssh => f.write_str(
                "`ssh://` endpoints are not supported in this version: forward the socket (`ssh -NL /tmp/docker.sock:/var/run/docker.sock HOST`) and use `unix:///tmp/docker.sock`",
            ),
            Self::NamedPipe => f.write_str(
                "`npipe://` is a Windows named pipe, which this bridge cannot open: use `unix://` or `tcp://`",
            ),
            Self::FileDescriptor => f.write_str(
                "`fd://` tells a daemon where to listen; a client needs `unix://` or `tcp://`",
            ),
            Self::UnknownScheme(scheme) => {
                write!(f, "`{scheme}://` is not known: use `unix://` or `tcp://`")
            }
            Self::UnverifiedTls => f.write_str(
                "DOCKER_TLS alone asks for TLS without a look at who answers, and daemonscope would show its certificate to anybody: set DOCKER_TLS_VERIFY=1 and put the authority that signed the daemon's certificate into ca.pem in the folder DOCKER_CERT_PATH",
            ),
            Self::NoNameForTls(host) => write!(
                f,
                "no certificate can be for `{host}`: with TLS, name the daemon by a host name or an address without a zone"
            ),
        }
    }
}

impl std::error::Error for EndpointError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_endpoints_as_the_docker_command_does() {
        for (text, shown) in [
            ("", "unix:///var/run/docker.sock"),
            ("unix://", "unix:///var/run/docker.sock"),
            (
                "unix:///run/user/1000/docker.sock",
                "unix:///run/user/1000/docker.sock",
            ),
            ("tcp://192.0.2.7:2376", "tcp://192.0.2.7:2376"),
            ("tcp://192.0.2.7:2376/", "tcp://192.0.2.7:2376"),
            ("tcp://nas.lan", "tcp://nas.lan:2375"),
            ("nas.lan:99", "tcp://nas.lan:99"),
            ("tcp://[2001:db8::7]:2375", "tcp://[2001:db8::7]:2375"),
            ("tcp://[::1]", "tcp://[::1]:2375"),
            (" tcp://nas.lan:1 ", "tcp://nas.lan:1"),
        ] {
            let endpoint = Endpoint::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(endpoint.to_string(), shown, "{text}");
            assert_eq!(Endpoint::parse(shown), Ok(endpoint), "{shown}");
        }
    }

    #[test]
    fn says_what_is_wrong_and_what_to_do() {
        for (text, needle) in [
            ("unix:///", "unix:///var/run/docker.sock"),
            ("unix://run/docker.sock", "begin with a slash"),
            ("/var/run/docker.sock", "write `unix://`"),
            ("tcp://", "host and a port"),
            ("tcp://:2375", "host and a port"),
            ("tcp://[::1", "host and a port"),
            ("tcp://nas.lan:http", "`http` is not a port"),
            ("tcp://nas.lan:70000", "`70000` is not a port"),
            ("tcp://nas.lan:0", "`0` is not a port"),
            ("tcp://nas.lan:2375/docker", "`/docker` after the port"),
            ("http://nas.lan:2375", "write `tcp://nas.lan:2375`"),
            ("ssh://me@nas.lan", "not supported in this version"),
            ("npipe:////./pipe/docker_engine", "Windows named pipe"),
            ("fd://3", "where to listen"),
            ("gopher://nas.lan", "`gopher://` is not known"),
        ] {
            let sentence = Endpoint::parse(text).expect_err(text).to_string();
            assert!(sentence.contains(needle), "{text}: {sentence}");
        }
    }

    #[test]
    fn tls_is_for_tcp_only() {
        let verified = || TlsWish::Verified(PathBuf::from("/certs"));
        for (text, shown) in [
            ("tcp://nas.lan:2376", "tcp://nas.lan:2376"),
            ("tcp://nas.lan", "tcp://nas.lan:2375"),
            ("tcp://[2001:db8::7]:2376", "tcp://[2001:db8::7]:2376"),
            ("", "tcp://localhost:2376"),
        ] {
            let endpoint = Endpoint::resolve(text, verified()).expect(text);
            assert_eq!(endpoint.to_string(), shown, "{text}");
            assert!(
                matches!(&endpoint, Endpoint::Tls { certificates, .. } if certificates.ends_with("certs")),
                "{text}: {endpoint:?}"
            );
        }
        for tls in [verified(), TlsWish::Unverified, TlsWish::No] {
            let endpoint = Endpoint::resolve("unix:///run/docker.sock", tls);
            assert!(matches!(endpoint, Ok(Endpoint::Unix(_))), "{endpoint:?}");
        }
        let plain = Endpoint::resolve("tcp://nas.lan:2375", TlsWish::No);
        assert!(matches!(plain, Ok(Endpoint::Tcp { .. })), "{plain:?}");
        assert_eq!(
            Endpoint::resolve("tcp://nas.lan:2376", TlsWish::Unverified),
            Err(EndpointError::UnverifiedTls)
        );
        assert_eq!(
            Endpoint::resolve("tcp://[fe80::1%eth0]:2376", verified()),
            Err(EndpointError::NoNameForTls("fe80::1%eth0".to_owned()))
        );
    }
}
