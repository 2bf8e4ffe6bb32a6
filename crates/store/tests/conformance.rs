//! Every adapter is held to the contract by the same suite, and compared with the reference model
//! on random sequences of commands.
//!
//! `DOCEXTRACT_SEED=<n>` does the sequence of that seed alone, and nothing else random.

#![expect(clippy::unwrap_used, reason = "what the tests stand on is set up outside of their functions")]

use std::ops::Deref;
use std::sync::Arc;

use docextract_store::Store;
use docextract_store::sqlite::SqliteStore;
use docextract_store::vault::{KEY_BYTES, Vault, VaultKey};
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

fn vault(key: u8) -> Arc<Vault> {
    Arc::new(Vault::fixed(vec![VaultKey::from_bytes([key; KEY_BYTES])]))
}

async fn open_sqlite() -> InFolder {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("docextract.db"), &vault(1)).unwrap();
    InFolder { store, _folder: folder }
}

/// Sequences that nobody has seen before.
const FRESH: u64 = 8;
/// Sequences are independent: each thread does every n-th.
const THREADS: usize = 8;

/// Does the sequences of `0..fixed` and some fresh ones, or that of `DOCEXTRACT_SEED` alone.
fn for_each_seed(fixed: u64, check: impl AsyncFn(u64) + Sync) {
    let seeds = match std::env::var("DOCEXTRACT_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => {
            let fresh: Vec<u64> = (0..FRESH).map(|_| rand::random()).collect();
            println!("fresh seeds: {fresh:?}");
            (0..fixed).chain(fresh).collect::<Vec<u64>>()
        }
    };
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (seeds, check) = (&seeds, &check);
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                for &seed in seeds.iter().skip(thread).step_by(THREADS) {
                    runtime.block_on(check(seed));
                }
            });
        }
    });
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

    use super::{for_each_seed, open_sqlite};

    /// Commands of one sequence.
    const LENGTH: usize = 60;
    /// Sequences that are the same in every run, beside those that nobody has seen before.
    const FIXED: u64 = 200;

    #[test]
    fn sqlite_does_what_the_reference_model_does() {
        for_each_seed(FIXED, async |seed| compare(seed, LENGTH, open_sqlite).await);
    }
}

mod ledger {
    use std::sync::Mutex;

    use docextract_store::Store;
    use docextract_store::conformance::ledger::{Seen, check};
    use docextract_store::memory::MemoryStore;
    use docextract_store::sqlite::SqliteStore;

    use super::{InFolder, for_each_seed, open_sqlite, vault};

    /// Nothing that the property speaks of was missing.
    fn saw_everything(seen: &Mutex<Seen>) {
        let seen = seen.lock().unwrap().clone();
        println!("{seen:?}");
        if std::env::var("DOCEXTRACT_SEED").is_err() {
            let Seen { charged, failed, held, grants, told_low, told_depleted, crashes } = seen;
            let least = [charged, failed, held, grants, told_low, told_depleted, crashes].into_iter().min();
            assert!(least.unwrap() >= 5, "the sequences hardly reached something");
        }
    }

    #[test]
    fn credits_add_up_in_any_interleaving() {
        let seen = Mutex::new(Seen::default());
        for_each_seed(150, async |seed| {
            let store: Box<dyn Store> = Box::new(MemoryStore::new());
            let of_seed = check(seed, 200, store, async |store| store).await;
            seen.lock().unwrap().add(&of_seed);
        });
        saw_everything(&seen);
    }

    #[test]
    fn credits_add_up_in_any_interleaving_with_crashes() {
        let seen = Mutex::new(Seen::default());
        for_each_seed(32, async |seed| {
            // What crashed keeps its connections until the end: its last transactions are in the log alone.
            let crashed = Mutex::new(Vec::new());
            let reopened = async |InFolder { store, _folder: folder }: InFolder| {
                crashed.lock().unwrap().push(store);
                let store = SqliteStore::open(&folder.path().join("docextract.db"), &vault(1)).unwrap();
                InFolder { store, _folder: folder }
            };
            let of_seed = check(seed, 100, open_sqlite().await, reopened).await;
            seen.lock().unwrap().add(&of_seed);
        });
        saw_everything(&seen);
    }
}

mod sealing {
    use docextract_store::conformance::differential::command::apply;
    use docextract_store::conformance::differential::{sequence, snapshot::Snapshot};
    use docextract_store::sqlite::{OpenError, Resealed, SqliteStore};
    use docextract_store::vault::{KEY_BYTES, Vault, VaultKey};

    fn key(byte: u8) -> VaultKey {
        VaultKey::from_bytes([byte; KEY_BYTES])
    }

    #[tokio::test]
    async fn a_rotation_that_was_cut_short_is_done_again_and_no_secret_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let open = |keys: &[u8]| {
            let vault = Vault::fixed(keys.iter().copied().map(key).collect());
            SqliteStore::open(&folder.path().join("docextract.db"), &vault.into())
        };
        let commands = sequence(7, 400).await;
        let store = open(&[1]).unwrap();
        for command in commands.clone() {
            apply(&store, command).await;
        }
        let before = Snapshot::read(&store, &commands).await;
        drop(store);

        let store = open(&[1, 2]).unwrap();
        store.seal_with(key(2).id()).await.unwrap();
        let done = store.step_reseal(Resealed::default(), 1).await.unwrap();
        assert_eq!((done.rows, done.is_done), (1, false));
        drop(store);
        assert!(matches!(open(&[1]), Err(OpenError::WrongKey(id)) if id == key(2).id()));

        let store = open(&[2, 1]).unwrap();
        let mut done = Resealed::default();
        while !done.is_done {
            done = store.step_reseal(done, 2).await.unwrap();
        }
        assert!(done.rows > 5, "{done:?}");
        drop(store);
        let store = open(&[2]).unwrap();
        assert_eq!(Snapshot::read(&store, &commands).await, before);
    }
}
