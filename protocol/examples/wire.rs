//! Turns messages of the live socket into the other encoding, a line for a line, for scripts that stand in for a bridge:
//! a message of the server in JSON becomes postcard in hexadecimal digits, a client's in such digits becomes JSON.

use std::io::{self, BufRead, Write};

use daemonscope_protocol::{ClientMsg, Encoding, ServerMsg};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let answer = if line.starts_with('{') {
            from_server(&line)
        } else {
            from_client(&line)
        };
        writeln!(out, "{}", answer.map_err(io::Error::other)?)?;
        out.flush()?;
    }
    Ok(())
}

fn from_server(json: &str) -> Result<String, String> {
    let message: ServerMsg = Encoding::Json
        .decode(json.as_bytes())
        .map_err(|error| format!("{error}: {json}"))?;
    let bytes = Encoding::Postcard.encode(&message);
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn from_client(digits: &str) -> Result<String, String> {
    let pair = |at: usize| u8::from_str_radix(digits.get(at..at + 2).unwrap_or_default(), 16);
    let bytes: Vec<u8> = (0..digits.len())
        .step_by(2)
        .map(pair)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("{error}: {digits}"))?;
    let message: ClientMsg = Encoding::Postcard
        .decode(&bytes)
        .map_err(|error| format!("{error}: {digits}"))?;
    String::from_utf8(Encoding::Json.encode(&message)).map_err(|error| error.to_string())
}
