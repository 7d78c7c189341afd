//! View models of the page: formats, filters, series, backoff; pure.
