//! `docextract verify`: tells why a webhook's signature does not match.
//!
//! The usual mistakes leave traces: the signature fits the body with one thing undone. Each is tried.

use std::io::Read as _;
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use docextract_model::signature::{hex_signature, verify_hex, verify_standard};
use docextract_model::time::Timestamp;
use docextract_model::webhook::Secret;

use super::hinted;

/// Bytes of a body that are read: more than any webhook has.
const BODY_BYTES_MAX: u64 = 64 * 1024 * 1024;

#[derive(Args)]
pub(super) struct Verify {
    /// The webhook's secret as it was shown: whsec_…
    #[arg(long, env = "DOCEXTRACT_WEBHOOK_SECRET", hide_env_values = true)]
    secret: String,
    /// The header X-DocExtract-Signature, or webhook-signature (v1,…)
    #[arg(long)]
    signature: String,
    /// The header webhook-id; needed for webhook-signature
    #[arg(long)]
    id: Option<String>,
    /// The header webhook-timestamp; needed for webhook-signature
    #[arg(long)]
    timestamp: Option<i64>,
}

impl Verify {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let mut body = Vec::new();
        std::io::stdin().take(BODY_BYTES_MAX).read_to_end(&mut body)?;
        let verdict = if self.signature.trim().starts_with("v1,") {
            let (Some(id), Some(seconds)) = (&self.id, self.timestamp) else {
                return Err(hinted(
                    "webhook-signature covers the id and the timestamp too",
                    "give both headers: --id <webhook-id> --timestamp <webhook-timestamp>",
                ));
            };
            judge_standard(&self.secret, id, seconds, &self.signature, &body)
        } else {
            judge_hex(&self.secret, &self.signature, &body)
        };
        match verdict {
            Ok(()) => {
                println!("valid");
                Ok(ExitCode::SUCCESS)
            }
            Err(reason) => {
                println!("invalid: {reason}");
                Ok(ExitCode::FAILURE)
            }
        }
    }
}

/// The secret without what copying adds to it, if that makes a difference.
fn trimmed_secret(secret: &str) -> Option<Secret> {
    let trimmed = secret.trim().trim_matches(['"', '\'']);
    (trimmed != secret).then(|| Secret::from_text(trimmed.to_owned()))
}

/// The body with one usual change undone, and what that change is called.
fn body_variants(body: &[u8]) -> Vec<(Vec<u8>, &'static str)> {
    let mut variants = Vec::new();
    let end = body.iter().rposition(|b| !matches!(b, b'\n' | b'\r')).map_or(0, |last| last + 1);
    if end < body.len() {
        variants.push((
            body[..end].to_vec(),
            "the body here ends with a line break that the request did not have: save it with printf '%s' or --data-binary",
        ));
    }
    if let Ok(value) = serde_json::from_slice::<serde_json::Value>(body)
        && let Ok(compact) = serde_json::to_vec(&value)
        && compact != body
    {
        variants.push((
            compact,
            "the body was parsed and written again: verify the raw bytes of the request before parsing them",
        ));
    }
    variants
}

const NOTHING_FITS: &str = "the secret or the body is another one: check that this is the secret of the webhook \
     that the request came from, that it was not rotated, and that the body is byte for byte what was received";

fn judge_hex(secret_text: &str, signature: &str, body: &[u8]) -> Result<(), String> {
    let secret = Secret::from_text(secret_text.to_owned());
    if verify_hex(&secret, body, signature) {
        return Ok(());
    }
    let trimmed = signature.trim();
    let bare = trimmed.strip_prefix("sha256=").unwrap_or(trimmed);
    if verify_hex(&secret, body, &bare.to_ascii_lowercase()) {
        return Err(if bare != trimmed {
            "the signature has a prefix sha256= that DocExtract does not send".to_owned()
        } else if trimmed != signature {
            "the signature has white space around it".to_owned()
        } else {
            "the signature is in upper case: DocExtract sends lowercase hex, compare it as such".to_owned()
        });
    }
    let expected = hex_signature(&secret, body);
    if hex::decode(&expected).is_ok_and(|bytes| STANDARD.encode(bytes) == bare) {
        return Err("the signature is in base64: X-DocExtract-Signature is lowercase hex".to_owned());
    }
    if let Some(secret) = trimmed_secret(secret_text)
        && verify_hex(&secret, body, bare)
    {
        return Err("the secret has white space or quotes around it".to_owned());
    }
    judge_secret_use(secret_text, body, bare)?;
    let fits = |(variant, _): &(Vec<u8>, &str)| verify_hex(&secret, variant, bare);
    match body_variants(body).into_iter().find(fits) {
        Some((_, reason)) => Err(reason.to_owned()),
        None if bare.len() != expected.len() => {
            Err(format!("the signature has {} characters: lowercase hex SHA-256 has 64", bare.len()))
        }
        None => Err(NOTHING_FITS.to_owned()),
    }
}

/// Whether the signature was made with another reading of the same secret.
fn judge_secret_use(secret_text: &str, body: &[u8], signature: &str) -> Result<(), String> {
    let Some(encoded) = secret_text.trim().strip_prefix("whsec_") else { return Ok(()) };
    if verify_hex(&Secret::from_text(encoded.to_owned()), body, signature) {
        return Err("it was keyed without whsec_: key it with the whole secret as it is shown".to_owned());
    }
    let decoded = STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    if decoded.is_some_and(|key| verify_hex(&Secret::from_text(key), body, signature)) {
        return Err(
            "it was keyed with the decoded secret: X-DocExtract-Signature takes the text as shown".to_owned()
        );
    }
    Ok(())
}

fn judge_standard(
    secret_text: &str,
    id: &str,
    seconds: i64,
    signature: &str,
    body: &[u8],
) -> Result<(), String> {
    let secret = Secret::from_text(secret_text.to_owned());
    let at = |seconds: i64| Timestamp::from_unix_ms(seconds.saturating_mul(1000));
    let fits = |secret: &Secret, seconds: i64, body: &[u8]| {
        verify_standard(secret, id, at(seconds), body, signature.trim())
    };
    if fits(&secret, seconds, body) {
        return Ok(());
    }
    if trimmed_secret(secret_text).is_some_and(|secret| fits(&secret, seconds, body)) {
        return Err("the secret has white space or quotes around it".to_owned());
    }
    if fits(&secret, seconds / 1000, body) {
        return Err("the timestamp is in milliseconds: webhook-timestamp is in seconds".to_owned());
    }
    match body_variants(body).into_iter().find(|(variant, _)| fits(&secret, seconds, variant)) {
        Some((_, reason)) => Err(reason.to_owned()),
        None => {
            Err(format!("{NOTHING_FITS}; that webhook-id and webhook-timestamp are those of this request"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = br#"{"event":"webhook.test","data":{"amount":1250.50}}"#;

    fn signature() -> String {
        hex_signature(&Secret::from_text(SECRET.to_owned()), BODY)
    }

    fn reason(secret: &str, signature: &str, body: &[u8]) -> String {
        judge_hex(secret, signature, body).err().unwrap_or_default()
    }

    #[test]
    fn each_usual_mistake_is_told_apart() {
        let good = signature();
        assert_eq!(reason(SECRET, &good, BODY), "");
        let base64 = STANDARD.encode(hex::decode(&good).unwrap());
        let with_line_break = [BODY, b"\n"].concat();
        let spaced = br#"{"event": "webhook.test", "data": {"amount": 1250.50}}"#;
        let without_prefix = hex_signature(&Secret::from_text(SECRET["whsec_".len()..].to_owned()), BODY);
        for (told, expected) in [
            (reason(SECRET, &good.to_uppercase(), BODY), "upper case"),
            (reason(SECRET, &format!(" {good}"), BODY), "white space"),
            (reason(SECRET, &format!("sha256={good}"), BODY), "sha256="),
            (reason(SECRET, &base64, BODY), "base64"),
            (reason(&format!("{SECRET}\n"), &good, BODY), "the secret has white space"),
            (reason(SECRET, &good, &with_line_break), "line break"),
            (reason(SECRET, &good, spaced), "written again"),
            (reason(SECRET, &without_prefix, BODY), "without whsec_"),
            (reason("whsec_b3RoZXI=", &good, BODY), "another one"),
        ] {
            assert!(told.contains(expected), "{told:?} does not say {expected:?}");
        }
    }
}
