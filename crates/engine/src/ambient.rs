//! What the engine may know of the world: an instant, random bytes, and ids made from both.

use std::sync::{Arc, Mutex, PoisonError};

use docextract_model::id::{Id, IdBlock, IdSequence};
use docextract_model::time::Timestamp;
use docextract_store::commands::Lease;

/// Tells the time. The real one is the server's; tests hold one that they set.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;
}

/// Gives random bytes fit for secrets. The real one is the server's; tests hold a seeded one.
pub trait Random: Send + Sync + 'static {
    fn fill(&self, bytes: &mut [u8]);
}

/// A clock, a random source, and the ids made from them.
pub struct Ambient {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    ids: Mutex<IdSequence>,
    /// Names this node in leases.
    node: String,
}

impl Ambient {
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>, node: String) -> Self {
        Self { clock, random, ids: Mutex::new(IdSequence::default()), node }
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    #[must_use]
    pub fn node(&self) -> &str {
        &self.node
    }

    #[must_use]
    pub fn random_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes);
        bytes
    }

    /// Reserves ids that sort after all ids given out before.
    #[must_use]
    pub fn ids(&self, count: u32) -> IdBlock {
        let (now, random) = (self.now(), self.random_bytes());
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).reserve(now, random, count)
    }

    #[must_use]
    pub fn id<I: Id>(&self) -> I {
        // A block of one always holds one.
        self.ids(1).take().unwrap_or_else(|| I::from_number(0))
    }

    /// A lease of this node with a token of its own.
    #[must_use]
    pub fn lease(&self, lease_ms: u64) -> Lease {
        let token: [u8; 12] = self.random_bytes();
        Lease { node: self.node.clone(), token: hex::encode(token), until: self.now().plus_ms(lease_ms) }
    }
}
