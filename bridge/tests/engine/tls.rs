//! TLS with a daemon that asks who we are: each thing that can be wrong has its own word, and is mended without a restart.

mod certificates;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use daemonscope::engine::{Endpoint, TlsWish};
use protocol::{AwayReason, FileFault, TlsFault};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

use self::certificates::{Authority, Leaf, Pem, Versions};
use super::support::{A, Daemon, Watcher, event, inspection, item, now_nano, quick};

/// A folder as `DOCKER_CERT_PATH` names one.
struct Folder(PathBuf);

impl Folder {
    fn empty() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("certs-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// With all that `authority` has to say about `client`.
    fn of(authority: &Authority, client: &Pem) -> Self {
        let folder = Self::empty();
        folder.put("ca.pem", &authority.certificate());
        folder.put("cert.pem", &client.certificate);
        folder.put("key.pem", &client.key);
        folder
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.0.join(name)).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn fault(&self, name: &str, fault: FileFault) -> TlsFault {
        TlsFault::File {
            path: self.path(name),
            fault,
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn endpoint(text: &str, folder: &Path) -> Endpoint {
    Endpoint::resolve(text, TlsWish::Verified(folder.to_owned())).unwrap()
}

async fn fault(text: &str, folder: &Folder) -> TlsFault {
    let mut watcher = Watcher::at(endpoint(text, &folder.0), quick());
    match watcher.away().await.reason {
        AwayReason::Tls(fault) => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_daemon_that_asks_who_we_are_is_watched_alike() {
    let authority = Authority::new("ours");
    let folder = Folder::of(&authority, &authority.sign(&Leaf::client()));
    for versions in [Versions::Only12, Versions::Only13] {
        let mut daemon = Daemon::absent();
        daemon.list([item(A, "web", "running")]);
        daemon.inspection(A, inspection(A, "web", "running"));
        let server = authority.sign(&Leaf::server(&["localhost", "127.0.0.1"]));
        let address = daemon.start_tls(authority.server(&server, versions)).await;
        let by_name = address.replace("127.0.0.1", "localhost");
        for text in [address, by_name] {
            let mut watcher = Watcher::at(endpoint(&text, &folder.0), quick());
            assert_eq!(watcher.listed().await.len(), 1, "{text}");
            watcher.detailed().await;
            daemon.emit(event(now_nano(), "attach", A));
            watcher.event("attach").await;
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_daemons_certificate_has_its_own_word() {
    let authority = Authority::new("ours");
    let folder = Folder::of(&authority, &authority.sign(&Leaf::client()));
    let here = ["127.0.0.1"];
    let other_name = TlsFault::OtherName {
        wanted: "127.0.0.1".to_owned(),
        presented: vec!["elsewhere.lan".to_owned(), "198.51.100.7".to_owned()],
    };
    for (signed_by, leaf, expected) in [
        (
            &Authority::new("theirs"),
            Leaf::server(&here),
            TlsFault::UnknownAuthority,
        ),
        // made anew under the same name
        (
            &Authority::new("ours"),
            Leaf::server(&here),
            TlsFault::UnknownAuthority,
        ),
        (
            &authority,
            Leaf::server(&["elsewhere.lan", "198.51.100.7"]),
            other_name,
        ),
        (
            &authority,
            Leaf::server(&here).valid(2001, 2002),
            TlsFault::Expired {
                not_after: "2002-01-01 00:00:00 UTC".to_owned(),
            },
        ),
        (
            &authority,
            Leaf::server(&here).valid(2090, 2091),
            TlsFault::NotYetValid {
                not_before: "2090-01-01 00:00:00 UTC".to_owned(),
            },
        ),
    ] {
        for versions in [Versions::Only12, Versions::Only13] {
            let mut daemon = Daemon::absent();
            let server = authority.server(&signed_by.sign(&leaf), versions);
            let address = daemon.start_tls(server).await;
            assert_eq!(fault(&address, &folder).await, expected, "{versions:?}");
            assert_eq!(daemon.asked(), Vec::<String>::new(), "{expected:?}");
        }
    }
    let mut daemon = Daemon::absent();
    let unfit = authority.sign(&Leaf::client());
    let address = daemon
        .start_tls(authority.server(&unfit, Versions::Both))
        .await;
    let unfit = fault(&address, &folder).await;
    assert!(
        matches!(unfit, TlsFault::Unfit(_) | TlsFault::OtherName { .. }),
        "{unfit:?}"
    );
}

#[tokio::test]
async fn what_is_wrong_with_our_certificate_has_its_own_word() {
    let authority = Authority::new("ours");
    let server = authority.sign(&Leaf::server(&["127.0.0.1"]));
    for versions in [Versions::Only12, Versions::Only13] {
        let mut daemon = Daemon::absent();
        let address = daemon.start_tls(authority.server(&server, versions)).await;

        let folder = Folder::of(&authority, &authority.sign(&Leaf::client()));
        folder.remove("key.pem");
        let missing = |path| TlsFault::ClientMissing { path };
        let expected = missing(folder.path("key.pem"));
        assert_eq!(fault(&address, &folder).await, expected, "{versions:?}");
        folder.remove("cert.pem");
        let expected = missing(folder.path("cert.pem"));
        assert_eq!(fault(&address, &folder).await, expected, "{versions:?}");

        let expired = authority.sign(&Leaf::client().valid(2001, 2002));
        let expected = TlsFault::ClientExpired {
            not_after: Some("2002-01-01 00:00:00 UTC".to_owned()),
        };
        let folder = Folder::of(&authority, &expired);
        assert_eq!(fault(&address, &folder).await, expected, "{versions:?}");

        let theirs = Authority::new("theirs").sign(&Leaf::client());
        let folder = Folder::of(&authority, &theirs);
        let expected = TlsFault::ClientUnknownAuthority;
        assert_eq!(fault(&address, &folder).await, expected, "{versions:?}");

        let of_a_server = authority.sign(&Leaf::server(&["us.lan"]));
        let folder = Folder::of(&authority, &of_a_server);
        let refused = fault(&address, &folder).await;
        assert!(
            matches!(refused, TlsFault::ClientRefused(_)),
            "{versions:?}: {refused:?}"
        );
        assert_eq!(daemon.asked(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_file_has_its_own_word() {
    let authority = Authority::new("ours");
    let client = authority.sign(&Leaf::client());
    let other = authority.sign(&Leaf::client());
    let cut = &client.certificate[..client.certificate.len() / 2];
    let garbage = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let encrypted = garbage.replace("PRIVATE", "ENCRYPTED PRIVATE");
    let old_encrypted = garbage
        .replace("PRIVATE", "RSA PRIVATE")
        .replace("\nAAAA", "\nProc-Type: 4,ENCRYPTED\n\nAAAA");
    let long = client.certificate.repeat(3_000);
    for (name, text, expected) in [
        ("ca.pem", "", FileFault::Malformed),
        ("ca.pem", "hello\n", FileFault::Malformed),
        ("ca.pem", cut, FileFault::Malformed),
        ("ca.pem", &client.key, FileFault::Malformed),
        (
            "ca.pem",
            &long,
            FileFault::TooLong {
                limit_bytes: 1024 * 1024,
            },
        ),
        ("cert.pem", cut, FileFault::Malformed),
        (
            "cert.pem",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            FileFault::Malformed,
        ),
        ("key.pem", &client.certificate, FileFault::Malformed),
        ("key.pem", garbage, FileFault::UnsupportedKey),
        ("key.pem", &encrypted, FileFault::Encrypted),
        ("key.pem", &old_encrypted, FileFault::Encrypted),
        ("key.pem", &other.key, FileFault::OtherKey),
    ] {
        let folder = Folder::of(&authority, &client);
        folder.put(name, text);
        // nobody listens there: the files are looked at first
        let found = fault("tcp://127.0.0.1:1", &folder).await;
        assert_eq!(found, folder.fault(name, expected), "{name}: {text:.80}");
    }

    let folder = Folder::of(&authority, &client);
    folder.remove("ca.pem");
    let expected = folder.fault("ca.pem", FileFault::Missing);
    assert_eq!(fault("tcp://127.0.0.1:1", &folder).await, expected);
    fs::create_dir(folder.0.join("ca.pem")).unwrap();
    let expected = folder.fault(
        "ca.pem",
        FileFault::Unreadable("it is not a file".to_owned()),
    );
    assert_eq!(fault("tcp://127.0.0.1:1", &folder).await, expected);
}

#[tokio::test]
async fn what_does_not_speak_tls_has_its_own_word() {
    let authority = Authority::new("ours");
    let folder = Folder::of(&authority, &authority.sign(&Leaf::client()));
    for (answer, expected) in [
        (
            &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
            TlsFault::PlainHttp,
        ),
        (
            &[0x15, 3, 3, 0, 2, 2, 40],
            TlsFault::Handshake("the daemon says HandshakeFailure".to_owned()),
        ),
    ] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("tcp://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _ = stream.write_all(answer).await;
                // ends as the client does, so that the answer is read before
                let _ = stream.read_to_end(&mut Vec::new()).await;
            }
        });
        assert_eq!(fault(&address, &folder).await, expected);
    }
}

#[tokio::test]
async fn what_is_put_right_needs_no_restart() {
    let (authority, old) = (Authority::new("ours"), Authority::new("old"));
    let server = authority.sign(&Leaf::server(&["127.0.0.1"]));
    let mut daemon = Daemon::absent();
    let address = daemon
        .start_tls(authority.server(&server, Versions::Both))
        .await;
    let folder = Folder::empty();
    let mut watcher = Watcher::at(endpoint(&address, &folder.0), quick());
    let missing = AwayReason::Tls(folder.fault("ca.pem", FileFault::Missing));
    watcher.away_for(&missing).await;
    folder.put("ca.pem", &old.certificate());
    watcher
        .away_for(&AwayReason::Tls(TlsFault::UnknownAuthority))
        .await;
    folder.put("ca.pem", &authority.certificate());
    let missing = TlsFault::ClientMissing {
        path: folder.path("cert.pem"),
    };
    watcher.away_for(&AwayReason::Tls(missing)).await;
    // in a pair that does not fit, as it may be for a moment
    let (first, second) = (
        authority.sign(&Leaf::client()),
        authority.sign(&Leaf::client()),
    );
    folder.put("key.pem", &first.key);
    folder.put("cert.pem", &second.certificate);
    let other_key = AwayReason::Tls(folder.fault("key.pem", FileFault::OtherKey));
    watcher.away_for(&other_key).await;
    folder.put("key.pem", &second.key);
    watcher.live().await;

    // the daemon's authority is replaced: its certificate, and what it asks of us
    let anew = Authority::new("anew");
    let server = anew.sign(&Leaf::server(&["127.0.0.1"]));
    daemon.certify(anew.server(&server, Versions::Both));
    daemon.cut();
    watcher
        .away_for(&AwayReason::Tls(TlsFault::UnknownAuthority))
        .await;
    let renewed = anew.sign(&Leaf::client());
    folder.put("ca.pem", &anew.certificate());
    folder.put("cert.pem", &renewed.certificate);
    folder.put("key.pem", &renewed.key);
    watcher.live().await;
}

/// The program itself, which says everything that it can say.
#[tokio::test]
async fn the_log_has_the_words_and_never_a_key() {
    let authority = Authority::new("ours");
    let server = authority.sign(&Leaf::server(&["127.0.0.1"]));
    let client = authority.sign(&Leaf::client());
    let mut daemon = Daemon::absent();
    let address = daemon
        .start_tls(authority.server(&server, Versions::Both))
        .await;
    let folder = Folder::of(&authority, &client);
    folder.put("ca.pem", &Authority::new("theirs").certificate());

    let mut bridge = tokio::process::Command::new(env!("CARGO_BIN_EXE_daemonscope"))
        .args(["--listen", "127.0.0.1:0", "--log", "trace"])
        .env("DOCKER_HOST", &address)
        .env("DOCKER_TLS_VERIFY", "1")
        .env("DOCKER_CERT_PATH", &folder.0)
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(bridge.stderr.take().unwrap()).lines();
    let mut log = String::new();
    let heard =
        async |log: &mut String, lines: &mut tokio::io::Lines<BufReader<_>>, words: &str| {
            while let Some(line) = lines.next_line().await.unwrap() {
                log.push_str(&line);
                log.push('\n');
                if line.contains(words) {
                    return;
                }
            }
            panic!("never: {words}\n{log}");
        };
    let patience = super::support::PATIENCE;
    let all = async {
        heard(&mut log, &mut lines, "no authority in ca.pem signed").await;
        folder.put("ca.pem", &authority.certificate());
        heard(&mut log, &mut lines, "connected to engine").await;
    };
    assert!(tokio::time::timeout(patience, all).await.is_ok(), "{log}");
    bridge.start_kill().unwrap();
    let secret: Vec<&str> = client
        .key
        .lines()
        .filter(|line| !line.contains("-----"))
        .collect();
    assert!(!secret.is_empty());
    for line in secret {
        assert!(!log.contains(line), "{log}");
    }
}
