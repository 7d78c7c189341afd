use std::{
    io::{self, Write},
    net::SocketAddr,
    process::ExitCode,
};

use daemonscope::{
    config::{Command, Config, Stop},
    healthcheck, log,
};
use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
};

const BROKEN: &str = "ends because a part of it failed, which is a bug; the lines above say where. Started anew, it goes on \
                      with what the daemon tells";

fn main() -> ExitCode {
    let command = match Command::read(std::env::args_os()) {
        Ok(command) => command,
        Err(Stop::Shown(text)) => {
            say(&mut io::stdout(), &text);
            return ExitCode::SUCCESS;
        }
        Err(Stop::Usage(sentence)) => {
            say(&mut io::stderr(), &format!("daemonscope: {sentence}\n"));
            return ExitCode::from(2);
        }
    };
    let outcome = match command {
        Command::Serve(config) => {
            log::start(&config.log);
            on_runtime(run(config))
        }
        Command::Healthcheck(address) => on_runtime(check(address)),
    };
    let code = exit_code(&outcome);
    if let Err(sentence) = outcome {
        say(&mut io::stderr(), &format!("daemonscope: {sentence}\n"));
    }
    code.into()
}

/// What keeps it running starts it anew after anything but 0.
fn exit_code(outcome: &Result<(), String>) -> u8 {
    u8::from(outcome.is_err())
}

/// On one thread: there is little to compute, and two threads spend more on waking each other than they save.
fn on_runtime(task: impl Future<Output = Result<(), String>>) -> Result<(), String> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("this system gives no threads or no timers ({error})"))?;
    let outcome = runtime.block_on(task);
    // a look-up of a name cannot be stopped, and may take minutes
    runtime.shutdown_background();
    outcome
}

async fn check(address: SocketAddr) -> Result<(), String> {
    let healthy = healthcheck::ask(address)
        .await
        .map_err(|unhealthy| unhealthy.to_string())?;
    say(&mut io::stdout(), &format!("daemonscope: {healthy}\n"));
    Ok(())
}

async fn run(config: Config) -> Result<(), String> {
    let no_signals = |error| format!("this system gives no signals ({error})");
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    let bridge = daemonscope::start(config)
        .await
        .map_err(|error| error.to_string())?;
    say(&mut io::stdout(), &format!("daemonscope: {bridge}\n"));
    let told = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let outcome = end(told, bridge.broken()).await;
    bridge.stop().await;
    outcome
}

/// Why it ends: somebody told it to, or a part of it broke.
async fn end(
    told: impl Future<Output = ()>,
    broken: impl Future<Output = ()>,
) -> Result<(), String> {
    tokio::select! {
        () = told => Ok(()),
        () = broken => Err(BROKEN.to_owned()),
    }
}

/// Where nobody reads, there is nobody to tell.
fn say(to: &mut impl Write, text: &str) {
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn what_broke_ends_with_1_and_what_was_told_to_with_0() {
        let broke = end(pending(), ready(())).await;
        assert_eq!(exit_code(&broke), 1);
        assert!(broke.unwrap_err().contains("a bug"));
        assert_eq!(exit_code(&end(ready(()), pending()).await), 0);
    }
}
