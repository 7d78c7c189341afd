//! A raw answer of statistics, and the sample that it says.
