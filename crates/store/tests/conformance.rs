//! Every adapter is held to the contract by the same suite, and compared with the reference model
//! on random sequences of commands.
//!
//! `DOCEXTRACT_SEED=<n>` does the sequence of that seed alone, and nothing else random.

#![expect(clippy::unwrap_used, reason = "what the tests stand on is set up outside of their functions")]

use std::ops::Deref;

use docextract_store::Store;
use docextract_store::sqlite::SqliteStore;
use tempfile::TempDir;

/// A store in a folder that goes when the store does.
struct InFolder {
    store: SqliteStore,
    _folder: TempDir,
}

impl Deref for InFolder {
    type Target = dyn Store;

    fn deref(&self) -> &Self::Target {
        &self.store
    }
}

async fn open_sqlite() -> InFolder {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("docextract.db")).unwrap();
    InFolder { store, _folder: folder }
}

mod memory {
    use docextract_store::memory::MemoryStore;
    use docextract_store::{Store, conformance_suite};

    async fn open() -> Box<dyn Store> {
        Box::new(MemoryStore::new())
    }

    conformance_suite!(open);
}

mod sqlite {
    use docextract_store::conformance_suite;

    use super::open_sqlite as open;

    conformance_suite!(open);
}

mod differential {
    use docextract_store::conformance::differential::compare;

    use super::open_sqlite;

    /// Commands of one sequence.
    const LENGTH: usize = 60;
    /// Sequences that are the same in every run, and sequences that nobody has seen before.
    const FIXED: u64 = 200;
    const FRESH: u64 = 8;
    /// Sequences are independent: each thread does every n-th.
    const THREADS: usize = 8;

    fn seeds() -> Vec<u64> {
        if let Ok(seed) = std::env::var("DOCEXTRACT_SEED") {
            return vec![seed.parse().unwrap()];
        }
        let fresh: Vec<u64> = (0..FRESH).map(|_| rand::random()).collect();
        println!("fresh seeds: {fresh:?}");
        (0..FIXED).chain(fresh).collect()
    }

    #[test]
    fn sqlite_does_what_the_reference_model_does() {
        let seeds = seeds();
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let seeds: Vec<u64> = seeds.iter().copied().skip(thread).step_by(THREADS).collect();
                scope.spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                    for seed in seeds {
                        runtime.block_on(compare(seed, LENGTH, open_sqlite));
                    }
                });
            }
        });
    }
}
