//! The two signatures of a delivery, as pure functions over the stored bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::time::Timestamp;
use crate::webhook::Secret;

fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of any length, so this branch is never the empty one.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// `X-DocExtract-Signature`: lowercase hex HMAC-SHA256 of the body, keyed with the secret as shown.
#[must_use]
pub fn hex_signature(secret: &Secret, body: &[u8]) -> String {
    hex::encode(hmac_sha256(secret.expose().as_bytes(), &[body]))
}

/// `webhook-signature` of Standard Webhooks: one `v1,<base64>` per live secret, a space between.
#[must_use]
pub fn standard_signature(secrets: &[Secret], id: &str, sent_at: Timestamp, body: &[u8]) -> String {
    let timestamp = sent_at.unix_seconds().to_string();
    let signatures: Vec<String> = secrets
        .iter()
        .map(|secret| {
            let parts: [&[u8]; 5] = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
            format!("v1,{}", STANDARD.encode(hmac_sha256(&secret.standard_key(), &parts)))
        })
        .collect();
    signatures.join(" ")
}

/// Whether a hex signature fits, compared in constant time.
#[must_use]
pub fn verify_hex(secret: &Secret, body: &[u8], signature: &str) -> bool {
    hex_signature(secret, body).as_bytes().ct_eq(signature.as_bytes()).into()
}

/// Lowercase hex HMAC-SHA256 of parts that follow one another.
#[must_use]
pub fn hex_signature_of_parts(secret: &Secret, parts: &[&[u8]]) -> String {
    hex::encode(hmac_sha256(secret.expose().as_bytes(), parts))
}

/// Whether a hex signature of parts that follow one another fits, compared in constant time.
#[must_use]
pub fn verify_hex_of_parts(secret: &Secret, parts: &[&[u8]], signature: &str) -> bool {
    hex_signature_of_parts(secret, parts).as_bytes().ct_eq(signature.as_bytes()).into()
}

/// Whether one of the signatures in a `webhook-signature` header fits, compared in constant time.
#[must_use]
pub fn verify_standard(secret: &Secret, id: &str, sent_at: Timestamp, body: &[u8], header: &str) -> bool {
    let expected = standard_signature(std::slice::from_ref(secret), id, sent_at, body);
    header.split(' ').any(|given| bool::from(expected.as_bytes().ct_eq(given.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vectors_hold() {
        let secret = Secret::from_text("It's a Secret to Everybody".to_owned());
        assert_eq!(
            hex_signature(&secret, b"Hello, World!"),
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        );
        let secret = Secret::from_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let sent_at = Timestamp::from_unix_ms(1_614_265_330_000);
        let header = standard_signature(
            std::slice::from_ref(&secret),
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            sent_at,
            b"{\"test\": 2432232314}",
        );
        assert_eq!(header, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn during_an_overlap_both_secrets_verify() {
        let (new, old) = (Secret::new([1; 24]), Secret::new([2; 24]));
        let sent_at = Timestamp::from_unix_ms(5_000);
        let header = standard_signature(&[new.clone(), old.clone()], "evt_1", sent_at, b"{}");
        for secret in [&new, &old] {
            assert!(verify_standard(secret, "evt_1", sent_at, b"{}", &header));
        }
        assert!(!verify_standard(&new, "evt_1", sent_at, b"{ }", &header));
    }
}
