//! Every kind of message as it stands on the wire, so that no change of it goes unseen.
//!
//! `GOLDEN=write cargo test -p daemonscope-protocol --features json` writes `wire.txt` anew; then look at the difference, and think of
//! `PROTOCOL`.

#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod daemon;
mod messages;
mod values;

use std::{env, fmt::Write as _, fs};

use daemonscope_protocol::*;
use messages::{from_client, from_server};
use serde::{Serialize, de::DeserializeOwned};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/wire.txt");

#[test]
fn the_wire_is_what_it_was() {
    let mut frames = String::new();
    for (name, message) in from_server() {
        write(&mut frames, name, &message);
    }
    for (name, message) in from_client() {
        write(&mut frames, name, &message);
    }
    if env::var_os("GOLDEN").is_some() {
        fs::write(FILE, &frames).unwrap();
    }
    let golden = fs::read_to_string(FILE).unwrap();
    for (now, then) in frames.split("\n\n").zip(golden.split("\n\n")) {
        assert_eq!(now, then);
    }
    assert_eq!(frames, golden);
}

/// A page of any version must read this one.
#[test]
fn hello_is_frozen() {
    let hello = ServerMsg::Hello(Hello {
        protocol: 1,
        build: "0.1.0".to_owned(),
    });
    assert_eq!(Encoding::Postcard.encode(&hello), b"\x00\x01\x050.1.0");
    let json = br#"{"Hello":{"protocol":1,"build":"0.1.0"}}"#;
    assert_eq!(Encoding::Json.encode(&hello), json);
}

#[test]
fn what_is_cut_or_followed_by_more_is_not_a_message() {
    for (name, message) in from_server() {
        let whole = Encoding::Postcard.encode(&message);
        for length in 0..whole.len() {
            let cut = Encoding::Postcard.decode::<ServerMsg>(&whole[..length]);
            assert!(cut.is_err(), "{name}");
        }
        let more = [&whole[..], &[0]].concat();
        assert!(
            Encoding::Postcard.decode::<ServerMsg>(&more).is_err(),
            "{name}"
        );
        assert!(
            Encoding::Json.decode::<ServerMsg>(&whole).is_err(),
            "{name}"
        );
    }
}

fn write<T>(frames: &mut String, name: &str, message: &T)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let postcard = Encoding::Postcard.encode(message);
    let json = Encoding::Json.encode(message);
    for (encoding, bytes) in [(Encoding::Postcard, &postcard), (Encoding::Json, &json)] {
        assert_eq!(encoding.decode::<T>(bytes).as_ref(), Ok(message), "{name}");
    }
    writeln!(frames, "# {name}").unwrap();
    for line in postcard.chunks(48) {
        for byte in line {
            write!(frames, "{byte:02x}").unwrap();
        }
        frames.push('\n');
    }
    writeln!(frames, "{}\n", String::from_utf8(json).unwrap()).unwrap();
}
