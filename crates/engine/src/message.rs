//! The request of one attempt: its headers as they are sent, and as the log keeps them.
//!
//! The body is the event's bytes as stored; both signatures are made over them for this attempt. A
//! webhook's own headers come last and cannot replace one of ours or one that frames the request.
//! The log keeps names and values of ours, and of a webhook's own headers the names alone: any of them may
//! be a credential. Of an answer it keeps the values that do not look like one.

use std::borrow::Cow;

use docextract_model::delivery::{LoggedHeaders, OUR_HEADERS};
use docextract_model::id::{DeliveryId, EventId};
use docextract_model::signature::{hex_signature, standard_signature};
use docextract_model::time::Timestamp;
use docextract_model::webhook::Secret;
use hyper::HeaderMap;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};

/// Bytes of an answer's headers that the log keeps.
const LOGGED_HEADER_BYTES_MAX: usize = 8 * 1024;
const REDACTED: &str = "[redacted]";
/// Shorter values of headers are words such as `billing`: an answer may hold them by chance.
const SECRET_BYTES_MIN: usize = 8;
/// Headers that a webhook cannot set, beside ours: they frame the request or steer the connection.
const RESERVED: [&str; 13] = [
    "host",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authorization",
    "te",
    "trailer",
    "upgrade",
    "expect",
    "http2-settings",
];
/// [`OUR_HEADERS`] in the same order as they are sent. Made once: every attempt has all of them.
static OURS_SENT: [HeaderName; 9] = [
    CONTENT_TYPE,
    USER_AGENT,
    HeaderName::from_static("x-docextract-signature"),
    HeaderName::from_static("webhook-id"),
    HeaderName::from_static("webhook-timestamp"),
    HeaderName::from_static("webhook-signature"),
    HeaderName::from_static("x-docextract-event"),
    HeaderName::from_static("x-docextract-delivery"),
    HeaderName::from_static("x-docextract-attempt"),
];
/// A header whose name contains one of these carries a credential.
const CREDENTIAL_WORDS: [&str; 8] =
    ["authorization", "cookie", "key", "token", "secret", "password", "signature", "credential"];

/// What the headers of an attempt are made from.
pub(crate) struct Message<'a> {
    pub(crate) event_id: &'a EventId,
    pub(crate) event_type: &'a str,
    pub(crate) delivery_id: &'a DeliveryId,
    pub(crate) attempt_number: u32,
    /// The newest first.
    pub(crate) secrets: &'a [Secret],
    /// The webhook's own headers.
    pub(crate) headers: &'a [(String, String)],
}

/// Headers to send, and the same for the log.
#[derive(Debug)]
pub(crate) struct Headers {
    pub(crate) sent: HeaderMap,
    pub(crate) logged: LoggedHeaders,
}

impl Message<'_> {
    /// The headers of an attempt to send `body` that is made at `now`.
    pub(crate) fn headers(&self, body: &[u8], user_agent: &str, now: Timestamp) -> Headers {
        let count = OUR_HEADERS.len() + self.headers.len();
        let mut headers =
            Headers { sent: HeaderMap::with_capacity(count), logged: Vec::with_capacity(count) };
        let ours = OUR_HEADERS.into_iter().zip(&OURS_SENT).zip(self.ours(body, user_agent, now));
        for ((name, sent), value) in ours {
            headers.push(name.into(), sent.clone(), value, false);
        }
        for (name, value) in self.headers {
            if RESERVED.iter().chain(&OUR_HEADERS).any(|known| known.eq_ignore_ascii_case(name)) {
                continue;
            }
            // A name that HTTP has no way to carry is left out; the API refuses it at the edge.
            if let Ok(sent) = HeaderName::from_bytes(name.as_bytes()) {
                headers.push(name.clone().into(), sent, value.clone(), true);
            }
        }
        headers
    }

    /// The values of [`OUR_HEADERS`].
    fn ours(&self, body: &[u8], user_agent: &str, now: Timestamp) -> [String; 9] {
        let hex = self.secrets.first().map(|newest| hex_signature(newest, body)).unwrap_or_default();
        let standard = standard_signature(self.secrets, self.event_id.as_str(), now, body);
        [
            "application/json".to_owned(),
            user_agent.to_owned(),
            hex,
            self.event_id.to_string(),
            now.unix_seconds().to_string(),
            standard,
            self.event_type.to_owned(),
            self.delivery_id.to_string(),
            self.attempt_number.to_string(),
        ]
    }
}

impl Headers {
    /// A value that HTTP has no way to carry is left out, too.
    fn push(&mut self, name: Cow<'static, str>, sent_name: HeaderName, value: String, is_redacted: bool) {
        let Ok(sent) = HeaderValue::from_bytes(value.as_bytes()) else { return };
        self.sent.append(sent_name, sent);
        self.logged.push((name, if is_redacted { REDACTED.to_owned() } else { value }));
    }
}

/// Whether a header carries a credential. Every answer has some to look at, so a word is compared only where its
/// first letter stands.
fn is_credential(name: &HeaderName) -> bool {
    // In lower case, as its type keeps it.
    let name = name.as_str().as_bytes();
    let stands_at =
        |at: usize, word: &str| word.as_bytes()[0] == name[at] && name[at..].starts_with(word.as_bytes());
    (0..name.len()).any(|at| CREDENTIAL_WORDS.iter().any(|word| stands_at(at, word)))
}

impl Message<'_> {
    /// An answer's headers for the log, up to a limit, without what looks like a credential.
    pub(crate) fn logged_answer(&self, headers: &HeaderMap) -> LoggedHeaders {
        let mut left = LOGGED_HEADER_BYTES_MAX;
        headers
            .iter()
            .map_while(|(name, value)| {
                let value = if is_credential(name) {
                    REDACTED.to_owned()
                } else {
                    self.logged_text(value.as_bytes())
                };
                left = left.checked_sub(name.as_str().len() + value.len())?;
                Some((name.to_string().into(), value))
            })
            .collect()
    }

    /// What an endpoint said, for the log: without what it repeats of the secrets that it was sent or knows.
    pub(crate) fn logged_text(&self, said: &[u8]) -> String {
        let mut text = String::from_utf8_lossy(said).into_owned();
        // Of `Bearer 6f1c…` the second word alone is as good.
        let sent =
            self.headers.iter().flat_map(|(_, value)| [Some(value.as_str()), value.split(' ').next_back()]);
        let known = self.secrets.iter().map(Secret::expose);
        for secret in sent.flatten().chain(known).filter(|secret| secret.len() >= SECRET_BYTES_MIN) {
            if secret.len() <= text.len() && text.contains(secret) {
                text = text.replace(secret, REDACTED);
            }
        }
        text
    }
}

/// How long the endpoint asks to be left alone: `Retry-After` in seconds or as an HTTP date.
pub(crate) fn retry_after_ms(headers: &HeaderMap, now: Timestamp) -> Option<u64> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(seconds.saturating_mul(1000));
    }
    let since_epoch = httpdate::parse_http_date(value).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    let until = Timestamp::from_unix_ms(i64::try_from(since_epoch.as_millis()).ok()?);
    Some(until.ms_since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `look` says of a message with these headers.
    fn of_message<T>(own: &[(&str, &str)], look: impl FnOnce(&Message<'_>) -> T) -> T {
        let own: Vec<_> = own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        look(&Message {
            event_id: &EventId::parse("evt_1").unwrap(),
            event_type: "job.completed",
            delivery_id: &DeliveryId::parse("dlv_1").unwrap(),
            attempt_number: 2,
            secrets: &[Secret::new([1; 24])],
            headers: &own,
        })
    }

    fn headers(own: &[(&str, &str)]) -> Headers {
        let now = Timestamp::from_unix_ms(1_700_000_000_999);
        of_message(own, |message| message.headers(b"{}", "DocExtract-Webhooks/0.1.0", now))
    }

    #[test]
    fn a_webhooks_own_headers_cannot_replace_ours_or_frame_the_request() {
        let headers = headers(&[
            ("x-docextract-signature", "forged"),
            ("Webhook-Id", "forged"),
            ("Host", "elsewhere"),
            ("Transfer-Encoding", "chunked"),
            ("X-Team", "billing"),
            ("not a name", "x"),
            ("X-Split", "a\r\nX-Docextract-Attempt: 9"),
        ]);
        assert_eq!(headers.sent.len(), 10);
        assert_eq!(headers.sent["x-team"], "billing");
        assert_eq!(headers.sent["webhook-id"], "evt_1");
        assert_eq!(headers.sent["webhook-timestamp"], "1700000000");
        assert_eq!(headers.sent["x-docextract-attempt"], "2");
    }

    #[test]
    fn the_log_shows_our_headers_and_hides_what_may_be_a_credential() {
        let headers =
            headers(&[("Authorization", "Bearer abc"), ("X-Api-Key", "abc"), ("X-Team", "billing")]);
        let logged = |name: &str| {
            headers.logged.iter().find(|(logged, _)| logged == name).map(|(_, value)| value.as_str())
        };
        assert_eq!(logged("Authorization"), Some(REDACTED));
        assert_eq!(logged("X-Api-Key"), Some(REDACTED));
        assert_eq!(logged("X-Team"), Some(REDACTED));
        assert_eq!(logged("X-DocExtract-Signature").map(str::len), Some(64));
        assert_eq!(headers.sent["authorization"], "Bearer abc");
        let mut answer = HeaderMap::new();
        answer.insert("set-cookie", HeaderValue::from_static("session=abc"));
        let logged = of_message(&[], |message| message.logged_answer(&answer));
        assert_eq!(logged, [("set-cookie".into(), REDACTED.to_owned())]);
    }

    #[test]
    fn the_log_hides_what_an_endpoint_repeats_of_its_secrets() {
        let own = [("Authorization", "Bearer of-the-receiver"), ("X-Team", "billing")];
        let mut answer = HeaderMap::new();
        answer.insert("x-seen", HeaderValue::from_static("Bearer of-the-receiver"));
        let logged = of_message(&own, |message| message.logged_answer(&answer));
        assert_eq!(logged, [("x-seen".into(), REDACTED.to_owned())]);
        let secret = Secret::new([1; 24]);
        let said = format!("token of-the-receiver, secret {}, team billing", secret.expose());
        let logged = of_message(&own, |message| message.logged_text(said.as_bytes()));
        assert_eq!(logged, format!("token {REDACTED}, secret {REDACTED}, team billing"));
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let now = Timestamp::parse("2015-10-21T07:28:00Z").unwrap();
        let asked = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(value));
            retry_after_ms(&headers, now)
        };
        assert_eq!(asked("120"), Some(120_000));
        assert_eq!(asked("Wed, 21 Oct 2015 07:30:00 GMT"), Some(120_000));
        assert_eq!(asked("Wed, 21 Oct 2015 07:00:00 GMT"), Some(0));
        assert_eq!(asked("soon"), None);
        assert_eq!(asked("-1"), None);
    }
}
