//! End-to-end tests: a real engine, the real bridge, a real browser.
