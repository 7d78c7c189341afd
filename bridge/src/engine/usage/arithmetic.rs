//! A raw answer of disk usage, and the rows that it says.
