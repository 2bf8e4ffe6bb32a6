//! People: the first owner, signing in and out, invitations, roles, and the log of what everybody did.

use std::collections::BTreeSet;

use docextract_model::audit::AuditAction;
use reqwest::Method;
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};

use crate::browser::{Browser, PASSWORD, send, token_of};
use crate::support::{Receiver, Server, code, message, text};

const HOUR_MS: u64 = 60 * 60 * 1000;

#[tokio::test]
async fn the_first_start_prints_a_link_that_makes_the_owner_once() {
    let server = Server::start().await;
    let link = server.running.sign_in_links[0].1.clone();
    assert!(link.starts_with(&server.running.base_url), "{link}");
    let ada = Browser::owner(&server).await;
    let (_, me) = ada.get(&server, "/v1/me").await;
    assert_eq!((&me["email"], &me["has_password"]), (&json!("ada@example.com"), &json!(true)));
    assert_eq!(me["organisations"][0]["role"], "owner");
    let again = json!({"token": token_of(&link), "email": "eve@example.com", "password": PASSWORD});
    let (status, body, _) = send(server.request(Method::POST, "/v1/invitations/accept").json(&again)).await;
    assert_eq!(code(&(status, body)), "410 invitation_not_open");

    let server = server.restart().await;
    assert!(server.running.sign_in_links.is_empty(), "there is an owner");
    assert_eq!(ada.get(&server, "/v1/session").await.0, 200, "a session outlives a restart");
}

#[tokio::test]
async fn an_unused_first_link_is_replaced_by_the_next_start() {
    let server = Server::start().await;
    let old = server.running.sign_in_links[0].1.clone();
    let server = server.restart().await;
    let body = json!({"token": token_of(&old), "email": "ada@example.com", "password": PASSWORD});
    let (status, body, _) = send(server.request(Method::POST, "/v1/invitations/accept").json(&body)).await;
    assert_eq!(code(&(status, body)), "410 invitation_not_open");
    Browser::owner(&server).await;
}

#[tokio::test]
async fn a_browser_without_scripts_follows_the_link_and_signs_in() {
    let server = Server::start().await;
    let link = server.running.sign_in_links[0].1.clone();
    let server_ref = &server;
    let page = |path: String| async move { server_ref.request(Method::GET, &path).send().await.unwrap() };
    let shown = page(format!("/sign-in?token={}", token_of(&link))).await;
    assert_eq!(shown.headers()["referrer-policy"], "same-origin");
    let html = shown.text().await.unwrap();
    assert!(html.contains("name=\"password\"") && html.contains("name=\"email\""), "{html}");

    let post = |form: &'static str, token: Option<String>| {
        let token = token.map(|token| format!("token={token}&")).unwrap_or_default();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let request = client.post(server.url("/sign-in")).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        async move { request.body(format!("{token}{form}")).send().await.unwrap() }
    };
    let token = Some(token_of(&link));
    let weak = post("email=ada%40example.com&password=short", token.clone()).await;
    assert_eq!(weak.status(), 422);
    assert!(weak.text().await.unwrap().contains("at least 12 characters"));
    let let_in = post("email=ada%40example.com&name=Ada&password=correct+horse+battery", token.clone()).await;
    assert_eq!((let_in.status().as_u16(), &let_in.headers()[LOCATION]), (303, &"/".parse().unwrap()));
    let cookie = let_in.headers()[SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("; HttpOnly; SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    let used = page(format!("/sign-in?token={}", token_of(&link))).await;
    assert_eq!(used.status(), 410);

    assert_eq!(page("/sign-in".to_owned()).await.status(), 200);
    let wrong = post("email=ada%40example.com&password=wrong+horse+battery", None).await;
    assert_eq!(wrong.status(), 401);
    assert!(wrong.text().await.unwrap().contains("role=\"alert\""));
    let right = post("email=ADA%40example.com&password=correct+horse+battery", None).await;
    assert_eq!(right.status(), 303);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let server = Server::start().await;
    Browser::owner(&server).await;
    let mut answers = Vec::new();
    for email in ["ada@example.com", "nobody@example.com", "no address"] {
        let (status, mut body) =
            Browser::sign_in(&server, email, "wrong horse battery").await.err().expect("let in");
        body["error"]["request_id"] = Value::Null;
        answers.push((status, body));
    }
    assert_eq!(code(&answers[0]), "401 sign_in_failed");
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
}

#[tokio::test]
async fn tries_to_sign_in_run_out_also_across_a_restart() {
    let server = Server::start().await;
    Browser::owner(&server).await;
    for _ in 0..10 {
        let refused =
            Browser::sign_in(&server, "ada@example.com", "wrong horse battery").await.err().unwrap();
        assert_eq!(code(&refused), "401 sign_in_failed");
    }
    let server = server.restart().await;
    let body = json!({"email": "Ada@Example.com", "password": PASSWORD});
    let response = server.request(Method::POST, "/v1/session").json(&body).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["retry-after"]),
        (429, &"900".parse().unwrap())
    );
    server.clock.advance_ms(15 * 60 * 1000);
    assert!(Browser::sign_in(&server, "ada@example.com", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_role_is_what_its_member_may_do() {
    let server = Server::start().await;
    let ada = Browser::owner(&server).await;
    let viewer = ada.invite(&server, "vic@example.com", "viewer").await;
    let developer = ada.invite(&server, "dev@example.com", "developer").await;
    assert_eq!(viewer.get(&server, "/v1/documents").await.0, 200);
    let event = json!({"event": "order.paid", "data": {}});
    let refused = viewer.post(&server, "/v1/events", event.clone()).await;
    assert_eq!(code(&refused), "403 insufficient_scope");
    assert_eq!(message(&refused), "The role viewer does not have the scope webhooks:write.");
    assert_eq!(developer.post(&server, "/v1/events", event).await.0, 202);
    for browser in [&viewer, &developer] {
        for path in ["/v1/keys", "/v1/members", "/v1/invitations", "/v1/audit-log"] {
            assert_eq!(code(&browser.get(&server, path).await), "403 insufficient_scope", "{path}");
        }
    }
    assert_eq!(ada.get(&server, "/v1/keys").await.0, 200);

    // A change holds from the next request on.
    let (_, me) = viewer.get(&server, "/v1/me").await;
    let path = format!("/v1/members/{}", text(&me["id"]));
    let (status, changed) = ada.call(&server, "PATCH", &path, Some(json!({"role": "admin"}))).await;
    assert_eq!((status, &changed["role"]), (200, &json!("admin")));
    assert_eq!(viewer.get(&server, "/v1/members").await.0, 200);
}

#[tokio::test]
async fn nobody_reaches_above_their_role_and_an_owner_stays() {
    let server = Server::start().await;
    let ada = Browser::owner(&server).await;
    let admin = ada.invite(&server, "bob@example.com", "admin").await;
    let id = |me: Value| format!("/v1/members/{}", text(&me["id"]));
    let ada_path = id(ada.get(&server, "/v1/me").await.1);
    let bob_path = id(admin.get(&server, "/v1/me").await.1);
    let owner = || Some(json!({"role": "owner"}));
    let invitation = json!({"email": "eve@example.com", "role": "owner"});
    for refused in [
        admin.call(&server, "PATCH", &bob_path, owner()).await,
        admin.call(&server, "DELETE", &ada_path, None).await,
        admin.post(&server, "/v1/invitations", invitation.clone()).await,
        server.post("/v1/invitations", invitation).await,
        server.call(&server.live, "PATCH", &bob_path, owner()).await,
    ] {
        assert_eq!(code(&refused), "403 role_not_allowed");
    }
    let viewer = Some(json!({"role": "viewer"}));
    assert_eq!(code(&ada.call(&server, "PATCH", &ada_path, viewer).await), "409 last_owner");
    assert_eq!(code(&ada.call(&server, "DELETE", &ada_path, None).await), "409 last_owner");
    assert_eq!(ada.call(&server, "PATCH", &bob_path, owner()).await.0, 200);
    assert_eq!(admin.call(&server, "DELETE", &ada_path, None).await.0, 204);
    assert_eq!(code(&ada.get(&server, "/v1/session").await), "401 invalid_session");
    assert_eq!(code(&admin.get(&server, &ada_path).await), "404 member_not_found");
    let back = Browser::sign_in(&server, "ada@example.com", PASSWORD).await.err().unwrap();
    assert_eq!(code(&back), "403 not_a_member");
}

#[tokio::test]
async fn another_sites_page_does_nothing_with_a_session() {
    let server = Server::start().await;
    let ada = Browser::owner(&server).await;
    let with = |name: &'static str, value: String| {
        let request = server.request(Method::POST, "/v1/webhooks/test").header(COOKIE, &ada.cookie);
        let request = if name.is_empty() { request } else { request.header(name, value) };
        send(request.json(&json!({"webhook_url": "not a url"})))
    };
    for (name, value) in [
        ("sec-fetch-site", "cross-site".to_owned()),
        ("sec-fetch-site", "same-site".to_owned()),
        ("origin", "https://evil.example".to_owned()),
        ("origin", "null".to_owned()),
        ("", String::new()),
    ] {
        let (status, body, _) = with(name, value.clone()).await;
        assert_eq!(code(&(status, body)), "403 cross_site_request", "{name} {value}");
    }
    // What its own pages send gets as far as the handler.
    for (name, value) in
        [("sec-fetch-site", "same-origin".to_owned()), (ORIGIN.as_str(), server.running.base_url.clone())]
    {
        assert_eq!(with(if name == "origin" { "origin" } else { "sec-fetch-site" }, value).await.0, 422);
    }
    let read = server.request(Method::GET, "/v1/documents").header(COOKIE, &ada.cookie);
    assert_eq!(send(read).await.0, 200);
    // Nor does it sign its visitor in as somebody else.
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let sign_in = server.request(Method::POST, "/v1/session").header(ORIGIN, "https://evil.example");
    let (status, body, cookie) = send(sign_in.json(&body)).await;
    assert_eq!((code(&(status, body)).as_str(), cookie), ("403 cross_site_request", None));
    // A key needs no page.
    assert_eq!(server.post("/v1/webhooks/test", json!({"webhook_url": "not a url"})).await.0, 422);
}

#[tokio::test]
async fn a_session_ends_unused_at_its_age_and_when_it_is_signed_out() {
    let server = Server::start().await;
    let ada = Browser::owner(&server).await;
    let second = Browser::sign_in(&server, "ada@example.com", PASSWORD).await.ok().unwrap();
    let third = Browser::sign_in(&server, "ada@example.com", PASSWORD).await.ok().unwrap();
    let (_, list) = ada.get(&server, "/v1/sessions").await;
    let current: Vec<&Value> =
        list["data"].as_array().unwrap().iter().map(|each| &each["is_current"]).collect();
    assert_eq!(current, [false, false, true]);
    assert_eq!(list["data"][0]["address"], "127.0.0.1");
    let path = format!("/v1/sessions/{}", text(&list["data"][0]["id"]));
    assert_eq!(ada.call(&server, "DELETE", &path, None).await.0, 204);
    assert_eq!(code(&third.get(&server, "/v1/session").await), "401 invalid_session");
    assert_eq!(code(&ada.call(&server, "DELETE", &path, None).await), "404 session_not_found");

    let signed_out = second.request(&server, "DELETE", "/v1/session").send().await.unwrap();
    assert_eq!(signed_out.status(), 204);
    assert!(signed_out.headers()[SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(code(&second.get(&server, "/v1/session").await), "401 invalid_session");

    server.clock.advance_ms(23 * HOUR_MS);
    assert_eq!(ada.get(&server, "/v1/session").await.0, 200);
    server.clock.advance_ms(HOUR_MS);
    assert_eq!(code(&ada.get(&server, "/v1/session").await), "401 invalid_session", "not used for a day");
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let server = Server::start().await;
    let ada = Browser::owner(&server).await;
    let other = Browser::sign_in(&server, "ada@example.com", PASSWORD).await.ok().unwrap();
    let change = |current: &str, new: &str| json!({"current_password": current, "new_password": new});
    let wrong = ada.post(&server, "/v1/me/password", change("wrong horse battery", "another long one")).await;
    assert_eq!(message(&wrong), "current_password is wrong.");
    let weak = ada.post(&server, "/v1/me/password", change(PASSWORD, "short")).await;
    assert!(message(&weak).starts_with("new_password must have at least 12"), "{weak:?}");
    assert_eq!(ada.post(&server, "/v1/me/password", change(PASSWORD, "another long one")).await.0, 204);
    assert_eq!(ada.get(&server, "/v1/session").await.0, 200);
    assert_eq!(code(&other.get(&server, "/v1/session").await), "401 invalid_session");
    assert!(Browser::sign_in(&server, "ada@example.com", PASSWORD).await.is_err());
    assert!(Browser::sign_in(&server, "ada@example.com", "another long one").await.is_ok());
    assert_eq!(code(&server.get("/v1/me").await), "403 session_required");
}

#[tokio::test]
async fn a_session_looks_at_one_side_at_a_time() {
    let server = Server::start().await;
    let ada = Browser::owner(&server).await;
    let job = server.submit(&server.live, "pages 1", json!({})).await;
    let path = format!("/v1/documents/{}", text(&job["id"]));
    assert_eq!(ada.get(&server, &path).await.0, 200);
    let (_, session) = ada.call(&server, "PATCH", "/v1/session", Some(json!({"mode": "test"}))).await;
    assert_eq!((&session["mode"], &session["role"]), (&json!("test"), &json!("owner")));
    assert_eq!(code(&ada.get(&server, &path).await), "404 document_not_found");
    let elsewhere = Some(json!({"org_id": "org_0"}));
    let refused = ada.call(&server, "PATCH", "/v1/session", elsewhere).await;
    assert_eq!(code(&refused), "403 not_a_member");
    assert_eq!(ada.call(&server, "PATCH", "/v1/session", Some(json!({"mode": "live"}))).await.0, 200);
    assert_eq!(ada.get(&server, &path).await.0, 200);
}

#[tokio::test]
async fn an_invitation_is_for_one_person_once_and_can_be_taken_back() {
    let server = Server::start().await;
    let ada = Browser::owner(&server).await;
    let invite = |body: Value| ada.post(&server, "/v1/invitations", body);
    let (_, first) = invite(json!({"email": "Bob@Example.com", "role": "viewer"})).await;
    assert_eq!((&first["email"], &first["status"]), (&json!("bob@example.com"), &json!("open")));
    let (_, second) = invite(json!({"email": "bob@example.com", "role": "developer"})).await;
    let accept = |invitation: Value, password: &'static str| {
        let body = json!({"token": token_of(&text(&invitation["url"])), "password": password});
        let request = server.request(Method::POST, "/v1/invitations/accept").json(&body);
        async { send(request).await }
    };
    let (status, body, _) = accept(first.clone(), PASSWORD).await;
    assert_eq!(code(&(status, body)), "410 invitation_not_open", "the second took its place");
    let (status, body, _) = accept(second.clone(), PASSWORD).await;
    assert_eq!((status, &body["role"]), (201, &json!("developer")));
    let taken_back = format!("/v1/invitations/{}", text(&second["id"]));
    assert_eq!(code(&ada.call(&server, "DELETE", &taken_back, None).await), "409 invitation_accepted");
    let again = invite(json!({"email": "bob@example.com", "role": "viewer"})).await;
    assert_eq!(code(&again), "409 already_member");

    let (_, third) = invite(json!({"email": "eve@example.com", "role": "viewer", "expires_in": "1h"})).await;
    let path = format!("/v1/invitations/{}", text(&third["id"]));
    assert_eq!(ada.call(&server, "DELETE", &path, None).await.0, 204);
    let (status, body, _) = accept(third, PASSWORD).await;
    assert_eq!(code(&(status, body)), "410 invitation_not_open", "revoked");
    let (_, late) = invite(json!({"email": "eve@example.com", "role": "viewer", "expires_in": "1h"})).await;
    server.clock.advance_ms(HOUR_MS);
    let (status, body, _) = accept(late, PASSWORD).await;
    assert_eq!(code(&(status, body)), "410 invitation_not_open", "expired");
    let (_, list) = ada.get(&server, "/v1/invitations").await;
    let status: Vec<String> = list["data"].as_array().unwrap().iter().map(|i| text(&i["status"])).collect();
    assert_eq!(status, ["expired", "revoked", "accepted", "revoked", "accepted"]);
    assert!(!list.to_string().contains("dxi_"));
    let wrong = invite(json!({"email": "nobody", "role": "viewer", "expires_in": "31d"})).await;
    assert!(message(&wrong).contains("email must be") && message(&wrong).contains("expires_in must be"));
}

#[tokio::test]
async fn an_invitation_does_not_let_its_sender_become_somebody_who_is_here() {
    let server = Server::start().await;
    let ada = Browser::owner(&server).await;
    ada.invite(&server, "bob@example.com", "viewer").await;
    let (_, me) = ada.get(&server, "/v1/members").await;
    let bob = text(&me["data"][0]["user_id"]);
    assert_eq!(ada.call(&server, "DELETE", &format!("/v1/members/{bob}"), None).await.0, 204);
    let (_, invitation) =
        ada.post(&server, "/v1/invitations", json!({"email": "bob@example.com", "role": "viewer"})).await;
    let accept = |password: &'static str| {
        let body = json!({"token": token_of(&text(&invitation["url"])), "password": password});
        send(server.request(Method::POST, "/v1/invitations/accept").json(&body))
    };
    let (status, body, _) = accept("a password of Ada's choice").await;
    assert_eq!(code(&(status, body)), "401 sign_in_failed");
    assert_eq!(accept(PASSWORD).await.0, 201);
}

#[tokio::test]
async fn a_locked_out_owner_gets_back_in_by_the_command_line() {
    let server = Server::start().await;
    let ada = Browser::owner(&server).await;
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_docextract"))
            .args(arguments)
            .arg("--data-dir")
            .arg(server.folder.path())
            .current_dir(server.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    };
    let base = server.running.base_url.clone();
    let link = run(&["members", "sign-in-link", "ada@example.com", "--public-url", &base]);
    assert!(link.starts_with(&format!("{base}/sign-in?token=")), "{link}");
    let body = json!({"token": token_of(&link), "password": "a new one, and long"});
    let (status, body, _) = send(server.request(Method::POST, "/v1/invitations/accept").json(&body)).await;
    assert_eq!(status, 201, "{body}");
    assert_eq!(code(&ada.get(&server, "/v1/session").await), "401 invalid_session");
    assert!(Browser::sign_in(&server, "ada@example.com", "a new one, and long").await.is_ok());

    let link = run(&["members", "invite", "eve@example.com", "--role", "owner", "--public-url", &base]);
    Browser::accept(&server, &link, "eve@example.com").await;
    let list = run(&["members", "list"]);
    assert_eq!(list.lines().count(), 2);
    assert!(list.lines().all(|line| line.split('\t').nth(1) == Some("owner")), "{list}");
}

#[tokio::test]
async fn the_audit_log_tells_who_did_what_and_no_secret() {
    let server = Server::start().await;
    let ada = Browser::owner(&server).await;
    let mut secrets = vec![PASSWORD.to_owned(), server.live.clone()];
    secrets.push(ada.cookie.split_once('=').unwrap().1.to_owned());
    let made = |answer: (u16, Value)| {
        assert!(answer.0 < 300, "{answer:?}");
        answer.1
    };
    let at = |path: &str, id: &Value| format!("{path}/{}", text(id));
    let call = |method: &'static str, path: String, body: Option<Value>| {
        let (ada, server) = (&ada, &server);
        async move { ada.call(server, method, &path, body).await }
    };

    let key =
        made(ada.post(&server, "/v1/keys", json!({"name": "ci", "mode": "live", "scopes": ["admin"]})).await);
    secrets.push(text(&key["key"]));
    made(call("DELETE", at("/v1/keys", &key["id"]), None).await);
    let bob = ada.invite(&server, "bob@example.com", "viewer").await;
    let bob_id = bob.get(&server, "/v1/me").await.1["id"].clone();
    made(call("PATCH", at("/v1/members", &bob_id), Some(json!({"role": "admin"}))).await);
    Browser::sign_in(&server, "bob@example.com", "wrong horse battery").await.err().unwrap();
    let again = Browser::sign_in(&server, "bob@example.com", PASSWORD).await.ok().unwrap();
    made(again.call(&server, "DELETE", "/v1/session", None).await);
    let passwords = json!({"current_password": PASSWORD, "new_password": "another long one"});
    made(bob.post(&server, "/v1/me/password", passwords).await);
    made(call("DELETE", at("/v1/members", &bob_id), None).await);
    let invitation = json!({"email": "eve@example.com", "role": "viewer"});
    let invitation = made(ada.post(&server, "/v1/invitations", invitation).await);
    secrets.push(token_of(&text(&invitation["url"])));
    made(call("DELETE", at("/v1/invitations", &invitation["id"]), None).await);

    let receiver = Receiver::start(200).await;
    let webhook = json!({"url": receiver.url, "events": ["*"]});
    let webhook = made(ada.post(&server, "/v1/webhooks", webhook).await);
    secrets.push(text(&webhook["secret"]));
    let webhook_path = at("/v1/webhooks", &webhook["id"]);
    made(call("PATCH", webhook_path.clone(), Some(json!({"status": "disabled"}))).await);
    made(call("POST", format!("{webhook_path}/enable"), None).await);
    made(call("GET", format!("{webhook_path}/secret"), None).await);
    let rotated = made(call("POST", format!("{webhook_path}/rotate-secret"), None).await);
    secrets.push(text(&rotated["secret"]));
    let job = server.submit(&server.live, "pages 1", json!({})).await;
    let replay = json!({"since": "2024-11-23T09:00:00Z"});
    let replay = made(call("POST", format!("{webhook_path}/replay"), Some(replay)).await);
    made(call("POST", format!("{}/cancel", at("/v1/replays", &replay["id"])), None).await);
    let deliveries =
        made(ada.get(&server, &format!("/v1/deliveries?webhook_id={}", text(&webhook["id"]))).await);
    made(call("POST", format!("{}/replay", at("/v1/deliveries", &deliveries["data"][0]["id"])), None).await);
    made(call("DELETE", webhook_path, None).await);
    let fields = json!([{"name": "total", "type": "currency", "description": "What it comes to"}]);
    let extractor = json!({"name": "Totals", "document_type": "note", "field_definitions": fields});
    let extractor = made(ada.post(&server, "/v1/extractors", extractor).await);
    let extractor_path = at("/v1/extractors", &extractor["id"]);
    made(call("PATCH", extractor_path.clone(), Some(json!({"name": "Sums"}))).await);
    made(call("DELETE", extractor_path, None).await);
    made(ada.post(&server, "/v1/credits/grants", json!({"amount": 7})).await);
    made(call("PATCH", "/v1/credits".to_owned(), Some(json!({"low_balance_threshold": 3}))).await);
    let correction = json!({"fields": {"invoice_number": "A-2"}});
    made(call("PATCH", format!("{}/fields", at("/v1/documents", &job["id"])), Some(correction)).await);
    made(call("DELETE", at("/v1/documents", &job["id"]), None).await);
    let plan = std::process::Command::new(env!("CARGO_BIN_EXE_docextract"))
        .args(["plan", "set", "enterprise", "--data-dir"])
        .arg(server.folder.path())
        .output()
        .unwrap();
    assert!(plan.status.success());

    let mut entries: Vec<Value> = Vec::new();
    let mut path = "/v1/audit-log?limit=7".to_owned();
    loop {
        let (_, page) = ada.get(&server, &path).await;
        entries.extend(page["data"].as_array().unwrap().iter().cloned());
        let Some(cursor) = page["pagination"]["next_cursor"].as_str() else { break };
        path = format!("/v1/audit-log?limit=7&cursor={cursor}");
    }
    let ids: BTreeSet<String> = entries.iter().map(|entry| text(&entry["id"])).collect();
    assert_eq!(ids.len(), entries.len(), "no page repeats an entry");
    let seen: BTreeSet<String> = entries.iter().map(|entry| text(&entry["action"])).collect();
    // Members join on their own only by an OpenID provider, and credits are bought only at a payment provider.
    let elsewhere = [AuditAction::MemberJoined, AuditAction::CreditsPurchased];
    let all = AuditAction::ALL.iter().filter(|action| !elsewhere.contains(action));
    let all: BTreeSet<String> = all.map(|action| action.as_str().to_owned()).collect();
    assert_eq!(seen, all);
    let log = Value::from(entries.clone()).to_string();
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "the log holds {secret}");
    }

    let ada_id = text(&ada.get(&server, "/v1/me").await.1["id"]);
    let revoked = entries.iter().find(|entry| entry["action"] == "key.revoked").unwrap();
    assert_eq!((&revoked["actor"], &revoked["target"]), (&json!(ada_id), &key["id"]));
    assert_eq!((&revoked["address"], &revoked["mode"]), (&json!("127.0.0.1"), &json!("live")));
    assert!(text(&revoked["request_id"]).starts_with("req_"));
    let filtered = |query: String| {
        let (ada, server) = (&ada, &server);
        async move { ada.get(server, &format!("/v1/audit-log?{query}")).await.1["data"].clone() }
    };
    let of_key = filtered(format!("target={}", text(&key["id"]))).await;
    let actions: Vec<String> =
        of_key.as_array().unwrap().iter().map(|entry| text(&entry["action"])).collect();
    assert_eq!(actions, ["key.revoked", "key.created"]);
    let by_hand = filtered("actor=command_line".to_owned()).await;
    assert_eq!((by_hand[0]["action"].as_str(), by_hand.as_array().unwrap().len()), (Some("plan.changed"), 1));
    let failed = filtered("action=session.sign_in_failed".to_owned()).await;
    assert_eq!((&failed[0]["actor"], &failed[0]["target"]), (&json!("nobody"), &bob_id));
    assert_eq!(filtered("created_before=2024-11-23T10:00:00Z".to_owned()).await, json!([]));
    let wrong = ada.get(&server, "/v1/audit-log?action=key.stolen&actor=me").await;
    assert!(message(&wrong).contains("actor must be") && message(&wrong).contains("action must be"));
}
