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
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            say(&mut io::stderr(), &format!("daemonscope: {sentence}\n"));
            ExitCode::FAILURE
        }
    }
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
    let outcome = tokio::select! {
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
        () = bridge.broken() => Err(BROKEN.to_owned()),
    };
    bridge.stop().await;
    outcome
}

/// Where nobody reads, there is nobody to tell.
fn say(to: &mut impl Write, text: &str) {
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}
