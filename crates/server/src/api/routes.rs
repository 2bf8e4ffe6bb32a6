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

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use docextract_model::key::Scope;

use super::app::App;
use super::auth::{Gate, admit};
use super::describe::{Describes, Operation, Schemas};
use super::error::{ApiError, ErrorCode};
use super::{
    audit, corrections, credits, deliveries, docs_page, documents, error_page, events, extractors,
    front_page, health, idempotency, invitations, keys, members, oidc, openapi, pages, purchases, replays,
    sessions, sign_in_page, webhook_stats, webhooks,
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
    /// What its handler's types say.
    describe: Option<fn(&mut Operation)>,
    /// What it fails with beyond what its access and its handler's types tell.
    errors: &'static [ErrorCode],
    handler: MethodRouter<Arc<App>>,
}

/// The row of a handler.
fn route<H, T, S>(
    (method, filter): (Method, MethodFilter),
    path: &'static str,
    access: Access,
    handler: H,
    (name, summary): (&'static str, &'static str),
) -> Route
where
    H: Handler<T, Arc<App>> + Describes<S>,
    T: 'static,
{
    let handler = on(filter, handler);
    Route { method, path, access, name, summary, describe: Some(H::describe), errors: &[], handler }
}

/// The row of what is for a browser alone, and no description has.
fn page_route<H, T>(
    (method, filter): (Method, MethodFilter),
    path: &'static str,
    access: Access,
    handler: H,
    name: &'static str,
) -> Route
where
    H: Handler<T, Arc<App>>,
    T: 'static,
{
    let handler = on(filter, handler);
    Route { method, path, access, name, summary: "", describe: None, errors: &[], handler }
}

const GET: (Method, MethodFilter) = (Method::GET, MethodFilter::GET);
const POST: (Method, MethodFilter) = (Method::POST, MethodFilter::POST);
const PATCH: (Method, MethodFilter) = (Method::PATCH, MethodFilter::PATCH);
const DELETE: (Method, MethodFilter) = (Method::DELETE, MethodFilter::DELETE);

/// Every route that a server has. A row takes two lines, so that the table is seen as one.
#[rustfmt::skip]
pub(crate) fn routes() -> Vec<Route> {
    use Access::{Key, Public, Session, SignIn};
    use ErrorCode::{
        AlreadyMember, CheckoutUnavailable, DocumentHasNoPages, DocumentInProgress, DocumentNotCompleted, DocumentNotEnded, EmailTaken, EventErased, ExtractorInactive,
        ExtractorNotFound, FileNotFound, InvitationAccepted, InvitationNotOpen, LastOwner, LiveKeyRequired,
        MemberLimitReached, NotAMember, PageNotDrawn, PurchasesNotEnabled, RoleNotAllowed, SignInFailed, TooManySignIns, WebhookDisabled, WebhookGone, WebhookLimitReached, WebhookUrlNotAllowed,
        WebhookUrlNotHttps,
    };
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
            ("list_documents", "List documents"))
            .fails_with(&[ExtractorNotFound]),
        route(POST, "/v1/documents", Key(DocumentsWrite), documents::submit,
            ("submit_document", "Submit a document"))
            .fails_with(&[ExtractorNotFound, ExtractorInactive]),
        route(GET, "/v1/documents/{document_id}", Key(DocumentsRead), documents::show,
            ("get_document", "Get a document")),
        route(DELETE, "/v1/documents/{document_id}", Key(DocumentsWrite), documents::erase,
            ("erase_document", "Erase a document"))
            .fails_with(&[DocumentInProgress]),
        route(GET, "/v1/documents/{document_id}/file", Key(DocumentsRead), documents::file,
            ("get_document_file", "Get a document's file"))
            .fails_with(&[FileNotFound]),
        route(GET, "/v1/documents/{document_id}/pages/{page}", Key(DocumentsRead), pages::show,
            ("get_document_page", "Get a picture of a page"))
            .fails_with(&[FileNotFound, DocumentHasNoPages, PageNotDrawn]),
        route(PATCH, "/v1/documents/{document_id}/fields", Key(DocumentsWrite), corrections::correct,
            ("correct_document", "Correct a document's fields"))
            .fails_with(&[DocumentNotCompleted]),
        route(POST, "/v1/documents/{document_id}/retry", Key(DocumentsWrite), documents::retry,
            ("retry_document", "Retry a document"))
            .fails_with(&[DocumentNotEnded, ExtractorNotFound, ExtractorInactive]),

        route(GET, "/v1/credits", Key(CreditsRead), credits::show,
            ("get_credits", "Get the balance")),
        route(PATCH, "/v1/credits", Key(Admin), credits::update,
            ("update_credits", "Change the low-balance threshold"))
            .fails_with(&[LiveKeyRequired]),
        route(GET, "/v1/credits/transactions", Key(CreditsRead), credits::transactions,
            ("list_transactions", "List the credit ledger")),
        route(POST, "/v1/credits/grants", Key(Admin), credits::grant,
            ("grant_credits", "Grant credits"))
            .fails_with(&[LiveKeyRequired]),
        route(GET, "/v1/credits/packs", Key(CreditsRead), purchases::packs,
            ("list_credit_packs", "List what credits can be bought"))
            .fails_with(&[PurchasesNotEnabled]),
        route(POST, "/v1/credits/purchases", Key(Admin), purchases::create,
            ("purchase_credits", "Buy credits at a payment provider"))
            .fails_with(&[LiveKeyRequired, PurchasesNotEnabled, CheckoutUnavailable]),
        route(POST, "/checkout/notifications", Public, purchases::notified,
            ("receive_payment", "Take in a payment provider's notification"))
            .fails_with(&[PurchasesNotEnabled]),

        route(GET, "/v1/webhooks", Key(WebhooksRead), webhooks::list,
            ("list_webhooks", "List webhooks")),
        route(POST, "/v1/webhooks", Key(WebhooksWrite), webhooks::create,
            ("create_webhook", "Register a webhook"))
            .fails_with(&[WebhookUrlNotHttps, WebhookUrlNotAllowed, WebhookLimitReached]),
        route(POST, "/v1/webhooks/test", Key(WebhooksWrite), webhooks::test,
            ("test_webhook", "Send a test event now"))
            .fails_with(&[WebhookUrlNotHttps, WebhookUrlNotAllowed]),
        route(GET, "/v1/webhooks/{webhook_id}", Key(WebhooksRead), webhooks::show,
            ("get_webhook", "Get a webhook")),
        route(PATCH, "/v1/webhooks/{webhook_id}", Key(WebhooksWrite), webhooks::update,
            ("update_webhook", "Change a webhook"))
            .fails_with(&[WebhookUrlNotHttps, WebhookUrlNotAllowed]),
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
            ("create_replay", "Replay a webhook's deliveries"))
            .fails_with(&[WebhookDisabled]),
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
            ("replay_delivery", "Replay a delivery"))
            .fails_with(&[EventErased, WebhookGone, WebhookDisabled]),

        route(GET, "/v1/keys", Key(Admin), keys::list,
            ("list_keys", "List API keys")),
        route(POST, "/v1/keys", Key(Admin), keys::create,
            ("create_key", "Create an API key"))
            .fails_with(&[LiveKeyRequired]),
        route(DELETE, "/v1/keys/{key_id}", Key(Admin), keys::revoke,
            ("revoke_key", "Revoke an API key"))
            .fails_with(&[LiveKeyRequired]),

        route(GET, "/v1/members", Key(Admin), members::list,
            ("list_members", "List members")),
        route(GET, "/v1/members/{user_id}", Key(Admin), members::show,
            ("get_member", "Get a member")),
        route(PATCH, "/v1/members/{user_id}", Key(Admin), members::update,
            ("update_member", "Change a member's role"))
            .fails_with(&[LiveKeyRequired, RoleNotAllowed, LastOwner]),
        route(DELETE, "/v1/members/{user_id}", Key(Admin), members::remove,
            ("remove_member", "Remove a member"))
            .fails_with(&[LiveKeyRequired, RoleNotAllowed, LastOwner]),
        route(GET, "/v1/invitations", Key(Admin), invitations::list,
            ("list_invitations", "List invitations")),
        route(POST, "/v1/invitations", Key(Admin), invitations::create,
            ("create_invitation", "Invite somebody by a link"))
            .fails_with(&[LiveKeyRequired, RoleNotAllowed, LastOwner, AlreadyMember, MemberLimitReached]),
        route(DELETE, "/v1/invitations/{invitation_id}", Key(Admin), invitations::revoke,
            ("revoke_invitation", "Revoke an invitation"))
            .fails_with(&[LiveKeyRequired, InvitationAccepted]),
        route(POST, "/v1/invitations/accept", SignIn, invitations::accept_link,
            ("accept_invitation", "Accept an invitation and sign in"))
            .fails_with(&[InvitationNotOpen, EmailTaken, AlreadyMember, MemberLimitReached, SignInFailed, TooManySignIns, NotAMember]),
        route(GET, "/v1/audit-log", Key(Admin), audit::list,
            ("list_audit_log", "List who did what")),

        route(POST, "/v1/session", SignIn, sessions::create,
            ("sign_in", "Sign in"))
            .fails_with(&[SignInFailed, TooManySignIns, NotAMember]),
        route(GET, "/v1/session", Session, sessions::show,
            ("get_session", "Get the present session")),
        route(PATCH, "/v1/session", Session, sessions::switch,
            ("switch_session", "Go to another organisation or mode"))
            .fails_with(&[NotAMember]),
        route(DELETE, "/v1/session", Session, sessions::sign_out,
            ("sign_out", "Sign out")),
        route(GET, "/v1/sessions", Session, sessions::list,
            ("list_sessions", "List one's own sessions")),
        route(DELETE, "/v1/sessions/{session_id}", Session, sessions::revoke,
            ("revoke_session", "End one of one's own sessions")),
        route(GET, "/v1/me", Session, sessions::me,
            ("get_me", "Get one's own user and organisations")),
        route(POST, "/v1/me/password", Session, sessions::change_password,
            ("change_password", "Change one's own password"))
            .fails_with(&[TooManySignIns]),
        // A form for browsers: what it does is described as what /v1/session and /v1/invitations do.
        page_route(GET, "/sign-in", Public, sign_in_page::show, "show_sign_in"),
        page_route(POST, "/sign-in", SignIn, sign_in_page::submit, "submit_sign_in"),

        route(GET, "/health/live", Public, health::live,
            ("get_liveness", "Whether the process answers")),
        route(GET, "/health/ready", Public, health::ready,
            ("get_readiness", "Whether the server can do its work")),
        route(GET, "/", Public, front_page::show,
            ("show_front_page", "Where to go from here")),
        route(GET, "/openapi.json", Public, openapi::show,
            ("get_openapi", "Get this description")),
        route(GET, "/docs", Public, docs_page::show,
            ("show_docs", "Every route")),
        route(GET, "/docs/errors", Public, error_page::show,
            ("show_errors", "Every error code")),
    ]
}

/// What a server with an identity provider has beside them.
pub(crate) fn oidc_routes() -> Vec<Route> {
    vec![
        page_route(GET, "/sign-in/oidc", Access::Public, oidc::set_out, "start_oidc"),
        page_route(GET, CALLBACK_PATH, Access::Public, oidc::come_back, "finish_oidc"),
    ]
}

/// What a server under `--dev` has beside them.
pub(crate) fn dev_routes() -> Vec<Route> {
    vec![
        page_route(GET, INBOX_PATH, Access::Public, inbox::show, "show_inbox"),
        page_route(GET, inbox::JSON_PATH, Access::Public, inbox::show_json, "list_inbox"),
        page_route(POST, INBOX_PATH, Access::Public, inbox::receive, "receive_webhook"),
    ]
}

impl Route {
    fn fails_with(self, errors: &'static [ErrorCode]) -> Self {
        Self { errors, ..self }
    }

    /// What the description says of it; nothing of a page that no description has.
    pub(crate) fn described<'a>(&self, schemas: &'a mut Schemas) -> Option<Operation<'a>> {
        let mut operation = Operation::new(schemas);
        self.describe?(&mut operation);
        operation.fails_with(self.errors);
        operation.fails_with(&[ErrorCode::InternalError, ErrorCode::ServiceUnavailable]);
        // Whether the server lives is told however much it has to do.
        if !self.path.starts_with("/health/") {
            operation.fails_with(&[ErrorCode::Overloaded]);
        }
        let by_key_or_cookie = [
            ErrorCode::MissingAuthorization,
            ErrorCode::InvalidApiKey,
            ErrorCode::InvalidSession,
            ErrorCode::RateLimitExceeded,
        ];
        match self.access {
            Access::Public => {}
            Access::SignIn => operation.fails_with(&[ErrorCode::CrossSiteRequest]),
            Access::Session => {
                operation.fails_with(&by_key_or_cookie);
                operation.fails_with(&[ErrorCode::SessionRequired]);
            }
            Access::Key(_) => {
                operation.fails_with(&by_key_or_cookie);
                operation.fails_with(&[ErrorCode::InsufficientScope]);
            }
        }
        if matches!(self.access, Access::Session | Access::Key(_)) && self.method != Method::GET {
            operation.fails_with(&[ErrorCode::CrossSiteRequest]);
        }
        if self.takes_idempotency_key() {
            operation.fails_with(&[
                ErrorCode::InvalidRequest,
                ErrorCode::MalformedRequest,
                ErrorCode::RequestTooLarge,
                ErrorCode::IdempotencyConflict,
                ErrorCode::IdempotencyInProgress,
                ErrorCode::IdempotentAnswerErased,
            ]);
        }
        Some(operation)
    }

    /// An answer that lets somebody in is not kept.
    pub(crate) fn takes_idempotency_key(&self) -> bool {
        self.method == Method::POST && matches!(self.access, Access::Key(_))
    }

    /// The handler behind what is done before it.
    pub(super) fn guarded(self, app: &Arc<App>) -> MethodRouter<Arc<App>> {
        let is_keyed = self.takes_idempotency_key();
        let documented = self.documented_errors();
        let access = self.access;
        let mut handler = self.handler;
        if is_keyed {
            handler = handler.route_layer(from_fn_with_state(Arc::clone(app), idempotency::layer));
        }
        let gate = Gate { app: Arc::clone(app), access };
        handler = handler
            .route_layer(from_fn(move |request: Request, next: Next| admit(gate.clone(), request, next)));
        match documented {
            Some(errors) => handler.layer(map_response(move |response: Response| {
                held(self.name, Arc::clone(&errors), response)
            })),
            None => handler,
        }
    }

    /// What it may fail with, where tests hold it to that.
    fn documented_errors(&self) -> Option<Arc<BTreeSet<ErrorCode>>> {
        let is_held = cfg!(debug_assertions);
        let mut schemas = Schemas::default();
        self.described(&mut schemas).filter(|_| is_held).map(|operation| Arc::new(operation.errors))
    }
}

/// An error that the description does not name is a fault, which every test finds that meets it.
async fn held(name: &'static str, documented: Arc<BTreeSet<ErrorCode>>, response: Response) -> Response {
    if let Some(error) = response.extensions().get::<ApiError>() {
        debug_assert!(
            documented.contains(&error.code),
            "{name} is not described as failing with {:?}",
            error.code
        );
    }
    response
}

#[cfg(test)]
mod tests {
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
