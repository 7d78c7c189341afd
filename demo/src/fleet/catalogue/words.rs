/// Short-lived containers that somebody starts by hand (`docker run --rm`), with their commands.
pub const ERRANDS: &[(&str, &str)] = &[
    ("alpine:3.22", "sh"),
    (
        "curlimages/curl:8.17.0",
        "curl -fsS http://web:8080/healthz",
    ),
    ("postgres:16-alpine", "psql -h db -U postgres"),
    ("busybox:1.37", "nslookup db"),
    ("python:3.14-slim", "python -m http.server"),
];

/// Docker's own way of naming what has no name: an adjective and a surname.
pub const ADJECTIVES: &[&str] = &[
    "brave", "clever", "dazzling", "eager", "festive", "gifted", "hopeful", "jolly", "keen",
    "lucid", "nifty", "quirky", "serene", "vibrant", "wizardly", "zen",
];
pub const SURNAMES: &[&str] = &[
    "hopper",
    "lovelace",
    "turing",
    "noether",
    "curie",
    "gauss",
    "euler",
    "shannon",
    "ritchie",
    "perlman",
    "lamarr",
    "meitner",
    "ramanujan",
    "bell",
    "johnson",
    "torvalds",
];
