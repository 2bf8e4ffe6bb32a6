//! `/v1/events`: what happened, as receivers got it, and events of an organisation's own.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use docextract_model::event::{CoreEvent, Event, WEBHOOK_DISABLED};
use docextract_model::id::{EventId, JobId, OrgId};
use docextract_model::time::Timestamp;
use docextract_store::commands::{EventFilter, PublishEvent};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::app::App;
use super::auth::Caller;
use super::body::JsonBody;
use super::describe::Accepted;
use super::error::{ApiError, Problems, Result};
use super::idempotency::Once;
use super::paging::{self, List};
use super::path::{At, found};
use super::query::{Cursor, Limit, page, query};

/// First words that only this product's own types have, so that new ones never collide with a user's.
const RESERVED: [&str; 3] = ["job", "credits", "webhook"];
const TYPE_CHARS_MAX: usize = 128;
const RESERVED_PATTERN: &str = r"^(job|credits|webhook)\.";
/// Words with dots between, as a regular expression.
const TYPE_PATTERN: &str = r"^[a-z0-9_]+(\.[a-z0-9_]+)+$";

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Event")]
pub(crate) struct EventView {
    id: EventId,
    org_id: OrgId,
    event: String,
    /// As in the body that is sent; null when its document was erased.
    #[schemars(with = "Option<serde_json::Map<String, serde_json::Value>>")]
    data: Option<Box<RawValue>>,
    job_id: Option<JobId>,
    created_at: Timestamp,
}

impl From<Event> for EventView {
    fn from(event: Event) -> Self {
        #[derive(Deserialize)]
        struct Stored {
            data: Box<RawValue>,
        }
        let stored: Option<Stored> = serde_json::from_slice(&event.body).ok();
        Self {
            id: event.id,
            org_id: event.tenant.org_id,
            event: event.event_type,
            data: stored.map(|stored| stored.data),
            job_id: event.job_id,
            created_at: event.created_at,
        }
    }
}

/// Types that this product sends.
fn is_product_type(name: &str) -> bool {
    name == WEBHOOK_DISABLED || CoreEvent::ALL.iter().any(|core| core.as_str() == name)
}

/// What is wrong with the name of an organisation's own type, if anything.
fn custom_type_problem(name: &str) -> Option<String> {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let words: Vec<&str> = name.split('.').collect();
    if name.len() > TYPE_CHARS_MAX || words.len() < 2 || !words.iter().all(|each| word(each)) {
        return Some("must be words of a-z, 0-9 and _ with dots between, such as order.approved".to_owned());
    }
    words
        .first()
        .filter(|first| RESERVED.contains(first))
        .map(|first| format!("begins with {first}., which is kept for DocExtract's own events"))
}

/// What a webhook may subscribe to, as a regular expression.
pub(crate) const SUBSCRIPTION_PATTERN: &str = r"^(\*|[a-z0-9_]+(\.[a-z0-9_]+)+)$";

/// What is wrong with a name that a webhook subscribes to, if anything.
pub(crate) fn subscription_problem(name: &str) -> Option<String> {
    if name == "*" || is_product_type(name) {
        return None;
    }
    let problem = custom_type_problem(name)?;
    let known: Vec<&str> =
        CoreEvent::ALL.iter().map(|core| core.as_str()).chain([WEBHOOK_DISABLED]).collect();
    Some(format!("{problem}; DocExtract's own are {}, and * means the core ones", known.join(", ")))
}

query! {
    ListEvents {
        /// Objects on one page.
        limit: Limit,
        /// `pagination.next_cursor` of the page before.
        cursor: Cursor<EventId>,
        /// Only events of this type.
        event_type: String,
        /// Only events after this instant.
        created_after: Timestamp,
        /// Only events before this instant.
        created_before: Timestamp,
    }
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: ListEvents,
) -> Result<Json<List<EventView>>> {
    let page = page(query.limit, query.cursor);
    let filter = EventFilter {
        event_type: query.event_type,
        created_after: query.created_after,
        created_before: query.created_before,
    };
    let limit = page.limit;
    let events = app.store.events(&caller.tenant, filter, page).await?;
    Ok(paging::list(events, limit, |event| event.id.as_str(), EventView::from))
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    At(id): At<EventId>,
) -> Result<Json<EventView>> {
    Ok(Json(found(app.store.event(&caller.tenant, &id).await?, &id)?.into()))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "EventPublish")]
pub(crate) struct Publish {
    /// A type of one's own: words with dots between, not beginning with job, credits or webhook.
    #[schemars(length(max = TYPE_CHARS_MAX), regex(pattern = TYPE_PATTERN))]
    #[schemars(extend("not" = {"pattern": RESERVED_PATTERN}))]
    event: String,
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    data: Box<RawValue>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EventPublished")]
pub(crate) struct Published {
    id: EventId,
}

pub(crate) async fn publish(
    State(app): State<Arc<App>>,
    caller: Caller,
    once: Once,
    JsonBody(body): JsonBody<Publish>,
) -> Result<Accepted<Published>> {
    let mut problems = Problems::default();
    if let Some(problem) = custom_type_problem(&body.event) {
        problems.push("event", problem);
    }
    if !body.data.get().starts_with('{') {
        problems.push("data", "must be a JSON object");
    }
    problems.finish()?;
    let id: EventId = once.id();
    if once.is_again && app.store.event(&caller.tenant, &id).await?.is_some() {
        return Ok(Accepted(Published { id }));
    }
    let event = Event {
        id: id.clone(),
        tenant: caller.tenant,
        body: written(&body)?,
        event_type: body.event,
        job_id: None,
        created_at: once.now,
    };
    let to_send = app.store.publish_event(PublishEvent { event, send_lease: app.send_lease() }).await?;
    app.hand_over(to_send);
    Ok(Accepted(Published { id }))
}

/// The body that is stored and sent: the data is the very text that came in.
fn written(body: &Publish) -> Result<Arc<[u8]>> {
    #[derive(Serialize)]
    struct Body<'a> {
        event: &'a str,
        data: &'a RawValue,
    }
    serde_json::to_vec(&Body { event: &body.event, data: &body.data })
        .map(Arc::from)
        .map_err(|error| ApiError::internal(format!("an event could not be written: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_own_types_are_dotted_words_outside_the_reserved_ones() {
        for name in ["order.approved", "a.b.c", "x_1.y_2"] {
            assert_eq!(custom_type_problem(name), None, "{name}");
        }
        for name in ["", "order", "order.", ".order", "Order.done", "a b.c", "job.completed", "webhook.x"] {
            assert!(custom_type_problem(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_subscription_to_a_misspelt_core_event_is_refused() {
        for name in ["*", "job.completed", "webhook.disabled", "order.approved"] {
            assert_eq!(subscription_problem(name), None, "{name}");
        }
        let problem = subscription_problem("job.complete").unwrap();
        assert!(problem.contains("job.completed"), "{problem}");
    }

    #[test]
    fn the_body_holds_the_data_as_it_was_sent() {
        let data = RawValue::from_string(r#"{"amount":  1250.50, "b":1}"#.to_owned()).unwrap();
        let body = written(&Publish { event: "order.approved".to_owned(), data }).unwrap();
        assert_eq!(
            String::from_utf8(body.to_vec()).unwrap(),
            r#"{"event":"order.approved","data":{"amount":  1250.50, "b":1}}"#
        );
    }
}
