use std::{
    io::{self, Write},
    process::ExitCode,
};

use daemonscope::{
    config::{Config, Stop},
    log,
};
use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
};

fn main() -> ExitCode {
    let config = match Config::read(std::env::args_os()) {
        Ok(config) => config,
        Err(Stop::Shown(text)) => {
            say(&mut io::stdout(), &text);
            return ExitCode::SUCCESS;
        }
        Err(Stop::Usage(sentence)) => {
            say(&mut io::stderr(), &format!("daemonscope: {sentence}\n"));
            return ExitCode::from(2);
        }
    };
    log::start(&config.log);
    // There is little to compute, and two threads spend more on waking each other than they save.
    let outcome = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("this system gives no threads or no timers ({error})"))
        .and_then(|runtime| {
            let outcome = runtime.block_on(run(config));
            // a look-up of a name cannot be stopped, and may take minutes
            runtime.shutdown_background();
            outcome
        });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            say(&mut io::stderr(), &format!("daemonscope: {sentence}\n"));
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> Result<(), String> {
    let no_signals = |error| format!("this system gives no signals ({error})");
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    let bridge = daemonscope::start(config)
        .await
        .map_err(|error| error.to_string())?;
    say(&mut io::stdout(), &format!("daemonscope: {bridge}\n"));
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    bridge.stop().await;
    Ok(())
}

/// Where nobody reads, there is nobody to tell.
fn say(to: &mut impl Write, text: &str) {
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}
