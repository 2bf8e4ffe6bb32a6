//! Clients, and what breaks around them.
//!
//! A client asks a node as the API's handlers do, and takes only an answer for one. What happens when
//! follows from the seed; nothing is asked of the store directly.

use std::sync::Arc;

use docextract_engine::Engine;
use docextract_model::delivery::DeliveryStatus;
use docextract_model::event::Event;
use docextract_model::id::{DeliveryId, EventId, JobId, ReplayId, WebhookId};
use docextract_model::json::RawJson;
use docextract_model::replay::{Replay, ReplayStatus};
use docextract_model::tenant::Tenant;
use docextract_model::webhook::{DisabledReason, Secret, Webhook, WebhookStatus};
use docextract_store::commands::{
    CreateReplayOutcome, CreateWebhookOutcome, DeleteOutcome, ExtractorRef, GrantCredits, GrantOutcome,
    PublishEvent, ReplayDelivery, ReplayOutcome, RetryJob, RetryJobOutcome, RotateSecret, SUBMIT_JOB_IDS,
    StatusChange, SubmitJob, SubmitJobOutcome, UpdateWebhook,
};
use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::faults::{Kind, Spell};
use crate::network::set_silent;
use crate::node::{Cluster, Node};
use crate::sim::extractor_of;
use crate::world::{sleep_ms, wait_ms};

const PUBLISHED: &str = "order.paid";

#[derive(Clone)]
pub struct Workload {
    cluster: Arc<Cluster>,
    nodes: Vec<Arc<Node>>,
}

impl Workload {
    pub fn new(cluster: Arc<Cluster>, nodes: Vec<Arc<Node>>) -> Self {
        Self { cluster, nodes }
    }

    fn node(&self, rng: &mut StdRng) -> &Arc<Node> {
        &self.nodes[rng.random_range(0..self.nodes.len())]
    }

    fn tenant(&self, rng: &mut StdRng) -> Tenant {
        self.cluster.tenants[rng.random_range(0..self.cluster.tenants.len())].clone()
    }

    /// A little of everything, once, so that every await of it can be died at.
    pub async fn small(&self) {
        let mut rng = self.cluster.world.rng("small");
        let tenant = self.cluster.tenants[0].clone();
        while self.nodes[0].engine().is_none() {
            sleep_ms(50).await;
        }
        for receiver in [0, 1] {
            self.create_webhook(&mut rng, tenant.clone(), receiver).await;
        }
        self.grant(&mut rng, &tenant, 3).await;
        for _ in 0..2 {
            self.publish(&mut rng, tenant.clone(), 1).await;
            self.submit(&mut rng, tenant.clone()).await;
            sleep_ms(700).await;
        }
        self.replay_one(&mut rng).await;
        self.replay_many(&mut rng).await;
        sleep_ms(6_000).await;
        self.nodes[0].stop();
        sleep_ms(2_000).await;
    }

    /// Clients, until everything heals.
    pub async fn busy(&self) {
        let world = &self.cluster.world;
        let mut rng = world.rng("workload");
        let mean_ms = self.cluster.pace.times() * [3_000, 15_000, 60_000][rng.random_range(0..3)];
        while !self.nodes.iter().all(|node| node.engine().is_some()) {
            sleep_ms(50).await;
        }
        for receiver in 0..self.cluster.receivers.len() {
            let tenant = self.tenant(&mut rng);
            self.create_webhook(&mut rng, tenant, receiver).await;
        }
        // Everybody's events also go to the healthy receiver.
        for tenant in self.cluster.tenants.iter().cloned() {
            self.create_webhook(&mut rng, tenant, 0).await;
        }
        loop {
            let next_ms = world.ms() + wait_ms(&mut rng, mean_ms);
            sleep_ms(next_ms.min(self.cluster.heals_at_ms).saturating_sub(world.ms())).await;
            if next_ms >= self.cluster.heals_at_ms {
                return;
            }
            self.one_request(&mut rng).await;
        }
    }

    async fn one_request(&self, rng: &mut StdRng) {
        let tenant = self.tenant(rng);
        match rng.random_range(0..100_u32) {
            0..=39 => self.publish(rng, tenant, 1).await,
            40..=43 => {
                let count = rng.random_range(5..40);
                self.publish(rng, tenant, count).await;
            }
            44..=68 => self.submit(rng, tenant).await,
            69..=74 => {
                let amount = rng.random_range(1..40);
                self.grant(rng, &tenant, amount).await;
            }
            75..=78 => self.replay_one(rng).await,
            79..=80 => self.replay_many(rng).await,
            81 => self.cancel_replay(rng).await,
            82..=84 => self.retry_job(rng).await,
            85..=86 => self.rotate(rng).await,
            87..=88 => self.move_webhook(rng).await,
            89..=90 => self.switch(rng, StatusChange::Disable(DisabledReason::ByRequest)).await,
            91..=95 => self.switch(rng, StatusChange::Enable).await,
            96 => self.delete(rng).await,
            97 => {
                let receiver = rng.random_range(0..self.cluster.receivers.len());
                self.create_webhook(rng, tenant, receiver).await;
            }
            98 => self.node(rng).stop(),
            _ => self.node(rng).kill(),
        }
    }

    // ---- what clients ask ----

    async fn publish(&self, rng: &mut StdRng, tenant: Tenant, count: u32) {
        for _ in 0..count {
            let filler = "x".repeat(rng.random_range(0..2_000));
            let tenant = tenant.clone();
            let published = self.node(rng).ask(move |engine| publish(engine, tenant, filler)).await;
            if let Some(Some(id)) = published {
                self.cluster.world.book().acknowledged.insert(id);
            }
        }
    }

    async fn submit(&self, rng: &mut StdRng, tenant: Tenant) {
        let submitted = self.node(rng).ask(move |engine| submit(engine, tenant)).await;
        if let Some(Some(id)) = submitted {
            self.cluster.world.book().jobs.entry(id).or_default().is_acknowledged = true;
        }
    }

    async fn retry_job(&self, rng: &mut StdRng) {
        let ended: Vec<(JobId, Tenant)> = {
            let book = self.cluster.world.book();
            let ended = book.jobs.iter().filter_map(|(id, note)| Some((id, note.ended.as_ref()?)));
            ended
                .map(|(id, job)| (id.clone(), Tenant { org_id: job.org_id.clone(), mode: job.mode }))
                .collect()
        };
        let Some((job_id, tenant)) = chosen(rng, &ended) else { return };
        let retried = self.node(rng).ask(move |engine| async move {
            let ambient = engine.ambient();
            let command = RetryJob {
                tenant,
                job_id,
                new_id: ambient.id(),
                password: None,
                now: ambient.now(),
                ids: ambient.ids(SUBMIT_JOB_IDS),
                send_lease: engine.send_lease(),
            };
            match engine.store().retry_job(command).await {
                Ok(RetryJobOutcome::Submitted { job, to_send }) => {
                    engine.hand_over(to_send);
                    engine.wake_jobs();
                    Some(job.id)
                }
                _ => None,
            }
        });
        if let Some(Some(id)) = retried.await {
            self.cluster.world.book().jobs.entry(id).or_default().is_acknowledged = true;
        }
    }

    async fn grant(&self, rng: &mut StdRng, tenant: &Tenant, amount: u64) {
        let org_id = tenant.org_id.clone();
        let granting = |engine: Arc<Engine>| async move {
            let command = GrantCredits {
                org_id,
                amount,
                price_paid: None,
                description: "A grant".to_owned(),
                transaction_id: engine.ambient().id(),
                now: engine.ambient().now(),
            };
            let granted = engine.store().grant_credits(command).await;
            if matches!(granted, Ok(GrantOutcome::Granted { .. })) {
                engine.wake_jobs();
            }
        };
        self.node(rng).ask(granting).await;
    }

    async fn create_webhook(&self, rng: &mut StdRng, tenant: Tenant, receiver: usize) {
        let url = self.url(receiver);
        let events = match rng.random_range(0..4) {
            0 => vec!["*"],
            1 => vec!["*", PUBLISHED, "webhook.disabled"],
            2 => vec![PUBLISHED],
            _ => vec!["*", PUBLISHED],
        };
        let events: Vec<String> = events.into_iter().map(str::to_owned).collect();
        let rate = if receiver > 0 && rng.random_bool(0.2) { std::num::NonZeroU32::new(5) } else { None };
        let creating = |engine: Arc<Engine>| async move {
            let now = engine.ambient().now();
            let webhook = Webhook {
                id: engine.ambient().id(),
                tenant,
                url,
                description: String::new(),
                events,
                status: WebhookStatus::Enabled,
                disabled_reason: None,
                headers: vec![("Authorization".to_owned(), "Bearer of-the-receiver".to_owned())].into(),
                rate_limit_per_second: rate,
                client_certificate: None,
                secret: Secret::new(engine.ambient().random_bytes()),
                previous_secret: None,
                failing_since: None,
                created_at: now,
                updated_at: now,
            };
            matches!(engine.store().create_webhook(webhook).await, Ok(CreateWebhookOutcome::Created(_)))
        };
        self.node(rng).ask(creating).await;
    }

    fn url(&self, receiver: usize) -> String {
        format!("http://{}/hook", self.cluster.receivers[receiver].name)
    }

    /// A webhook that is there; of those of the healthy receiver only when asked.
    fn any_webhook(&self, rng: &mut StdRng, also_healthy: bool) -> Option<(Tenant, WebhookId)> {
        let healthy = self.url(0);
        let there: Vec<(Tenant, WebhookId)> = {
            let book = self.cluster.world.book();
            let there = book
                .webhooks
                .values()
                .filter(|note| !note.is_deleted && (also_healthy || note.webhook.url != healthy));
            there.map(|note| (note.webhook.tenant.clone(), note.webhook.id.clone())).collect()
        };
        chosen(rng, &there)
    }

    async fn rotate(&self, rng: &mut StdRng) {
        let Some((tenant, id)) = self.any_webhook(rng, true) else { return };
        let overlap_ms = rng.random_range(0..600_000);
        let rotating = |engine: Arc<Engine>| async move {
            let now = engine.ambient().now();
            let command = RotateSecret {
                tenant,
                id: id.clone(),
                secret: Secret::new(engine.ambient().random_bytes()),
                overlap_until: now.plus_ms(overlap_ms),
                now,
            };
            if let Ok(Some(_)) = engine.store().rotate_secret(command).await {
                engine.webhook_changed(&id);
            }
        };
        self.node(rng).ask(rotating).await;
    }

    async fn move_webhook(&self, rng: &mut StdRng) {
        let Some((tenant, id)) = self.any_webhook(rng, false) else { return };
        let url = self.url(rng.random_range(1..self.cluster.receivers.len()));
        self.update(rng, UpdateWebhook { url: Some(url), ..change(tenant, id) }).await;
    }

    async fn switch(&self, rng: &mut StdRng, status: StatusChange) {
        let Some((tenant, id)) = self.any_webhook(rng, false) else { return };
        self.update(rng, UpdateWebhook { status: Some(status), ..change(tenant, id) }).await;
    }

    async fn update(&self, rng: &mut StdRng, command: UpdateWebhook) {
        let updating = |engine: Arc<Engine>| async move {
            let command = UpdateWebhook { now: engine.ambient().now(), ..command };
            let id = command.id.clone();
            if let Ok(Some(_)) = engine.store().update_webhook(command).await {
                engine.webhook_changed(&id);
            }
        };
        self.node(rng).ask(updating).await;
    }

    async fn delete(&self, rng: &mut StdRng) {
        let Some((tenant, id)) = self.any_webhook(rng, false) else { return };
        let deleting = |engine: Arc<Engine>| async move {
            let now = engine.ambient().now();
            if let Ok(DeleteOutcome::Deleted) = engine.store().delete_webhook(&tenant, &id, now).await {
                engine.webhook_changed(&id);
            }
        };
        self.node(rng).ask(deleting).await;
    }

    async fn replay_one(&self, rng: &mut StdRng) {
        let ended: Vec<(DeliveryId, Tenant)> = {
            let book = self.cluster.world.book();
            let ended = book.deliveries.iter().filter(|(_, note)| note.status != DeliveryStatus::Pending);
            ended.map(|(id, note)| (id.clone(), note.tenant.clone())).collect()
        };
        let Some((delivery_id, tenant)) = chosen(rng, &ended) else { return };
        let replaying = |engine: Arc<Engine>| async move {
            let command = ReplayDelivery {
                tenant,
                delivery_id,
                new_id: engine.ambient().id(),
                now: engine.ambient().now(),
                send_lease: engine.send_lease(),
            };
            if let Ok(ReplayOutcome::Replayed { to_send, .. }) = engine.store().replay_delivery(command).await
            {
                engine.hand_over(vec![to_send]);
            }
        };
        self.node(rng).ask(replaying).await;
    }

    async fn replay_many(&self, rng: &mut StdRng) {
        let Some((tenant, webhook_id)) = self.any_webhook(rng, true) else { return };
        let statuses = if rng.random_bool(0.5) {
            vec![DeliveryStatus::Failed, DeliveryStatus::Skipped]
        } else {
            vec![DeliveryStatus::Delivered]
        };
        let creating = |engine: Arc<Engine>| async move {
            let now = engine.ambient().now();
            let replay = Replay {
                id: engine.ambient().id(),
                tenant,
                webhook_id,
                since: now.minus_ms(3_600_000),
                until: now,
                statuses,
                status: ReplayStatus::Running,
                replayed: 0,
                cursor: None,
                position: None,
                created_at: now,
                stepped_at: now,
                finished_at: None,
            };
            if let Ok(CreateReplayOutcome::Created(_)) = engine.store().create_replay(replay).await {
                engine.wake_replays();
            }
        };
        self.node(rng).ask(creating).await;
    }

    async fn cancel_replay(&self, rng: &mut StdRng) {
        let known: Vec<ReplayId> = self.cluster.world.book().replays.keys().cloned().collect();
        let Some(id) = chosen(rng, &known) else { return };
        let tenant = self.tenant(rng);
        let cancelling = |engine: Arc<Engine>| async move {
            let now = engine.ambient().now();
            let _ = engine.store().cancel_replay(&tenant, &id, now).await;
        };
        self.node(rng).ask(cancelling).await;
    }

    // ---- what breaks ----

    /// Spells of the store and partitions, until everything heals.
    pub async fn chaos(self) {
        let world = Arc::clone(&self.cluster.world);
        let mut rng = world.rng("chaos");
        let mean_ms = self.cluster.pace.times() * [300_000, 1_200_000][rng.random_range(0..2)];
        loop {
            sleep_ms(wait_ms(&mut rng, mean_ms)).await;
            let long_ms = wait_ms(&mut rng, 40_000).min(400_000);
            if world.ms() + long_ms >= self.cluster.heals_at_ms {
                return;
            }
            if rng.random_bool(0.5) {
                let spell = Spell {
                    refused_percent: [0, 30, 100][rng.random_range(0..3)],
                    answer_lost_percent: [10, 50, 100][rng.random_range(0..3)],
                };
                let key = world.faults().begin(Kind::Store, world.ms());
                world.faults().store = Some(spell);
                world.say(format_args!("the store has a spell: {spell:?}"));
                sleep_ms(long_ms).await;
                world.faults().store = None;
                world.faults().end(key, world.ms());
                world.say(format_args!("the store is well again"));
            } else {
                let node = self.node(&mut rng).name();
                let receiver = rng.random_range(0..self.cluster.receivers.len());
                let key = world.faults().begin(Kind::Partition, world.ms());
                world.faults().partitions.insert((node.clone(), receiver));
                set_silent(&self.cluster.links, &node, receiver, true);
                world.say(format_args!("nothing passes between {node} and r{receiver}"));
                sleep_ms(long_ms).await;
                world.faults().partitions.remove(&(node.clone(), receiver));
                set_silent(&self.cluster.links, &node, receiver, false);
                world.faults().end(key, world.ms());
                world.say(format_args!("{node} and r{receiver} see each other again"));
            }
        }
    }

    /// From now on nothing breaks by itself.
    pub fn heal(&self) {
        self.cluster.world.say(format_args!("everything heals"));
        for node in &self.nodes {
            node.spare();
        }
    }
}

fn change(tenant: Tenant, id: WebhookId) -> UpdateWebhook {
    UpdateWebhook {
        tenant,
        id,
        url: None,
        description: None,
        events: None,
        headers: None,
        rate_limit_per_second: None,
        client_certificate: None,
        status: None,
        now: docextract_model::time::Timestamp::default(),
    }
}

fn chosen<T: Clone>(rng: &mut StdRng, from: &[T]) -> Option<T> {
    if from.is_empty() { None } else { Some(from[rng.random_range(0..from.len())].clone()) }
}

async fn publish(engine: Arc<Engine>, tenant: Tenant, filler: String) -> Option<EventId> {
    let id: EventId = engine.ambient().id();
    let body =
        format!(r#"{{"event":"{PUBLISHED}","data":{{"order":"{id}","total":1250.50,"note":"{filler}"}}}}"#);
    let event = Event {
        id: id.clone(),
        tenant,
        event_type: PUBLISHED.to_owned(),
        body: body.into_bytes().into(),
        job_id: None,
        created_at: engine.ambient().now(),
    };
    let command = PublishEvent { event, send_lease: engine.send_lease() };
    let to_send = engine.store().publish_event(command).await.ok()?;
    engine.hand_over(to_send);
    Some(id)
}

async fn submit(engine: Arc<Engine>, tenant: Tenant) -> Option<JobId> {
    let id: JobId = engine.ambient().id();
    // Some with their jobs, and some as files.
    let bytes = b"%PDF-1.7".to_vec();
    let is_small = engine.ambient().random_bytes::<1>()[0].is_multiple_of(2);
    let document = if is_small {
        Some(bytes)
    } else {
        engine.blobs().put(&id, bytes).await.ok()?;
        None
    };
    let extractor = extractor_of(tenant.org_id.as_str(), tenant.mode);
    let command = SubmitJob {
        id,
        tenant,
        extractor: ExtractorRef::Id(extractor),
        source_url: None,
        document,
        filename: None,
        mime_type: "application/pdf".to_owned(),
        file_size_bytes: 8,
        metadata: RawJson::parse("{}".to_owned()).ok()?,
        password: None,
        now: engine.ambient().now(),
        ids: engine.ambient().ids(SUBMIT_JOB_IDS),
        send_lease: engine.send_lease(),
    };
    match engine.store().submit_job(command).await.ok()? {
        SubmitJobOutcome::Submitted { job, to_send } => {
            engine.hand_over(to_send);
            engine.wake_jobs();
            Some(job.id)
        }
        SubmitJobOutcome::ExtractorNotFound | SubmitJobOutcome::ExtractorInactive => None,
    }
}
