//! Examples in the API's description: one for each schema that has a name and that a caller meets.
//!
//! A test holds each to its schema, so an example that is no longer one fails.

use serde_json::{Value, json};

use super::error::ErrorCode;

/// An error as it is answered.
pub(super) fn error(code: ErrorCode) -> Value {
    let row = code.row();
    json!({"error": {
        "code": row.code,
        "message": row.message,
        "suggestion": row.suggestion,
        "status": row.status.as_u16(),
        "request_id": "req_01935884a1e07cc3a4d5e6f708192a3b",
        "documentation_url": format!("https://docextract.example/docs/errors#{}", row.code),
    }})
}

/// Puts each example into its schema.
pub(super) fn write_into(document: &mut Value) {
    for (name, example) in examples() {
        if let Some(schema) = document["components"]["schemas"].get_mut(name) {
            schema["examples"] = json!([example]);
        }
    }
}

fn examples() -> Vec<(&'static str, Value)> {
    let field = json!({
        "name": "invoice_number", "type": "text", "required": true,
        "description": "The number that the seller gave this invoice",
    });
    vec![
        (
            "ExtractorCreate",
            json!({
                "name": "Delivery notes", "document_type": "delivery_note", "field_definitions": [field],
            }),
        ),
        ("ExtractorUpdate", json!({"is_active": false})),
        (
            "Extractor",
            json!({
                "id": "ext_01935884a1e07cc3a4d5e6f708192a3b", "org_id": "org_01935884a1e07cc3a4d5e6f708192a3b",
                "name": "Delivery notes", "document_type": "delivery_note", "field_definitions": [field],
                "is_active": true, "created_at": "2024-11-23T10:00:00Z", "updated_at": "2024-11-23T10:00:00Z",
                "created_by": "key_01935884a1e07cc3a4d5e6f708192a3b", "usage_count": 0, "version": 1,
            }),
        ),
        (
            "DocumentSubmit",
            json!({
                "extractor_id": "invoice", "document": "SW52b2ljZSBObyBBLTEKVG90YWwgMTI1MC41MCBFVVIK",
                "mime_type": "text/plain", "filename": "a-1.txt", "metadata": {"order": 7},
            }),
        ),
        (
            "Document",
            json!({
                "id": "job_01935884a1e07cc3a4d5e6f708192a3b", "org_id": "org_01935884a1e07cc3a4d5e6f708192a3b",
                "extractor_id": "ext_01935884a1e07cc3a4d5e6f708192a3b", "status": "completed",
                "document_url":
                    "https://docextract.example/v1/documents/job_01935884a1e07cc3a4d5e6f708192a3b/file",
                "mime_type": "application/pdf", "file_size_bytes": 48213,
                "extracted_data": {"invoice_number": "A-1", "total_amount": 1250.50, "due_date": null},
                "confidence": {"invoice_number": 0.97, "total_amount": 0.9, "due_date": 0},
                "processing_time_ms": 84, "cost_credits": 2, "error_details": null, "metadata": {"order": 7},
                "created_at": "2024-11-23T10:00:00Z", "started_at": "2024-11-23T10:00:00Z",
                "completed_at": "2024-11-23T10:00:00Z",
                "citations": {
                    "invoice_number": {"page": 1, "bbox": [0.1, 0.2, 0.3, 0.22], "text": "A-1"},
                    "total_amount": {"page": 1, "bbox": [0.7, 0.8, 0.8, 0.82], "text": "1.250,50"},
                    "due_date": null,
                },
                "corrections": null, "corrected_at": null, "warnings": [], "page_count": 1, "filename": "a-1.pdf", "hold_reason": null, "retry_of": null,
            }),
        ),
        (
            "DocumentCorrected",
            json!({
                "id": "job_01935884a1e07cc3a4d5e6f708192a3b", "org_id": "org_01935884a1e07cc3a4d5e6f708192a3b",
                "extractor_id": "ext_01935884a1e07cc3a4d5e6f708192a3b", "status": "completed",
                "document_url":
                    "https://docextract.example/v1/documents/job_01935884a1e07cc3a4d5e6f708192a3b/file",
                "mime_type": "application/pdf", "file_size_bytes": 48213,
                "extracted_data": {"invoice_number": "A-1", "total_amount": 1250.50, "due_date": null},
                "confidence": {"invoice_number": 0.97, "total_amount": 0.9, "due_date": 0},
                "processing_time_ms": 84, "cost_credits": 2, "error_details": null, "metadata": {"order": 7},
                "created_at": "2024-11-23T10:00:00Z", "started_at": "2024-11-23T10:00:00Z",
                "completed_at": "2024-11-23T10:00:00Z",
                "citations": {
                    "invoice_number": {"page": 1, "bbox": [0.1, 0.2, 0.3, 0.22], "text": "A-1"},
                    "total_amount": {"page": 1, "bbox": [0.7, 0.8, 0.8, 0.82], "text": "1.250,50"},
                    "due_date": null,
                },
                "corrections": {"total_amount": 1250.00}, "corrected_at": "2024-11-23T10:05:00Z",
                "learned": ["total_amount"], "warnings": [], "page_count": 1, "filename": "a-1.pdf", "hold_reason": null, "retry_of": null,
            }),
        ),
        (
            "DocumentCorrect",
            json!({"fields": {"invoice_number": "A-2", "total_amount": 1250.00, "due_date": null}}),
        ),
        (
            "Credits",
            json!({
                "balance": 998, "total_purchased": 1000, "total_used": 2, "currency": "USD",
                "last_purchase": {"amount": 1000, "price_paid": 0, "purchased_at": "2024-11-23T10:00:00Z"},
                "low_balance_threshold": 100,
            }),
        ),
        ("CreditsUpdate", json!({"low_balance_threshold": 100})),
        ("CreditsGrant", json!({"amount": 1000, "description": "The first thousand"})),
        ("CreditsPurchaseRequest", json!({"credits": 100})),
        (
            "CreditsPurchase",
            json!({
                "transaction_id": "txn_01935884a1e07cc3a4d5e6f708192a3b", "session_id": "cs_live_a1b2c3",
                "url": "https://checkout.stripe.com/c/pay/cs_live_a1b2c3", "credits": 100, "price": 9.00,
                "currency": "EUR",
            }),
        ),
        (
            "CreditPacks",
            json!({
                "currency": "EUR",
                "data": [{"credits": 100, "price": 9.00}, {"credits": 1000, "price": 79.00}],
            }),
        ),
        (
            "Transaction",
            json!({
                "id": "txn_01935884a1e07cc3a4d5e6f708192a3b", "org_id": "org_01935884a1e07cc3a4d5e6f708192a3b",
                "kind": "charge", "amount": -2, "balance_after": 998,
                "job_id": "job_01935884a1e07cc3a4d5e6f708192a3b", "description": "",
                "created_at": "2024-11-23T10:00:00Z",
            }),
        ),
        (
            "WebhookCreate",
            json!({
                "url": "https://example.com/hooks/docextract", "events": ["job.completed", "job.failed"],
                "headers": {"Authorization": "Basic ZG9jOmV4dHJhY3Q="}, "rate_limit_per_second": 10,
            }),
        ),
        ("WebhookUpdate", json!({"events": ["*"], "status": "enabled"})),
        (
            "Webhook",
            json!({
                "id": "wh_01935884a1e07cc3a4d5e6f708192a3b", "org_id": "org_01935884a1e07cc3a4d5e6f708192a3b",
                "url": "https://example.com/hooks/docextract", "description": "",
                "events": ["job.completed", "job.failed"], "status": "enabled", "disabled_reason": null,
                "headers": {"Authorization": "Basic ZG9jOmV4dHJhY3Q="}, "rate_limit_per_second": 10,
                "client_certificate": null, "created_at": "2024-11-23T10:00:00Z",
                "updated_at": "2024-11-23T10:00:00Z",
            }),
        ),
        ("SecretRotate", json!({"overlap": "24h"})),
        ("DocumentRetry", json!({"password": "the-password-of-the-file"})),
        (
            "WebhookSecret",
            json!({
                "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "previous_secret": null,
                "previous_secret_expires_at": null,
            }),
        ),
        ("WebhookTest", json!({"webhook_url": "https://example.com/hooks/docextract"})),
        (
            "WebhookTestResult",
            json!({
                "delivered": true, "status_code": 204, "response_time_ms": 38, "error": null,
                "delivery_id": "dlv_01935884a1e07cc3a4d5e6f708192a3b",
            }),
        ),
        ("ReplayCreate", json!({"since": "2024-11-22T00:00:00Z", "status": ["failed", "skipped"]})),
        (
            "Replay",
            json!({
                "id": "rpl_01935884a1e07cc3a4d5e6f708192a3b", "webhook_id": "wh_01935884a1e07cc3a4d5e6f708192a3b",
                "since": "2024-11-22T00:00:00Z", "until": "2024-11-23T10:00:00Z",
                "statuses": ["failed", "skipped"], "status": "running", "replayed": 120,
                "position": "2024-11-22T08:30:00Z", "created_at": "2024-11-23T10:00:00Z", "finished_at": null,
            }),
        ),
        ("EventPublish", json!({"event": "order.approved", "data": {"order": 7, "amount": 1250.50}})),
        ("EventPublished", json!({"id": "evt_01935884a1e07cc3a4d5e6f708192a3b"})),
        (
            "Event",
            json!({
                "id": "evt_01935884a1e07cc3a4d5e6f708192a3b", "org_id": "org_01935884a1e07cc3a4d5e6f708192a3b",
                "event": "order.approved", "data": {"order": 7, "amount": 1250.50}, "job_id": null,
                "created_at": "2024-11-23T10:00:00Z",
            }),
        ),
        (
            "Delivery",
            json!({
                "id": "dlv_01935884a1e07cc3a4d5e6f708192a3b", "event_id": "evt_01935884a1e07cc3a4d5e6f708192a3b",
                "event_type": "order.approved", "webhook_id": "wh_01935884a1e07cc3a4d5e6f708192a3b",
                "url": "https://example.com/hooks/docextract", "status": "delivered", "trigger": "event",
                "attempt_count": 1, "next_attempt_at": null, "created_at": "2024-11-23T10:00:00Z",
                "finished_at": "2024-11-23T10:00:00Z",
            }),
        ),
        ("ApiKeyCreate", json!({"name": "Scanner", "mode": "live", "scopes": ["documents:write"]})),
        (
            "ApiKey",
            json!({
                "id": "key_01935884a1e07cc3a4d5e6f708192a3b", "org_id": "org_01935884a1e07cc3a4d5e6f708192a3b",
                "name": "Scanner", "mode": "live", "scopes": ["documents:write"], "hint": "sk_live_MfKQ",
                "created_at": "2024-11-23T10:00:00Z", "created_by": "command_line", "last_used_at": null, "expires_at": null, "revoked_at": null,
            }),
        ),
        ("InvitationCreate", json!({"email": "ada@example.com", "role": "developer", "expires_in": "7d"})),
        (
            "InvitationAccept",
            json!({
                "token": "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "email": "ada@example.com", "name": "Ada",
                "password": "correct horse battery",
            }),
        ),
        ("MemberUpdate", json!({"role": "viewer"})),
        ("Credentials", json!({"email": "ada@example.com", "password": "correct horse battery"})),
        ("SessionSwitch", json!({"mode": "test"})),
        (
            "NewPassword",
            json!({"current_password": "correct horse battery", "new_password": "staple battery correct"}),
        ),
        ("Error", error(ErrorCode::ExtractorNotFound)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::openapi::description;
    use crate::api::shape;

    #[test]
    fn every_example_is_one() {
        let schemas = description()["components"]["schemas"].as_object().unwrap();
        for (name, example) in examples() {
            let schema = schemas.get(name).unwrap_or_else(|| panic!("there is no schema {name}"));
            let problems = shape::problems_by(schema, schemas, &example);
            assert_eq!(problems, [], "{name}");
        }
    }

    #[test]
    fn every_body_has_an_example() {
        let mut bodies = 0;
        for operations in description()["paths"].as_object().unwrap().values() {
            for operation in operations.as_object().unwrap().values() {
                let content = operation.pointer("/requestBody/content/application~1json/schema/$ref");
                let Some(reference) = content.and_then(Value::as_str) else { continue };
                assert!(
                    description().pointer(&reference[1..]).unwrap()["examples"].is_array(),
                    "{reference}"
                );
                bodies += 1;
            }
        }
        assert!(bodies >= 12, "{bodies}");
    }
}
