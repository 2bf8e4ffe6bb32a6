//! A node's life: its tasks, and a death that can come at any await.
//!
//! Everything that a node does is a task of its life: the engine's loops, attempts, connections, and
//! what a client asks of it. Polls are counted over all of them. At the poll that was chosen the node
//! dies: that task and every other one is dropped where it stands, as `kill -9` would leave them; only
//! what reached the store and the wire by then remains.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use docextract_engine::Spawner;
use futures_util::future::BoxFuture;
use tokio::sync::Notify;

type Slot = Arc<Mutex<Option<BoxFuture<'static, ()>>>>;

pub struct Life {
    /// `node-a#3`: the third life of node-a.
    pub name: String,
    polls: AtomicU64,
    dies_at_poll: AtomicU64,
    is_over: AtomicBool,
    over: Notify,
    tasks: Mutex<BTreeMap<u64, Slot>>,
    next_task: AtomicU64,
}

impl Life {
    #[must_use]
    pub fn new(name: String, dies_at_poll: u64) -> Arc<Self> {
        Arc::new(Self {
            name,
            polls: AtomicU64::new(0),
            dies_at_poll: AtomicU64::new(dies_at_poll),
            is_over: AtomicBool::new(false),
            over: Notify::new(),
            tasks: Mutex::default(),
            next_task: AtomicU64::new(0),
        })
    }

    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    pub fn polls(&self) -> u64 {
        self.polls.load(Ordering::Relaxed)
    }

    /// It does not die by itself any more.
    pub fn spare(&self) {
        self.dies_at_poll.store(u64::MAX, Ordering::Relaxed);
    }

    /// Returns when this life is over; for one waiter.
    pub async fn over(&self) {
        while !self.is_over() {
            self.over.notified().await;
        }
    }

    /// Drops every task where it stands.
    pub fn end(&self) {
        if self.is_over.swap(true, Ordering::Relaxed) {
            return;
        }
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for slot in tasks.into_values() {
            // Taken out first: what is dropped may look at the life again.
            let task = slot.try_lock().ok().and_then(|mut task| task.take());
            drop(task);
        }
        self.over.notify_one();
    }
}

/// The spawner that a node's engine is given.
#[derive(Clone)]
pub struct OfLife(pub Arc<Life>);

impl Spawner for OfLife {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        let life = &self.0;
        if life.is_over() {
            return;
        }
        let id = life.next_task.fetch_add(1, Ordering::Relaxed);
        let slot = Arc::new(Mutex::new(Some(task)));
        life.tasks.lock().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&slot));
        tokio::spawn(Mortal { life: Arc::clone(life), id, slot });
    }
}

struct Mortal {
    life: Arc<Life>,
    id: u64,
    slot: Slot,
}

impl Future for Mortal {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut task = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut running) = task.take() else { return Poll::Ready(()) };
        let polls = self.life.polls.fetch_add(1, Ordering::Relaxed) + 1;
        if polls >= self.life.dies_at_poll.load(Ordering::Relaxed) {
            drop(task);
            self.life.end();
            return Poll::Ready(());
        }
        drop(task);
        let polled = running.as_mut().poll(context);
        if self.life.is_over() {
            // It ended its own life while it ran.
            return Poll::Ready(());
        }
        match polled {
            Poll::Pending => {
                *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
                Poll::Pending
            }
            Poll::Ready(()) => {
                self.life.tasks.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
                Poll::Ready(())
            }
        }
    }
}
