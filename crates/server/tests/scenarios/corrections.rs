//! `PATCH /v1/documents/{id}/fields`: what a person corrected, and what the next document gains from it.

use serde_json::{Value, json};

use crate::support::{READ_FOR_REAL, Receiver, Server, code, message, stranger, text};

/// An invoice of a made-up sender that prints its numbers where no rule would look for them.
fn of_odd_sender(number: &str, sent: &str, ticket: &str, goods: &str, total: &str) -> String {
    format!(
        "{READ_FOR_REAL}\n\
         Quint & Söhne Apparatebau\n\
         Werkstatt am Kanal\n\
         \n\
         Rechnung Nr. {ticket}                   Datum: 02.01.2019\n\
         Vorgangskennung {number}                Abgang {sent}\n\
         \n\
         Bezeichnung                              Preis\n\
         {goods}\n\
         Gesamtbetrag aller offenen Posten        9.999,99\n\
         Zu begleichen per Überweisung            {total}\n\
         Vielen Dank für Ihr Vertrauen in unsere Werkstatt\n\
         Geschäftsführung Quint und Quint\n"
    )
}

fn first() -> String {
    of_odd_sender("V-1001", "12.03.2019", "77", "Welle                 120,00", "142,80")
}

fn second() -> String {
    let goods = "Lager 20 mm            80,00\nDichtung               4,00\nMontage               35,00";
    of_odd_sender("V-1177", "30.04.2019", "93", goods, "141,61")
}

fn of_other_sender() -> String {
    format!(
        "{READ_FOR_REAL}\n\
         Beispiel Handel AG\n\
         \n\
         Rechnung Nr. 2021-0042                    Datum: 05.03.2021\n\
         Lieferdatum: 01.03.2021                   Kundennummer: 7781\n\
         Nettobetrag                                               100,00\n\
         MwSt. 19 %                                                 19,00\n\
         Gesamtbetrag                                              119,00\n"
    )
}

/// Number, date and total as they were extracted.
fn read(document: &Value) -> [String; 3] {
    ["invoice_number", "invoice_date", "total_amount"]
        .map(|field| document["extracted_data"][field].to_string())
}

fn corrected() -> Value {
    json!({"fields": {"invoice_number": "V-1001", "invoice_date": "2019-03-12", "total_amount": 142.80}})
}

async fn correct(server: &Server, key: &str, document: &Value, body: Value) -> (u16, Value) {
    let path = format!("/v1/documents/{}/fields", text(&document["id"]));
    server.call(key, "PATCH", &path, Some(body)).await
}

#[tokio::test]
async fn after_one_corrected_document_the_next_of_its_sender_is_right() {
    let server = Server::start().await;
    let wrong = server.submit(&server.live, &second(), json!({})).await;
    let other = server.submit(&server.live, &of_other_sender(), json!({})).await;
    let right = ["\"V-1177\"", "\"2019-04-30\"", "141.61"];
    assert!(read(&wrong).iter().zip(right).all(|(read, right)| read != right), "{:?}", read(&wrong));

    let one = server.submit(&server.live, &first(), json!({})).await;
    let (status, told) = correct(&server, &server.live, &one, corrected()).await;
    assert_eq!(status, 200, "{told}");
    assert_eq!(told["learned"], json!(["invoice_number", "invoice_date", "total_amount"]));

    let next = server.submit(&server.live, &second(), json!({})).await;
    assert_eq!(read(&next), right);
    let citation = &next["citations"]["invoice_number"]["text"];
    assert_eq!(citation, "V-1177", "it is cited where it stands");
    let other_again = server.submit(&server.live, &of_other_sender(), json!({})).await;
    assert_eq!(other_again["extracted_data"], other["extracted_data"], "another sender's is read as before");
    assert_eq!(other_again["confidence"], other["confidence"]);
}

#[tokio::test]
async fn what_was_learnt_stays_on_its_side_of_its_organisation_and_goes_with_its_document() {
    let server = Server::start().await;
    let test = server.key("test", json!(["admin"])).await;
    let before = read(&server.submit(&server.live, &second(), json!({})).await);
    let one = server.submit(&server.live, &first(), json!({})).await;
    assert_eq!(correct(&server, &server.live, &one, corrected()).await.0, 200);
    assert_eq!(read(&server.submit(&test, &second(), json!({})).await), before, "test mode");
    assert_ne!(read(&server.submit(&server.live, &second(), json!({})).await), before);

    let path = format!("/v1/documents/{}", text(&one["id"]));
    assert_eq!(server.call(&server.live, "DELETE", &path, None).await.0, 204);
    assert_eq!(read(&server.submit(&server.live, &second(), json!({})).await), before, "it is forgotten");
}

#[tokio::test]
async fn a_correction_stands_beside_what_was_read_and_nobody_is_told_again() {
    let server = Server::start().await;
    let mut receiver = Receiver::start(204).await;
    server.webhook(&server.live, &receiver, json!(["*"])).await;
    let document = server.submit(&server.live, "an invoice", json!({})).await;
    assert_eq!((&document["corrections"], &document["corrected_at"]), (&Value::Null, &Value::Null));
    let told = receiver.next().await.text();

    let (status, once) =
        correct(&server, &server.live, &document, json!({"fields": {"total_amount": 99.9}})).await;
    assert_eq!(status, 200, "{once}");
    assert_eq!(once["learned"], json!([]), "the value stands nowhere on it");
    let again = json!({"fields": {"invoice_number": null}});
    let (_, twice) = correct(&server, &server.live, &document, again).await;
    assert_eq!(twice["corrections"].to_string(), r#"{"total_amount":99.9,"invoice_number":null}"#);
    assert_eq!(twice["corrected_at"], "2024-11-23T10:00:00Z");
    for unchanged in ["extracted_data", "confidence", "citations", "status", "completed_at", "cost_credits"] {
        assert_eq!(twice[unchanged], document[unchanged], "{unchanged}");
    }
    let shown = server.get(&format!("/v1/documents/{}", text(&document["id"]))).await.1;
    assert_eq!(shown["corrections"], twice["corrections"]);

    let events = server.get("/v1/events").await.1;
    assert_eq!(events["data"].as_array().unwrap().len(), 1, "{told}");
    let (_, log) = server.get("/v1/audit-log?action=document.corrected").await;
    let entries = log["data"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0]["target"], document["id"]);
    assert_eq!(entries[0]["detail"], json!({"fields": "invoice_number"}), "names, and no value");
}

#[tokio::test]
async fn line_items_and_a_field_that_is_not_there_are_corrected_and_teach_nothing() {
    let server = Server::start().await;
    let one = server.submit(&server.live, &first(), json!({})).await;
    let items = json!([{"description": "Welle", "quantity": 1, "unit_price": 120.00, "amount": 120.00}]);
    let body = json!({"fields": {"line_items": items, "due_date": null}});
    let (status, told) = correct(&server, &server.live, &one, body).await;
    assert_eq!(status, 200, "{told}");
    assert_eq!(told["corrections"], json!({"line_items": items, "due_date": null}));
    assert_eq!(told["learned"], json!([]));
    let body = json!({"fields": {"line_items": [{"amount": "120"}]}});
    let refused = correct(&server, &server.live, &one, body).await;
    assert_eq!(code(&refused), "422 invalid_request");
    assert!(message(&refused).starts_with("fields.line_items[0].amount must be a number"), "{refused:?}");
}

#[tokio::test]
async fn a_correction_that_cannot_be_is_refused_by_name() {
    let server = Server::start().await;
    let document = server.submit(&server.live, "an invoice", json!({})).await;
    for (body, told) in [
        (json!({"fields": {"invoice_no": "1"}}), "fields.invoice_no is not a field here"),
        (json!({"fields": {"total_amount": "12"}}), "fields.total_amount must be a number or null"),
        (json!({"fields": {"invoice_date": "1.2.2024"}}), "fields.invoice_date must be a calendar date"),
        (json!({"fields": {}}), "fields must"),
        (json!({"fields": {"invoice_number": "x".repeat(70_000)}}), "fields takes too much"),
        (json!({"values": {}}), "fields is missing"),
    ] {
        let refused = correct(&server, &server.live, &document, body).await;
        assert_eq!(code(&refused), "422 invalid_request");
        assert!(message(&refused).starts_with(told), "{}", message(&refused));
    }
    let failed = server.submit(&server.live, "document_unreadable", json!({})).await;
    let refused = correct(&server, &server.live, &failed, corrected()).await;
    assert_eq!(code(&refused), "409 document_not_completed");
    let other = stranger(&server).await;
    let refused = correct(&server, &other, &document, corrected()).await;
    assert_eq!(code(&refused), "404 document_not_found");
}
