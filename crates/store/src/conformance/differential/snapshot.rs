//! Everything that can be read from a store, to be compared as a whole.

use std::collections::BTreeSet;

use docextract_model::credit::{Account, Transaction};
use docextract_model::delivery::{Attempt, Delivery};
use docextract_model::event::Event;
use docextract_model::job::Job;
use docextract_model::key::ApiKey;
use docextract_model::stats::AttemptCount;
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;
use docextract_model::webhook::Webhook;

use super::command::Command;
use super::generator::DOCUMENT_TYPES;
use crate::commands::{
    CountedHours, DeliveryFilter, EventFilter, Extractor, ExtractorRef, JobFilter, Organisation, Page,
    PageRequest,
};
use crate::conformance::bench::document_type;
use crate::{Result, Store};

/// Small, so that most lists have several pages.
const PAGE_LIMIT: u32 = 7;

#[derive(Debug, PartialEq)]
pub struct Snapshot {
    pub organisations: Vec<Organisation>,
    pub accounts: Vec<Option<Account>>,
    pub transactions: Vec<Transaction>,
    pub keys: Vec<ApiKey>,
    pub keys_by_hash: Vec<Option<ApiKey>>,
    pub extractors: Vec<Extractor>,
    pub ready_made: Vec<Option<Extractor>>,
    pub jobs: Vec<Job>,
    pub small_documents: Vec<Option<Vec<u8>>>,
    pub webhooks: Vec<Webhook>,
    pub attempt_counts: Vec<Vec<AttemptCount>>,
    pub webhooks_by_url: Vec<Option<Webhook>>,
    pub events: Vec<Event>,
    pub deliveries: Vec<(Delivery, Vec<Attempt>)>,
}

/// Reads a list to its end, a page at a time, and each object by its id too.
async fn read_all<T: PartialEq + std::fmt::Debug>(
    id: impl Fn(&T) -> String,
    page: impl AsyncFn(PageRequest) -> Result<Page<T>>,
    one: impl AsyncFn(&T) -> Option<T>,
) -> Vec<T> {
    let mut items: Vec<T> = Vec::new();
    loop {
        let after = items.last().map(&id);
        let page = page(PageRequest { limit: PAGE_LIMIT, after, offset: 0 }).await.unwrap();
        items.extend(page.items);
        if !page.has_more {
            break;
        }
    }
    for item in &items {
        assert_eq!(one(item).await.as_ref(), Some(item), "an object in a list and read by itself");
    }
    items
}

impl Snapshot {
    /// Reads a store that these commands were done on.
    pub async fn read(store: &dyn Store, commands: &[Command]) -> Self {
        let organisations = store.organisations().await.unwrap();
        let mut snapshot = Self {
            organisations: organisations.clone(),
            accounts: Vec::new(),
            transactions: Vec::new(),
            keys: Vec::new(),
            keys_by_hash: Vec::new(),
            extractors: Vec::new(),
            ready_made: Vec::new(),
            jobs: Vec::new(),
            small_documents: Vec::new(),
            webhooks: Vec::new(),
            attempt_counts: Vec::new(),
            webhooks_by_url: Vec::new(),
            events: Vec::new(),
            deliveries: Vec::new(),
        };
        for Organisation { id, .. } in organisations {
            snapshot.read_organisation(store, &id).await;
            for mode in Mode::ALL {
                snapshot.read_tenant(store, &Tenant { org_id: id.clone(), mode }).await;
            }
        }
        for command in commands {
            if let Command::CreateKey(command) = command {
                snapshot.keys_by_hash.push(store.key_by_hash(&command.hash).await.unwrap());
            }
            if let Command::SubmitJob(command) = command {
                snapshot.small_documents.push(store.small_document(&command.id).await.unwrap());
            }
        }
        snapshot
    }

    async fn read_organisation(&mut self, store: &dyn Store, id: &docextract_model::id::OrgId) {
        self.accounts.push(store.account(id).await.unwrap());
        let page = async |page| store.transactions(id, page).await;
        let same = async |one: &Transaction| Some(one.clone());
        self.transactions.extend(read_all(|one| one.id.to_string(), page, same).await);
        let page = async |page| store.keys(id, page).await;
        let same = async |one: &ApiKey| Some(one.clone());
        self.keys.extend(read_all(|one| one.id.to_string(), page, same).await);
    }

    async fn read_tenant(&mut self, store: &dyn Store, tenant: &Tenant) {
        let page = async |page| store.extractors(tenant, page).await;
        let one =
            async |one: &Extractor| store.extractor(tenant, &ExtractorRef::Id(one.id.clone())).await.unwrap();
        self.extractors.extend(read_all(|one| one.id.to_string(), page, one).await);
        for name in DOCUMENT_TYPES {
            let which = ExtractorRef::ReadyMade(document_type(name));
            self.ready_made.push(store.extractor(tenant, &which).await.unwrap());
        }

        let page = async |page| store.jobs(tenant, JobFilter::default(), page).await;
        let one = async |one: &Job| store.job(tenant, &one.id).await.unwrap();
        self.jobs.extend(read_all(|one| one.id.to_string(), page, one).await);

        let page = async |page| store.webhooks(tenant, page).await;
        let one = async |one: &Webhook| store.webhook(tenant, &one.id).await.unwrap();
        let webhooks = read_all(|one| one.id.to_string(), page, one).await;
        let urls: BTreeSet<&str> = webhooks.iter().map(|webhook| webhook.url.as_str()).collect();
        for url in urls {
            self.webhooks_by_url.push(store.webhook_by_url(tenant, url).await.unwrap());
        }
        for webhook in &webhooks {
            let (since, until) = (Timestamp::from_unix_ms(0), Timestamp::from_unix_ms(i64::MAX));
            let hours = CountedHours { tenant: tenant.clone(), webhook_id: webhook.id.clone(), since, until };
            let mut counts = store.attempt_counts(hours).await.unwrap().unwrap();
            counts.sort_by_key(|count| {
                (count.hour, count.error.map_or("", |code| code.as_str()), count.latency_class)
            });
            self.attempt_counts.push(counts);
        }
        self.webhooks.extend(webhooks);

        let page = async |page| store.events(tenant, EventFilter::default(), page).await;
        let one = async |one: &Event| store.event(tenant, &one.id).await.unwrap();
        self.events.extend(read_all(|one| one.id.to_string(), page, one).await);

        let page = async |page| store.deliveries(tenant, DeliveryFilter::default(), page).await;
        let one = async |one: &Delivery| store.delivery(tenant, &one.id).await.unwrap().map(|(one, _)| one);
        for delivery in read_all(|one| one.id.to_string(), page, one).await {
            self.deliveries.extend(store.delivery(tenant, &delivery.id).await.unwrap());
        }
    }
}
