//! What a fresh data directory gets: an organisation, and under `--dev` all that a first try needs.

use std::collections::BTreeMap;

use docextract_engine::ambient::Ambient;
use docextract_model::audit::{Actor, AuditAction, AuditEntry};
use docextract_model::extractor::{DocumentType, ready_made};
use docextract_model::id::OrgId;
use docextract_model::key::Scope;
use docextract_model::limits;
use docextract_model::member::Role;
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::webhook::{Secret, Webhook, WebhookStatus};
use docextract_store::acts::act;
use docextract_store::commands::{
    CreateOrganisation, GrantCredits, NewExtractor, Organisation, PageRequest, UpdateWebhook,
};
use docextract_store::people::CreateInvitationOutcome;
use docextract_store::{Store, StoreError};

use crate::invitations::{Invitee, draft_invitation, link};
use crate::keys::{KeyDraft, draft_key};

const ORGANISATION_NAME: &str = "Default";
const DEV_CREDITS: u64 = 1_000;
const DEV_WEBHOOK: &str = "The inbox of docextract serve --dev";
pub(crate) const INBOX_PATH: &str = "/dev/inbox";

/// The organisations there are, after making the default one where there is none. The caller holds the
/// setup lock, so that two processes that start on a fresh directory do not make one each.
pub(crate) async fn ensure_organisation(
    store: &dyn Store,
    ambient: &Ambient,
) -> Result<Vec<Organisation>, StoreError> {
    let organisations = store.organisations().await?;
    if !organisations.is_empty() {
        return Ok(organisations);
    }
    let command = CreateOrganisation {
        id: ambient.id(),
        name: ORGANISATION_NAME.to_owned(),
        extractors: first_extractors(ambient)?,
        now: ambient.now(),
    };
    store.create_organisation(command).await?;
    store.organisations().await
}

/// The ready-made extractors, for both modes.
fn first_extractors(ambient: &Ambient) -> Result<Vec<NewExtractor>, StoreError> {
    let mut extractors = Vec::new();
    for mode in Mode::ALL {
        for ready_made in ready_made() {
            extractors.push(NewExtractor {
                id: ambient.id(),
                mode,
                name: ready_made.name.to_owned(),
                document_type: DocumentType::parse(ready_made.document_type).map_err(StoreError::Refused)?,
                field_definitions: ready_made.field_definitions,
                ready_made: true,
                created_by: "system".to_owned(),
            });
        }
    }
    Ok(extractors)
}

/// Gives an organisation that has no key yet some credits and a live key with all scopes, and returns
/// the key. The key comes last: a start that was cut short before it is made up for by the next.
pub(crate) async fn equip_for_dev(
    store: &dyn Store,
    ambient: &Ambient,
    org_id: &OrgId,
) -> Result<Option<String>, StoreError> {
    if !store.keys(org_id, PageRequest::first(1)).await?.items.is_empty() {
        return Ok(None);
    }
    let has_credits = store.account(org_id).await?.is_some_and(|account| account.total_purchased > 0);
    if !has_credits {
        let grant = GrantCredits {
            org_id: org_id.clone(),
            amount: DEV_CREDITS,
            price_paid: None,
            description: "First credits of docextract serve --dev".to_owned(),
            transaction_id: ambient.id(),
            now: ambient.now(),
        };
        let action = AuditAction::CreditsGranted;
        let entry = local_entry(ambient, org_id, Actor::System, action, &grant.transaction_id);
        act(store, grant, entry).await?;
    }
    let draft = KeyDraft {
        org_id: org_id.clone(),
        name: "First key of docextract serve --dev".to_owned(),
        mode: Mode::Live,
        scopes: Scope::ALL.to_vec(),
        expires_at: None,
        created_by: "system".to_owned(),
    };
    let (secret, command) = draft_key(draft, ambient);
    let entry = local_entry(ambient, org_id, Actor::System, AuditAction::KeyCreated, &command.key.id);
    act(store, command, entry).await?;
    Ok(Some(secret))
}

/// The entry in the audit log for what is done on this machine, not over HTTP.
pub(crate) fn local_entry(
    ambient: &Ambient,
    org_id: &OrgId,
    actor: Actor,
    action: AuditAction,
    target: &(impl ToString + ?Sized),
) -> AuditEntry {
    AuditEntry {
        id: ambient.id(),
        org_id: Some(org_id.clone()),
        actor,
        action,
        target: Some(target.to_string()),
        mode: None,
        address: None,
        request_id: None,
        detail: BTreeMap::new(),
        created_at: ambient.now(),
    }
}

/// A link that makes its holder the owner of an organisation that has none who can sign in; it takes the
/// place of one that was made before and not used.
pub(crate) async fn first_sign_in_link(
    store: &dyn Store,
    ambient: &Ambient,
    organisation: &Organisation,
    base_url: &str,
) -> Result<Option<String>, StoreError> {
    let org_id = &organisation.id;
    if store.has_owner(org_id).await? {
        return Ok(None);
    }
    let invitee = Invitee { role: Role::Owner, email: None, user_id: None };
    let by = ("system".to_owned(), Role::Owner);
    let (token, command) = draft_invitation(ambient, org_id.clone(), invitee, by, limits::SIGN_IN_LINK_MS);
    let entry =
        local_entry(ambient, org_id, Actor::System, AuditAction::InvitationCreated, &command.invitation.id);
    match act(store, command, entry).await? {
        CreateInvitationOutcome::Created(_) => Ok(Some(link(base_url, &token))),
        other => Err(StoreError::Refused(format!("the first sign-in link was not made: {other:?}"))),
    }
}

/// Points the development webhook at the inbox of this start; registers one where there is no webhook.
pub(crate) async fn ensure_inbox_webhook(
    store: &dyn Store,
    ambient: &Ambient,
    org_id: &OrgId,
    inbox_url: &str,
) -> Result<(), StoreError> {
    let tenant = Tenant { org_id: org_id.clone(), mode: Mode::Live };
    let webhooks = store.webhooks(&tenant, PageRequest::first(100)).await?.items;
    let inbox = webhooks.iter().find(|webhook| webhook.description == DEV_WEBHOOK);
    match inbox {
        Some(webhook) if webhook.url == inbox_url => Ok(()),
        Some(webhook) => {
            let command = UpdateWebhook {
                tenant,
                id: webhook.id.clone(),
                url: Some(inbox_url.to_owned()),
                description: None,
                events: None,
                headers: None,
                rate_limit_per_second: None,
                client_certificate: None,
                status: None,
                now: ambient.now(),
            };
            store.update_webhook(command).await.map(|_| ())
        }
        None if webhooks.is_empty() => {
            store.create_webhook(inbox_webhook(ambient, tenant, inbox_url)).await.map(|_| ())
        }
        None => Ok(()),
    }
}

fn inbox_webhook(ambient: &Ambient, tenant: Tenant, inbox_url: &str) -> Webhook {
    let now = ambient.now();
    Webhook {
        id: ambient.id(),
        tenant,
        url: inbox_url.to_owned(),
        description: DEV_WEBHOOK.to_owned(),
        events: vec!["*".to_owned()],
        status: WebhookStatus::Enabled,
        disabled_reason: None,
        headers: Vec::new().into(),
        rate_limit_per_second: None,
        client_certificate: None,
        secret: Secret::new(ambient.random_bytes()),
        previous_secret: None,
        failing_since: None,
        created_at: now,
        updated_at: now,
    }
}
