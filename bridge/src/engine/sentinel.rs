use std::thread;

use tokio_util::sync::CancellationToken;

/// Stands beside a task that nothing works without, and tells when it panics.
pub struct Sentinel {
    task: &'static str,
    broken: CancellationToken,
}

impl Sentinel {
    pub fn new(task: &'static str, broken: &CancellationToken) -> Self {
        Self {
            task,
            broken: broken.clone(),
        }
    }

    pub async fn beside(self, task: impl Future) {
        task.await;
    }
}

impl Drop for Sentinel {
    fn drop(&mut self) {
        if thread::panicking() {
            tracing::error!("the task of the {} panicked", self.task);
            self.broken.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::yield_now;

    use super::*;

    #[tokio::test]
    async fn tells_of_a_panic_and_of_nothing_else() {
        let broken = CancellationToken::new();
        let ends = Sentinel::new("test that ends", &broken).beside(yield_now());
        tokio::spawn(ends).await.unwrap();
        let aborted =
            Sentinel::new("test that waits", &broken).beside(std::future::pending::<()>());
        let aborted = tokio::spawn(aborted);
        aborted.abort();
        assert!(aborted.await.unwrap_err().is_cancelled());
        assert!(!broken.is_cancelled());

        let panics = Sentinel::new("test that panics", &broken).beside(async {
            yield_now().await;
            panic!("as the test wants");
        });
        assert!(tokio::spawn(panics).await.unwrap_err().is_panic());
        assert!(broken.is_cancelled());
    }
}
