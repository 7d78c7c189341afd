//! What the program says about itself, on standard error: quiet unless asked.

use std::io::{self, IsTerminal};

use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter,
    filter::{FilterExt, filter_fn},
    fmt::{self, MakeWriter},
    layer::{Layer, SubscriberExt},
    util::SubscriberInitExt,
};

use crate::engine::TELLTALES;

pub const DEFAULT: &str = "warn";

/// Which records are written.
#[derive(Debug, Clone)]
pub struct Filter(String);

impl Filter {
    /// The error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = if text.trim().is_empty() {
            DEFAULT
        } else {
            text
        };
        match EnvFilter::try_new(text) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(error) => Err(format!(
                "`--log` (or RUST_LOG) is no filter ({error}): write a level such as `info`, or TARGET=LEVEL"
            )),
        }
    }
}

/// Begins to write the log. Once in a process.
pub fn start(filter: &Filter) {
    subscriber(filter, io::stderr).init();
}

fn subscriber<W>(filter: &Filter, to: W) -> impl Subscriber
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let wanted = EnvFilter::new(&filter.0);
    let layer = fmt::layer()
        .with_writer(to)
        // a file and a journal take no colours
        .with_ansi(io::stderr().is_terminal())
        .with_filter(wanted.and(filter_fn(may_be_logged)));
    tracing_subscriber::registry().with(layer)
}

fn may_be_logged(record: &Metadata<'_>) -> bool {
    let held = TELLTALES.iter().any(|name| {
        record
            .target()
            .strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    });
    !held || *record.level() <= Level::WARN
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written_with(filter: &str) -> String {
        let written = Written::default();
        let to = written.clone();
        let filter = Filter::parse(filter).unwrap();
        tracing::subscriber::with_default(subscriber(&filter, move || to.clone()), || {
            tracing::debug!(target: TELLTALES[0], "client debug");
            tracing::warn!(target: TELLTALES[0], "client warn");
            tracing::trace!(target: "hyper_util::client", "hyper trace");
            tracing::debug!(target: "daemonscope::hub", "hub debug");
            tracing::warn!(target: "daemonscope::hub", "hub warn");
        });
        String::from_utf8(written.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn whole_answers_of_the_daemon_are_never_logged() {
        for filter in ["trace", "warn,hyper_util=trace,daemonscope=debug"] {
            let written = written_with(filter);
            assert!(written.contains("hub debug"), "{filter}: {written}");
            assert!(!written.contains("client debug"), "{filter}: {written}");
            assert!(!written.contains("hyper trace"), "{filter}: {written}");
        }
        assert!(written_with("trace").contains("client warn"));
    }

    #[test]
    fn it_is_quiet_unless_asked() {
        for filter in [DEFAULT, "", " "] {
            let written = written_with(filter);
            assert!(written.contains("hub warn") && !written.contains("hub debug"));
        }
    }

    #[test]
    fn a_filter_that_is_none_is_refused_in_a_sentence() {
        let sentence = Filter::parse("a=b=c").unwrap_err();
        assert!(sentence.contains("RUST_LOG"), "{sentence}");
    }
}
