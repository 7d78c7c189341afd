//! "Copy as docker command", pasted into a real shell.
#![cfg(unix)]

use std::process::Command;

use daemonscope_timeline::{Filter, Key};

/// A shell in which `docker` prints each of its arguments on a line of its own.
fn pasted(line: &str) -> Vec<String> {
    let script = format!("docker() {{ printf '%s\\n' \"$@\"; }}\n{line}\n");
    let output = Command::new("sh")
        .args(["-c", &script])
        .output()
        .expect("a shell");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{line}: {output:?}"
    );
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    printed.lines().map(str::to_owned).collect()
}

#[test]
fn a_shell_hands_docker_each_term_as_it_is() {
    let values = [
        "web",
        "",
        "two words",
        "it's",
        "''",
        "'; echo gone; '",
        "$(echo gone)",
        "`echo gone`",
        "$HOME ${HOME} ~",
        "*?[a]{b,c}!#&|;<>()",
        "\\",
        "\\'",
        "a=b=c",
        "\"quoted\"",
        "-v --help",
        "웹 é 🐳",
        "%s\\n",
    ];
    let mut whole = Filter::default();
    let mut expected = vec!["events".to_owned()];
    for (value, key) in values.into_iter().zip(Key::ALL.into_iter().cycle()) {
        let mut filter = Filter::default();
        filter.add(key, value.to_owned());
        let line = filter.command().expect("nothing invisible");
        let term = format!("{key}={value}");
        assert_eq!(pasted(&line), ["events", "--filter", &term], "{line}");
        whole.add(key, value.to_owned());
        expected.extend(["--filter".to_owned(), term]);
    }
    assert_eq!(
        pasted(&whole.command().expect("nothing invisible")),
        expected
    );
}
