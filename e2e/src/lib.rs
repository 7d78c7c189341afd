//! End-to-end tests: a real engine, the real bridge, a real browser; and recorded answers where the same answer must
//! be given twice.

pub mod docker;
pub mod replay;
