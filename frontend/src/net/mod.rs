//! The page's end of the live socket: the only code here that knows the wire.

pub fn start() {}
