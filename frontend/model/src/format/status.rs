use crate::Container;

/// `STATUS` of `docker ps` at this moment.
pub fn status(container: &Container, now_millis: u64) -> String {
    timeline::status(
        &container.state,
        container.health.as_ref(),
        container.details.as_deref(),
        &container.status,
        now_millis,
    )
}
