//! A Docker Engine API server with a made-up fleet.
