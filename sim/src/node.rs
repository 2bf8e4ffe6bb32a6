//! Nodes: engines that are started, killed, stopped and started again on one store.

use std::sync::{Arc, Mutex, PoisonError};

use docextract_engine::{Ambient, Config, Engine, Parts, Spawner as _};
use docextract_extraction::Limits;
use docextract_model::address::AddressPolicy;
use docextract_model::tenant::Tenant;
use docextract_store::Store;
use docextract_store::blobs::MemoryBlobs;
use rand::RngExt as _;
use rand::rngs::StdRng;
use tokio::sync::{Notify, oneshot, watch};

use crate::extractor::{DrawnExtractor, NodeBlobs};
use crate::faults::Kind;
use crate::life::{Life, OfLife};
use crate::network::{Link, SimNetwork};
use crate::receiver::Receiver;
use crate::sim::Pace;
use crate::store::NodeStore;
use crate::world::{NodeClock, NodeRandom, World, sleep_ms, wait_ms};

/// What clients still want of a node that stops has ended by then.
const CLIENTS_LEAVE_MS: u64 = 500;
/// A lease with no more left than this is let run out: an attempt would not fit into it.
const TOO_SHORT_MS: u64 = 10_000;
/// A drain: the longest attempt or extraction, and leases that run out while the store is away.
const DRAIN_MS_MAX: u64 = 180_000;

/// What all nodes of a simulation share.
pub struct Cluster {
    pub world: Arc<World>,
    pub store: Arc<dyn Store>,
    pub blobs: Arc<MemoryBlobs>,
    pub receivers: Arc<Vec<Arc<Receiver>>>,
    pub tenants: Arc<Vec<Tenant>>,
    pub links: Arc<Mutex<Vec<std::sync::Weak<Link>>>>,
    pub log_kept_ms: u64,
    pub scan_ms_max: u64,
    pub pace: Pace,
    pub heals_at_ms: u64,
}

pub struct Node {
    cluster: Arc<Cluster>,
    skew_ms: i64,
    state: Mutex<State>,
    stop_wanted: Notify,
}

struct State {
    name: String,
    running: Option<Running>,
    life: Option<Arc<Life>>,
}

#[derive(Clone)]
struct Running {
    life: Arc<Life>,
    engine: Arc<Engine>,
}

enum End {
    Crashed,
    Stopped,
}

impl Node {
    pub fn new(cluster: Arc<Cluster>, name: &str, skew_ms: i64) -> Arc<Self> {
        let state = State { name: name.to_owned(), running: None, life: None };
        Arc::new(Self { cluster, skew_ms, state: Mutex::new(state), stop_wanted: Notify::new() })
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn name(&self) -> String {
        self.state().name.clone()
    }

    /// The engine, when the node serves.
    pub fn engine(&self) -> Option<Arc<Engine>> {
        self.state().running.as_ref().map(|running| Arc::clone(&running.engine))
    }

    /// Does what a request handler would, as a task of this life. None: the node was away, or died
    /// before it answered; whether it was done is not known then.
    pub async fn ask<T, F>(&self, handler: impl FnOnce(Arc<Engine>) -> F) -> Option<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let (answered, answer) = oneshot::channel();
        {
            let running = self.state().running.clone()?;
            let handled = handler(running.engine);
            OfLife(running.life).spawn(Box::pin(async move {
                let _ = answered.send(handled.await);
            }));
        }
        answer.await.ok()
    }

    /// Asks for a graceful stop.
    pub fn stop(&self) {
        self.stop_wanted.notify_one();
    }

    /// Kills it now.
    pub fn kill(&self) {
        let life = self.state().life.clone();
        if let Some(life) = life {
            life.end();
        }
    }

    /// From now on it lives.
    pub fn spare(&self) {
        if let Some(life) = &self.state().life {
            life.spare();
        }
    }

    /// Starts one life after another. `first_death` chooses the poll at which the first one ends.
    pub async fn live(self: Arc<Self>, first_death: Option<u64>, polls_mean: u64) {
        let world = Arc::clone(&self.cluster.world);
        let mut rng = world.rng(("node", self.name()));
        let base_name = self.name();
        for number in 1_u64.. {
            let is_healed = world.ms() >= self.cluster.heals_at_ms;
            let dies_at_poll = match first_death {
                Some(poll) if number == 1 => poll,
                Some(_) => u64::MAX,
                None if is_healed || polls_mean == u64::MAX => u64::MAX,
                None => wait_ms(&mut rng, polls_mean).max(1),
            };
            let held = world.book().held_by(&self.name(), world.ms());
            let end = self.live_once(number, dies_at_poll, &held, &mut rng).await;
            let now_ms = world.ms();
            match end {
                End::Crashed => {
                    world.faults().at(Kind::Crash, now_ms);
                    world.book().tally.crashes += 1;
                    world.say(format_args!("{} crashed", self.name()));
                }
                End::Stopped => world.book().tally.stops += 1,
            }
            sleep_ms(200 + wait_ms(&mut rng, 4_000)).await;
            if matches!(end, End::Crashed) && first_death.is_none() && rng.random_bool(0.15) {
                // Another machine takes its place: what this one had leased has to run out.
                self.state().name = format!("{base_name}-{number}");
            }
        }
    }

    async fn live_once(
        self: &Arc<Self>,
        number: u64,
        dies_at_poll: u64,
        held: &[docextract_model::id::DeliveryId],
        rng: &mut StdRng,
    ) -> End {
        let world = Arc::clone(&self.cluster.world);
        let life = Life::new(format!("{}#{number}", self.name()), dies_at_poll);
        let engine = self.engine_of(&life, rng.random());
        world.say(format_args!("{} starts", life.name));
        let (stop, stopping) = watch::channel(false);
        let ended = Arc::new(Notify::new());
        let (node, its_engine, its_life, is_ended) =
            (Arc::clone(self), Arc::clone(&engine), Arc::clone(&life), Arc::clone(&ended));
        let held = held.to_vec();
        self.state().life = Some(Arc::clone(&life));
        OfLife(Arc::clone(&life)).spawn(Box::pin(async move {
            its_engine.recover().await;
            let world = &node.cluster.world;
            let name = node.name();
            world.book().node_recovered(&name, &held, world.ms());
            node.state().running = Some(Running { life: its_life, engine: Arc::clone(&its_engine) });
            its_engine.run(stopping).await;
            is_ended.notify_one();
        }));
        let end = tokio::select! {
            biased;
            () = life.over() => End::Crashed,
            () = self.stop_wanted.notified() => self.drain(&life, &stop, &ended).await,
        };
        life.end();
        let mut state = self.state();
        (state.running, state.life) = (None, None);
        drop(state);
        drop(engine);
        end
    }

    /// A graceful stop: clients leave first, then the engine drains.
    async fn drain(&self, life: &Arc<Life>, stop: &watch::Sender<bool>, ended: &Notify) -> End {
        let world = &self.cluster.world;
        let began_ms = world.ms();
        world.say(format_args!("{} is asked to stop", life.name));
        let key = world.faults().begin(Kind::Stop, began_ms);
        self.state().running = None;
        sleep_ms(CLIENTS_LEAVE_MS).await;
        let _ = stop.send(true);
        let end = tokio::select! {
            biased;
            () = life.over() => End::Crashed,
            () = ended.notified() => End::Stopped,
            () = sleep_ms(DRAIN_MS_MAX) => {
                world.violated(format_args!("{} did not drain in {DRAIN_MS_MAX} ms", life.name));
                End::Crashed
            }
        };
        let now_ms = world.ms();
        world.faults().end(key, now_ms);
        if matches!(end, End::Stopped) {
            world.say(format_args!("{} stopped after {} ms", life.name, now_ms - began_ms));
            let skew_ms = world.book().skew_ms_max;
            let held = world.book().held_by(&self.name(), now_ms + TOO_SHORT_MS + 2 * skew_ms);
            let undisturbed =
                world.faults().were_none_but(Some(Kind::Stop), began_ms.saturating_sub(150_000), now_ms);
            if !held.is_empty() && undisturbed {
                world.violated(format_args!("{} stopped and still holds {held:?}", life.name));
            }
        }
        end
    }

    fn engine_of(&self, life: &Arc<Life>, seed: u64) -> Arc<Engine> {
        let cluster = &self.cluster;
        let world = &cluster.world;
        let rng = |part: &str| Mutex::new(world.rng((&life.name, seed, part)));
        let node = self.name();
        let store = NodeStore {
            inner: Arc::clone(&cluster.store),
            world: Arc::clone(world),
            life: Arc::clone(life),
            node: node.clone(),
            skew_ms: self.skew_ms,
            receivers: Arc::clone(&cluster.receivers),
            tenants: Arc::clone(&cluster.tenants),
            rng: rng("store"),
        };
        let network = SimNetwork {
            world: Arc::clone(world),
            receivers: Arc::clone(&cluster.receivers),
            life: Arc::clone(life),
            node: node.clone(),
            rng: rng("network"),
            links: Arc::clone(&cluster.links),
        };
        let clock = Arc::new(NodeClock { world: Arc::clone(world), skew_ms: self.skew_ms });
        let ambient = Ambient::new(clock, Arc::new(NodeRandom(rng("ids"))), node);
        let blobs =
            NodeBlobs { inner: Arc::clone(&cluster.blobs), world: Arc::clone(world), rng: rng("blobs") };
        let parts = Parts {
            store: Arc::new(store),
            blobs: Arc::new(blobs),
            extractor: Arc::new(DrawnExtractor { rng: rng("extractor") }),
            ambient: Arc::new(ambient),
            network: Arc::new(network),
            spawner: Arc::new(OfLife(Arc::clone(life))),
        };
        let config = Config {
            addresses: AddressPolicy { dev: true, ..AddressPolicy::default() },
            extraction: Limits { extraction_ms_max: 10_000, ..Limits::default() },
            log_kept_ms: cluster.log_kept_ms,
            scan_ms_max: cluster.scan_ms_max,
            ..Config::default()
        };
        match Engine::new(parts, config) {
            Ok(engine) => engine,
            Err(error) => panic!("the engine cannot be made: {error}"),
        }
    }
}
