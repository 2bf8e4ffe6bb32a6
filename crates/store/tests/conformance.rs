//! Every adapter is held to the contract by the same suite.

mod memory {
    use docextract_store::memory::MemoryStore;
    use docextract_store::{Store, conformance_suite};

    async fn open() -> Box<dyn Store> {
        Box::new(MemoryStore::new())
    }

    conformance_suite!(open);
}
