//! What a list of fields means is worked out once: it takes longer than reading a short document, and the next
//! document mostly has the same fields. The latest lists are kept, a few of them.

use std::sync::{Arc, Mutex, PoisonError};

const REMEMBERED_MAX: usize = 16;

/// Remembers what was made of the latest keys.
pub(crate) struct Memo<K, V>(Mutex<Vec<(K, Arc<V>)>>);

impl<K, V> Memo<K, V> {
    #[must_use]
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// What was made of the key that `is_this` knows, or what `make` makes now.
    pub(crate) fn get(&self, is_this: impl Fn(&K) -> bool, make: impl FnOnce() -> (K, V)) -> Arc<V> {
        let remembered = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = remembered().iter().rfind(|(key, _)| is_this(key)) {
            return Arc::clone(known);
        }
        let (key, made) = make();
        let made = Arc::new(made);
        let mut remembered = remembered();
        if remembered.len() >= REMEMBERED_MAX {
            remembered.remove(0);
        }
        remembered.push((key, Arc::clone(&made)));
        made
    }
}
