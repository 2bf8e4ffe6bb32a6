//! The table of routes: the router is made from it, so what is not in it does not exist.
//!
//! A row says everything that holds for a route from outside: its method and path, who may ask, which
//! ids stand in its path, and what it is called in the API's description. **The row alone holds who may
//! ask.** A layer around the handler lets in by it ([`super::auth::admit`]) before anything of the
//! request's body is read, so a handler cannot forget to check, and none names a scope of its own.
//!
//! The ids in a path are told by the parameters' names: `{webhook_id}` is a webhook's, and the handler
//! takes it as `At<WebhookId>`, which looks for that name and no other.
//!
//! A new route is a new row here. Tests then want it described, and try it with every kind of caller.

use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::routing::{MethodFilter, MethodRouter, on};
use docextract_model::key::Scope;

use super::app::App;
use super::auth::{Gate, admit};
use super::{
    audit, credits, deliveries, docs_page, documents, error_page, events, extractors, front_page, health,
    idempotency, invitations, keys, members, oidc, replays, sessions, sign_in_page, webhook_stats, webhooks,
};
use crate::dev::inbox;
use crate::oidc::CALLBACK_PATH;
use crate::setup::INBOX_PATH;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anyone, without a key.
    Public,
    /// Who has no session yet: refused only from another site's page.
    SignIn,
    /// Anybody who is signed in.
    Session,
    /// An API key that has this scope, or a session whose role has it.
    Key(Scope),
}

/// A row of the table.
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    /// What it is called, the same in every version: `list_documents`.
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    handler: MethodRouter<Arc<App>>,
}

/// The row of a handler.
fn route<H, T>(
    (method, filter): (Method, MethodFilter),
    path: &'static str,
    access: Access,
    handler: H,
    (name, summary): (&'static str, &'static str),
) -> Route
where
    H: Handler<T, Arc<App>>,
    T: 'static,
{
    Route { method, path, access, name, summary, handler: on(filter, handler) }
}

const GET: (Method, MethodFilter) = (Method::GET, MethodFilter::GET);
const POST: (Method, MethodFilter) = (Method::POST, MethodFilter::POST);
const PATCH: (Method, MethodFilter) = (Method::PATCH, MethodFilter::PATCH);
const DELETE: (Method, MethodFilter) = (Method::DELETE, MethodFilter::DELETE);

/// Every route that a server has. A row takes two lines, so that the table is seen as one.
#[rustfmt::skip]
pub(crate) fn routes() -> Vec<Route> {
    use Access::{Key, Public, Session, SignIn};
    use Scope::{
        Admin, CreditsRead, DocumentsRead, DocumentsWrite, ExtractorsRead, ExtractorsWrite, WebhooksRead,
        WebhooksWrite,
    };
    vec![
        route(GET, "/v1/extractors", Key(ExtractorsRead), extractors::list,
            ("list_extractors", "List extractors")),
        route(POST, "/v1/extractors", Key(ExtractorsWrite), extractors::create,
            ("create_extractor", "Create an extractor")),
        route(GET, "/v1/extractors/{extractor_id}", Key(ExtractorsRead), extractors::show,
            ("get_extractor", "Get an extractor")),
        route(PATCH, "/v1/extractors/{extractor_id}", Key(ExtractorsWrite), extractors::update,
            ("update_extractor", "Change an extractor")),
        route(DELETE, "/v1/extractors/{extractor_id}", Key(ExtractorsWrite), extractors::delete,
            ("delete_extractor", "Delete an extractor")),

        route(GET, "/v1/documents", Key(DocumentsRead), documents::list,
            ("list_documents", "List documents")),
        route(POST, "/v1/documents", Key(DocumentsWrite), documents::submit,
            ("submit_document", "Submit a document")),
        route(GET, "/v1/documents/{document_id}", Key(DocumentsRead), documents::show,
            ("get_document", "Get a document")),
        route(DELETE, "/v1/documents/{document_id}", Key(DocumentsWrite), documents::erase,
            ("erase_document", "Erase a document")),
        route(GET, "/v1/documents/{document_id}/file", Key(DocumentsRead), documents::file,
            ("get_document_file", "Get a document's file")),
        route(POST, "/v1/documents/{document_id}/retry", Key(DocumentsWrite), documents::retry,
            ("retry_document", "Retry a document")),

        route(GET, "/v1/credits", Key(CreditsRead), credits::show,
            ("get_credits", "Get the balance")),
        route(PATCH, "/v1/credits", Key(Admin), credits::update,
            ("update_credits", "Change the low-balance threshold")),
        route(GET, "/v1/credits/transactions", Key(CreditsRead), credits::transactions,
            ("list_transactions", "List the credit ledger")),
        route(POST, "/v1/credits/grants", Key(Admin), credits::grant,
            ("grant_credits", "Grant credits")),

        route(GET, "/v1/webhooks", Key(WebhooksRead), webhooks::list,
            ("list_webhooks", "List webhooks")),
        route(POST, "/v1/webhooks", Key(WebhooksWrite), webhooks::create,
            ("create_webhook", "Register a webhook")),
        route(POST, "/v1/webhooks/test", Key(WebhooksWrite), webhooks::test,
            ("test_webhook", "Send a test event now")),
        route(GET, "/v1/webhooks/{webhook_id}", Key(WebhooksRead), webhooks::show,
            ("get_webhook", "Get a webhook")),
        route(PATCH, "/v1/webhooks/{webhook_id}", Key(WebhooksWrite), webhooks::update,
            ("update_webhook", "Change a webhook")),
        route(DELETE, "/v1/webhooks/{webhook_id}", Key(WebhooksWrite), webhooks::delete,
            ("delete_webhook", "Delete a webhook")),
        // Whoever has the secret can forge events, so reading it takes the right to write.
        route(GET, "/v1/webhooks/{webhook_id}/secret", Key(WebhooksWrite), webhooks::secret,
            ("get_webhook_secret", "Get a webhook's secret")),
        route(POST, "/v1/webhooks/{webhook_id}/rotate-secret", Key(WebhooksWrite), webhooks::rotate_secret,
            ("rotate_webhook_secret", "Give a webhook a new secret")),
        route(POST, "/v1/webhooks/{webhook_id}/enable", Key(WebhooksWrite), webhooks::enable,
            ("enable_webhook", "Enable a webhook")),
        route(GET, "/v1/webhooks/{webhook_id}/stats", Key(WebhooksRead), webhook_stats::show,
            ("get_webhook_stats", "Get how an endpoint has answered")),
        route(POST, "/v1/webhooks/{webhook_id}/replay", Key(WebhooksWrite), replays::create,
            ("create_replay", "Replay a webhook's deliveries")),
        route(GET, "/v1/replays/{replay_id}", Key(WebhooksRead), replays::show,
            ("get_replay", "Get a replay's progress")),
        route(POST, "/v1/replays/{replay_id}/cancel", Key(WebhooksWrite), replays::cancel,
            ("cancel_replay", "Cancel a replay")),

        route(GET, "/v1/events", Key(WebhooksRead), events::list,
            ("list_events", "List events")),
        route(POST, "/v1/events", Key(WebhooksWrite), events::publish,
            ("publish_event", "Publish an event of one's own")),
        route(GET, "/v1/events/{event_id}", Key(WebhooksRead), events::show,
            ("get_event", "Get an event")),
        route(GET, "/v1/deliveries", Key(WebhooksRead), deliveries::list,
            ("list_deliveries", "List deliveries")),
        route(GET, "/v1/deliveries/{delivery_id}", Key(WebhooksRead), deliveries::show,
            ("get_delivery", "Get a delivery with its attempts")),
        route(POST, "/v1/deliveries/{delivery_id}/replay", Key(WebhooksWrite), deliveries::replay,
            ("replay_delivery", "Replay a delivery")),

        route(GET, "/v1/keys", Key(Admin), keys::list,
            ("list_keys", "List API keys")),
        route(POST, "/v1/keys", Key(Admin), keys::create,
            ("create_key", "Create an API key")),
        route(DELETE, "/v1/keys/{key_id}", Key(Admin), keys::revoke,
            ("revoke_key", "Revoke an API key")),

        route(GET, "/v1/members", Key(Admin), members::list,
            ("list_members", "List members")),
        route(GET, "/v1/members/{user_id}", Key(Admin), members::show,
            ("get_member", "Get a member")),
        route(PATCH, "/v1/members/{user_id}", Key(Admin), members::update,
            ("update_member", "Change a member's role")),
        route(DELETE, "/v1/members/{user_id}", Key(Admin), members::remove,
            ("remove_member", "Remove a member")),
        route(GET, "/v1/invitations", Key(Admin), invitations::list,
            ("list_invitations", "List invitations")),
        route(POST, "/v1/invitations", Key(Admin), invitations::create,
            ("create_invitation", "Invite somebody by a link")),
        route(DELETE, "/v1/invitations/{invitation_id}", Key(Admin), invitations::revoke,
            ("revoke_invitation", "Revoke an invitation")),
        route(POST, "/v1/invitations/accept", SignIn, invitations::accept_link,
            ("accept_invitation", "Accept an invitation and sign in")),
        route(GET, "/v1/audit-log", Key(Admin), audit::list,
            ("list_audit_log", "List who did what")),

        route(POST, "/v1/session", SignIn, sessions::create,
            ("sign_in", "Sign in")),
        route(GET, "/v1/session", Session, sessions::show,
            ("get_session", "Get the present session")),
        route(PATCH, "/v1/session", Session, sessions::switch,
            ("switch_session", "Go to another organisation or mode")),
        route(DELETE, "/v1/session", Session, sessions::sign_out,
            ("sign_out", "Sign out")),
        route(GET, "/v1/sessions", Session, sessions::list,
            ("list_sessions", "List one's own sessions")),
        route(DELETE, "/v1/sessions/{session_id}", Session, sessions::revoke,
            ("revoke_session", "End one of one's own sessions")),
        route(GET, "/v1/me", Session, sessions::me,
            ("get_me", "Get one's own user and organisations")),
        route(POST, "/v1/me/password", Session, sessions::change_password,
            ("change_password", "Change one's own password")),
        route(GET, "/sign-in", Public, sign_in_page::show,
            ("show_sign_in", "A form to sign in, or to follow a link")),
        route(POST, "/sign-in", SignIn, sign_in_page::submit,
            ("submit_sign_in", "Take the form in")),

        route(GET, "/health/live", Public, health::live,
            ("get_liveness", "Whether the process answers")),
        route(GET, "/health/ready", Public, health::ready,
            ("get_readiness", "Whether the server can do its work")),
        route(GET, "/", Public, front_page::show,
            ("show_front_page", "Where to go from here")),
        route(GET, "/docs", Public, docs_page::show,
            ("show_docs", "Every route")),
        route(GET, "/docs/errors", Public, error_page::show,
            ("show_errors", "Every error code")),
    ]
}

/// What a server with an identity provider has beside them.
#[rustfmt::skip]
pub(crate) fn oidc_routes() -> Vec<Route> {
    use Access::Public;
    vec![
        route(GET, "/sign-in/oidc", Public, oidc::set_out,
            ("start_oidc", "Go to the identity provider")),
        route(GET, CALLBACK_PATH, Public, oidc::come_back,
            ("finish_oidc", "Come back from the identity provider")),
    ]
}

/// What a server under `--dev` has beside them.
#[rustfmt::skip]
pub(crate) fn dev_routes() -> Vec<Route> {
    use Access::Public;
    vec![
        route(GET, INBOX_PATH, Public, inbox::show,
            ("show_inbox", "The webhooks that came in")),
        route(GET, inbox::JSON_PATH, Public, inbox::show_json,
            ("list_inbox", "The same as JSON")),
        route(POST, INBOX_PATH, Public, inbox::receive,
            ("receive_webhook", "Take a webhook in")),
    ]
}

impl Route {
    /// The handler behind what is done before it.
    pub(super) fn guarded(self, app: &Arc<App>) -> MethodRouter<Arc<App>> {
        let access = self.access;
        let mut handler = self.handler;
        // An answer that lets somebody in is not kept.
        if self.method == Method::POST && matches!(access, Access::Key(_)) {
            handler = handler.route_layer(from_fn_with_state(Arc::clone(app), idempotency::layer));
        }
        let gate = Gate { app: Arc::clone(app), access };
        handler.route_layer(from_fn(move |request: Request, next: Next| admit(gate.clone(), request, next)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::api::path::is_known_parameter;

    fn all() -> Vec<Route> {
        routes().into_iter().chain(oidc_routes()).chain(dev_routes()).collect()
    }

    #[test]
    fn every_row_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = all().iter().map(|route| route.name).collect();
        assert_eq!(names.len(), all().len());
    }

    #[test]
    fn every_parameter_of_a_path_is_an_id_of_a_known_kind() {
        for route in all() {
            for part in route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
                assert!(is_known_parameter(part), "{}: {part}", route.path);
            }
        }
    }

    #[test]
    fn nothing_under_v1_is_public() {
        for route in all() {
            let is_public = route.access == Access::Public || route.path == "/sign-in";
            assert_eq!(is_public, !route.path.starts_with("/v1"), "{} {}", route.method, route.path);
        }
    }
}
