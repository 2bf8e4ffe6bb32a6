//! Organisations, their keys and their extractors.

use docextract_model::credit::Account;
use docextract_model::extractor::FieldDefinition;
use docextract_model::id::{ExtractorId, KeyId, OrgId};
use docextract_model::key::{ApiKey, KeyHash};
use docextract_model::plan::{Plan, RequestCounts};
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;

use super::credits::OrganisationRow;
use super::{Tables, missing, page};
use crate::Result;
use crate::commands::{
    CreateExtractor, CreateKey, CreateKeyOutcome, CreateOrganisation, DeleteOutcome, Extractor, ExtractorRef,
    NewExtractor, Organisation, Page, PageRequest, RevokeKey, UpdateExtractor,
};

/// How many organisations an operator is shown.
const ORGANISATIONS_MAX: usize = 1_000;

#[derive(Debug)]
pub(super) struct ExtractorRow {
    pub(super) extractor: Extractor,
    /// The definitions of each version, the first version first; deletion keeps them for queued jobs.
    pub(super) versions: Vec<Vec<FieldDefinition>>,
    pub(super) deleted: bool,
}

impl ExtractorRow {
    fn new(org_id: OrgId, new: NewExtractor, now: Timestamp) -> Self {
        let extractor = Extractor {
            id: new.id,
            tenant: Tenant { org_id, mode: new.mode },
            name: new.name,
            document_type: new.document_type,
            field_definitions: new.field_definitions.clone(),
            ready_made: new.ready_made,
            is_active: true,
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: new.created_by,
            usage_count: 0,
        };
        Self { extractor, versions: vec![new.field_definitions], deleted: false }
    }
}

impl Tables {
    pub(super) fn create_organisation(&mut self, command: CreateOrganisation) {
        if self.organisations.contains_key(&command.id) {
            return;
        }
        for new in command.extractors {
            let row = ExtractorRow::new(command.id.clone(), new, command.now);
            self.extractors.insert(row.extractor.id.clone(), row);
        }
        let account = Account {
            org_id: command.id.clone(),
            balance: 0,
            total_purchased: 0,
            total_used: 0,
            low_balance_threshold: 0,
            last_purchase: None,
        };
        let organisation = Organisation {
            id: command.id.clone(),
            name: command.name,
            plan: Plan::default(),
            created_at: command.now,
        };
        self.organisations.insert(
            command.id,
            OrganisationRow {
                organisation,
                account,
                low_told: false,
                depleted_told: false,
                requests: RequestCounts::default(),
            },
        );
    }

    pub(super) fn organisations(&self) -> Vec<Organisation> {
        self.organisations.values().map(|row| row.organisation.clone()).take(ORGANISATIONS_MAX).collect()
    }

    pub(super) fn create_key(&mut self, command: CreateKey) -> CreateKeyOutcome {
        if !self.organisations.contains_key(&command.key.org_id) {
            return CreateKeyOutcome::OrganisationNotFound;
        }
        self.keys.insert(command.key.id.clone(), (command.key.clone(), command.hash));
        CreateKeyOutcome::Created(command.key)
    }

    pub(super) fn key_by_hash(&self, hash: &KeyHash) -> Option<ApiKey> {
        self.keys.values().find(|(_, known)| known == hash).map(|(key, _)| key.clone())
    }

    pub(super) fn keys(&self, org_id: &OrgId, request: &PageRequest) -> Page<ApiKey> {
        let newest_first = self.keys.values().rev().map(|(key, _)| key).filter(|key| &key.org_id == org_id);
        page(newest_first, |key| key.id.as_str(), request)
    }

    pub(super) fn touch_keys(&mut self, used: Vec<(KeyId, Timestamp)>) {
        for (id, used_at) in used {
            if let Some((key, _)) = self.keys.get_mut(&id) {
                key.last_used_at = key.last_used_at.max(Some(used_at));
            }
        }
    }

    pub(super) fn revoke_key(&mut self, command: &RevokeKey) -> Option<ApiKey> {
        let (key, _) = self.keys.get_mut(&command.key_id)?;
        if key.org_id != command.org_id {
            return None;
        }
        key.revoked_at = key.revoked_at.or(Some(command.now));
        Some(key.clone())
    }

    pub(super) fn create_extractor(&mut self, command: CreateExtractor) -> Result<Extractor> {
        if !self.organisations.contains_key(&command.org_id) {
            return Err(missing("organisation"));
        }
        let row = ExtractorRow::new(command.org_id, command.extractor, command.now);
        let extractor = row.extractor.clone();
        self.extractors.insert(extractor.id.clone(), row);
        Ok(extractor)
    }

    pub(super) fn extractor(&self, tenant: &Tenant, which: &ExtractorRef) -> Option<&Extractor> {
        self.present_extractors(tenant).find(|extractor| match which {
            ExtractorRef::Id(id) => &extractor.id == id,
            ExtractorRef::ReadyMade(document_type) => {
                extractor.ready_made && &extractor.document_type == document_type
            }
        })
    }

    pub(super) fn extractors(&self, tenant: &Tenant, request: &PageRequest) -> Page<Extractor> {
        page(self.present_extractors(tenant).rev(), |extractor| extractor.id.as_str(), request)
    }

    /// The tenant's extractors that are not deleted, oldest first.
    fn present_extractors(&self, tenant: &Tenant) -> impl DoubleEndedIterator<Item = &Extractor> {
        self.extractors
            .values()
            .filter(move |row| !row.deleted && &row.extractor.tenant == tenant)
            .map(|row| &row.extractor)
    }

    fn present_extractor_mut(&mut self, tenant: &Tenant, id: &ExtractorId) -> Option<&mut ExtractorRow> {
        self.extractors.get_mut(id).filter(|row| !row.deleted && &row.extractor.tenant == tenant)
    }

    pub(super) fn update_extractor(&mut self, command: UpdateExtractor) -> Option<Extractor> {
        let row = self.present_extractor_mut(&command.tenant, &command.id)?;
        let extractor = &mut row.extractor;
        if let Some(name) = command.name {
            extractor.name = name;
        }
        if let Some(document_type) = command.document_type {
            extractor.document_type = document_type;
        }
        if let Some(is_active) = command.is_active {
            extractor.is_active = is_active;
        }
        if let Some(definitions) = command.field_definitions
            && definitions != extractor.field_definitions
        {
            row.versions.push(definitions.clone());
            extractor.field_definitions = definitions;
            extractor.version += 1;
        }
        extractor.updated_at = command.now;
        Some(extractor.clone())
    }

    pub(super) fn delete_extractor(&mut self, tenant: &Tenant, id: &ExtractorId) -> DeleteOutcome {
        match self.present_extractor_mut(tenant, id) {
            None => DeleteOutcome::NotFound,
            Some(row) => {
                row.deleted = true;
                DeleteOutcome::Deleted
            }
        }
    }
}
