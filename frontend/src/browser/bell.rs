use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
};

use futures_util::task::AtomicWaker;

/// Wakes one task, and remembers that it should when nobody waits.
#[derive(Clone, Default)]
pub struct Bell(Arc<(AtomicBool, AtomicWaker)>);

impl Bell {
    pub fn ring(&self) {
        self.0.0.store(true, Ordering::Relaxed);
        self.0.1.wake();
    }

    pub async fn rung(&self) {
        poll_fn(|context| {
            self.0.1.register(context.waker());
            if self.0.0.swap(false, Ordering::Relaxed) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }
}
