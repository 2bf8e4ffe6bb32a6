//! One simulation: set up, run, heal, judge.

use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use docextract_model::extractor::{DocumentType, FieldDefinition, FieldType};
use docextract_model::id::{ExtractorId, OrgId};
use docextract_model::tenant::{Mode, Tenant};
use docextract_store::Store;
use docextract_store::blobs::MemoryBlobs;
use docextract_store::commands::{CreateOrganisation, NewExtractor, SetLowBalanceThreshold};
use docextract_store::memory::MemoryStore;
use docextract_store::sqlite::SqliteStore;
use docextract_store::vault::{KEY_BYTES, Vault, VaultKey};
use rand::RngExt as _;
use tokio::runtime::RngSeed;

use crate::book::Tally;
use crate::node::{Cluster, Node};
use crate::receiver::Receiver;
use crate::store::at_once;
use crate::workload::Workload;
use crate::world::{World, sleep_ms};
use crate::{check, extractor};

/// After healing: the longest wait of the schedule, and what a lease or a scan may add.
const TAIL_MS: u64 = 70 * 60 * 1000;
const SMALL_TAIL_MS: u64 = 4 * 60 * 1000;
pub const LOW_BALANCE_THRESHOLD: u64 = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreKind {
    Memory,
    Sqlite,
}

/// How much happens in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// A request every few seconds to a minute, and trouble every few minutes.
    Busy,
    /// A request every few minutes to an hour, and trouble every few hours: a quiet installation over
    /// days, as what takes days needs it. Nodes look at the store as seldom as that allows.
    Sparse,
}

impl Pace {
    pub(crate) fn times(self) -> u64 {
        match self {
            Self::Busy => 1,
            Self::Sparse => 60,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Options {
    pub seed: u64,
    pub store: StoreKind,
    pub pace: Pace,
    /// How long things break before they heal.
    pub broken_ms: u64,
    pub is_traced: bool,
    /// A small scenario without accidents but one: the first node dies at this poll.
    pub dies_at_poll: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub violations: Vec<String>,
    pub trace_lines: u64,
    pub trace_hash: u64,
    pub simulated_ms: u64,
    pub tally: Tally,
    /// Polls of the first node's lives.
    pub died: bool,
}

/// Runs one simulation on this thread.
#[must_use]
pub fn run(options: &Options) -> Outcome {
    quiet_simulated_panics();
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().start_paused(true);
    // Which of several waiters wakes first, and which ready branch of a `select!` is taken.
    builder.rng_seed(RngSeed::from_bytes(&options.seed.to_be_bytes()));
    let runtime = builder.build();
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
    let outcome = runtime.block_on(simulate(options));
    // A store's own threads may still be closing it: that is not part of the run.
    runtime.shutdown_timeout(Duration::from_secs(5));
    outcome
}

/// A simulated panic is part of the plot and prints nothing.
fn quiet_simulated_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info.payload().downcast_ref::<&str>() != Some(&extractor::PANIC)
                && info.payload().downcast_ref::<String>().map(String::as_str) != Some(extractor::PANIC)
            {
                usual(info);
            }
        }));
    });
}

async fn simulate(options: &Options) -> Outcome {
    let is_small = options.dies_at_poll.is_some();
    let world = World::new(options.seed, options.is_traced);
    let mut rng = world.rng("set-up");
    let heals_at_ms = options.broken_ms;
    let folder = store_folder();
    // Which nonces it takes shows in no run: they are only in the file.
    let vault = Arc::new(Vault::fixed(vec![VaultKey::from_bytes([1; KEY_BYTES])]));
    let store: Arc<dyn Store> = match options.store {
        StoreKind::Memory => Arc::new(MemoryStore::new()),
        StoreKind::Sqlite => match SqliteStore::open(&folder.path().join("sim.db"), &vault) {
            Ok(store) => Arc::new(store),
            Err(error) => panic!("the store cannot be opened: {error}"),
        },
    };
    let receivers = if is_small { 2 } else { rng.random_range(2..7) };
    let receivers = (0..receivers)
        .map(|index| Arc::new(Receiver::new(&world, index, options.pace, heals_at_ms)))
        .collect();
    let tenants = set_up_tenants(store.as_ref(), &world);
    let skew_ms_max = if is_small { 0 } else { [0, 0, 500, 2_000][rng.random_range(0..4)] };
    world.book().skew_ms_max = skew_ms_max;
    let log_kept_ms =
        if rng.random_bool(0.25) { 20 * 60 * 1000 } else { docextract_model::limits::LOG_KEPT_MS };
    let cluster = Arc::new(Cluster {
        world: Arc::clone(&world),
        store: Arc::clone(&store),
        blobs: Arc::new(MemoryBlobs::default()),
        receivers: Arc::new(receivers),
        tenants: Arc::new(tenants),
        links: Arc::new(Mutex::default()),
        log_kept_ms,
        scan_ms_max: docextract_model::limits::SCAN_MS_MAX * options.pace.times(),
        pace: options.pace,
        heals_at_ms,
    });
    let skew = i64::try_from(skew_ms_max).unwrap_or(0);
    let mut nodes = vec![Node::new(Arc::clone(&cluster), "node-a", rng.random_range(-skew..=skew))];
    if !is_small && rng.random_bool(0.5) {
        nodes.push(Node::new(Arc::clone(&cluster), "node-b", rng.random_range(-skew..=skew)));
    }
    let polls_mean = [u64::MAX, 1_000, 10_000, 60_000][rng.random_range(0..4)];
    world.say(format_args!(
        "seed {}, {:?}: {} nodes, {} receivers, clocks up to {skew_ms_max} ms off, a crash every {polls_mean} polls",
        options.seed,
        options.store,
        nodes.len(),
        cluster.receivers.len()
    ));
    for (index, node) in nodes.iter().enumerate() {
        let first_death = options.dies_at_poll.filter(|_| index == 0);
        tokio::spawn(Arc::clone(node).live(first_death, polls_mean));
    }
    let workload = Workload::new(Arc::clone(&cluster), nodes.clone());
    if is_small {
        workload.small().await;
    } else {
        tokio::spawn(workload.clone().chaos());
        workload.busy().await;
    }
    workload.heal();
    let tail_ms = if is_small { SMALL_TAIL_MS } else { TAIL_MS };
    sleep_ms((heals_at_ms + tail_ms).saturating_sub(world.ms())).await;

    check::at_the_end(&cluster, &nodes);
    let (trace_lines, trace_hash) = world.trace_hash();
    let book = world.book();
    Outcome {
        violations: book.violations.clone(),
        trace_lines,
        trace_hash,
        simulated_ms: world.ms(),
        tally: book.tally,
        died: book.tally.crashes > 0,
    }
}

/// In memory where the system has such a place: an fsync costs what it simulates, which is nothing.
fn store_folder() -> tempfile::TempDir {
    let shared_memory = std::path::Path::new("/dev/shm");
    let made = if shared_memory.is_dir() { tempfile::tempdir_in(shared_memory) } else { tempfile::tempdir() };
    made.or_else(|_| tempfile::tempdir()).unwrap_or_else(|error| panic!("no folder for the store: {error}"))
}

/// An organisation's live and test side, and another organisation.
fn set_up_tenants(store: &dyn Store, world: &World) -> Vec<Tenant> {
    let mut tenants = Vec::new();
    for (name, modes) in [("org_a", vec![Mode::Live, Mode::Test]), ("org_b", vec![Mode::Live])] {
        let Ok(org_id) = OrgId::parse(name) else { continue };
        let extractors = modes.iter().map(|mode| NewExtractor {
            id: extractor_of(name, *mode),
            mode: *mode,
            name: "Invoices".to_owned(),
            document_type: DocumentType::parse("invoice").unwrap_or_else(|_| panic!("invoices exist")),
            field_definitions: vec![FieldDefinition::new("total_amount", FieldType::Currency, "The total")],
            ready_made: false,
            created_by: "system".to_owned(),
        });
        let organisation = CreateOrganisation {
            id: org_id.clone(),
            name: name.to_owned(),
            extractors: extractors.collect(),
            now: world.now(),
        };
        at_once(store.create_organisation(organisation)).unwrap_or_else(|error| panic!("{error}"));
        let threshold = SetLowBalanceThreshold { org_id: org_id.clone(), threshold: LOW_BALANCE_THRESHOLD };
        at_once(store.set_low_balance_threshold(threshold)).unwrap_or_else(|error| panic!("{error}"));
        tenants.extend(modes.iter().map(|mode| Tenant { org_id: org_id.clone(), mode: *mode }));
    }
    tenants
}

#[must_use]
pub fn extractor_of(org: &str, mode: Mode) -> ExtractorId {
    let id = format!("ext_{}{}", org.trim_start_matches("org_"), mode.as_str());
    ExtractorId::parse(&id).unwrap_or_else(|_| panic!("{id} is an id"))
}
