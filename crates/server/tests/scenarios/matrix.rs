//! Every route of the server, tried by everybody who may not.
//!
//! The routes come from the server's own description, which is made from the table that the router is
//! made from: a new route is tried without being named here. One whose path has a new kind of id has no
//! object to try it on, and fails until it is given one in [`Objects`].

use std::collections::BTreeMap;

use docextract_model::key::Scope;
use docextract_model::tenant::Mode;
use docextract_model::time::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::support::{NOW, Receiver, Server, answer, code, message, operators_key, stranger, text};

/// A route as the description has it.
struct Route {
    method: String,
    path: String,
    /// What a key needs; none where no key is enough.
    scope: Option<String>,
    takes_session: bool,
    body: Option<Value>,
}

impl Route {
    fn parameters(&self) -> impl Iterator<Item = &str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.split('}').next())
    }

    fn on(&self, ids: &BTreeMap<&'static str, String>) -> String {
        let mut path = self.path.clone();
        for parameter in self.parameters() {
            let id = ids.get(parameter).unwrap_or_else(|| panic!("{}: nothing has a {parameter}", self.path));
            path = path.replace(&format!("{{{parameter}}}"), id);
        }
        path
    }
}

async fn routes(server: &Server) -> Vec<Route> {
    let (_, document) = answer(server.request(Method::GET, "/openapi.json").send().await.unwrap()).await;
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let content = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
            let schema = content.as_str().and_then(|reference| document.pointer(&reference[1..]));
            routes.push(Route {
                method: method.to_uppercase(),
                path: path.clone(),
                takes_session: operation["security"].to_string().contains("session"),
                scope: operation["x-scope"].as_str().map(str::to_owned),
                body: schema.map(|schema| schema["examples"][0].clone()),
            });
        }
    }
    assert!(routes.len() > 40, "{}", routes.len());
    routes
}

/// The routes that are not for everybody. All others under `/v1` are for who wants to sign in.
async fn guarded(server: &Server) -> Vec<Route> {
    let routes = routes(server).await;
    let (guarded, open): (Vec<Route>, Vec<Route>) = routes.into_iter().partition(|route| route.takes_session);
    let open: Vec<String> = open.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let open: Vec<&str> = open.iter().map(String::as_str).filter(|route| route.contains("/v1")).collect();
    assert_eq!(open, ["POST /v1/invitations/accept", "POST /v1/session"]);
    guarded
}

/// Those that an API key may ask.
async fn keyed(server: &Server) -> Vec<Route> {
    guarded(server).await.into_iter().filter(|route| route.scope.is_some()).collect()
}

/// An object of each kind that a path can name, on one side of the organisation.
async fn objects(server: &Server, key: &str) -> BTreeMap<&'static str, String> {
    let mut receiver = Receiver::start(204).await;
    let webhook = server.webhook(key, &receiver, json!(["*"])).await;
    let job = server.submit(key, "an invoice", json!({})).await;
    receiver.next().await;
    let list = |path: &'static str| async move { server.call(key, "GET", path, None).await.1 };
    let replay = format!("/v1/webhooks/{}/replay", text(&webhook["id"]));
    let (status, replay) =
        server.call(key, "POST", &replay, Some(json!({"since": "2024-11-23T09:00:00Z"}))).await;
    assert_eq!(status, 202, "{replay}");
    let invited =
        json!({"email": format!("{}@example.com", &text(&job["id"])["job_".len()..]), "role": "viewer"});
    let (_, invitation) = server.post("/v1/invitations", invited).await;
    let member = Browser::accept(server, &text(&invitation["url"]), "").await;
    let (_, session) = member.get(server, "/v1/session").await;
    let another = json!({"email": "late@example.com", "role": "viewer"});
    let (_, open) = server.post("/v1/invitations", another).await;
    let (_, revocable) = server.post("/v1/keys", json!({"mode": "live", "scopes": ["credits:read"]})).await;
    BTreeMap::from([
        ("document_id", text(&job["id"])),
        ("page", FIRST_PAGE.to_owned()),
        ("extractor_id", text(&job["extractor_id"])),
        ("webhook_id", text(&webhook["id"])),
        ("event_id", text(&list("/v1/events").await["data"][0]["id"])),
        ("delivery_id", text(&list("/v1/deliveries").await["data"][0]["id"])),
        ("replay_id", text(&replay["id"])),
        ("key_id", text(&revocable["id"])),
        ("user_id", text(&session["user_id"])),
        ("session_id", text(&session["id"])),
        ("invitation_id", text(&open["id"])),
    ])
}

/// A page is one of its document's, and so nobody's by itself.
const FIRST_PAGE: &str = "1.png";

/// What belongs to an organisation and not to one of its sides.
const SHARED: [&str; 4] = ["key_id", "user_id", "invitation_id", "session_id"];

/// Ids of the same kinds that nothing has.
fn nothing(ids: &BTreeMap<&'static str, String>) -> BTreeMap<&'static str, String> {
    let unknown = |id: &String| match id.as_str() {
        FIRST_PAGE => id.clone(),
        id => format!("{}_{}", id.split('_').next().unwrap(), "0".repeat(32)),
    };
    ids.iter().map(|(parameter, id)| (*parameter, unknown(id))).collect()
}

/// What an answer tells, without what differs between two of the same.
fn told(answer: &(u16, Value)) -> (u16, Value) {
    let mut error = answer.1["error"].clone();
    error["request_id"] = Value::Null;
    (answer.0, error)
}

async fn call(
    server: &Server,
    key: &str,
    route: &Route,
    ids: &BTreeMap<&'static str, String>,
) -> (u16, Value) {
    server.call(key, &route.method, &route.on(ids), route.body.clone()).await
}

#[tokio::test]
async fn nobody_gets_in_without_a_key_that_is_good_now() {
    let server = Server::start().await;
    let ids = objects(&server, &server.live).await;
    let expired =
        operators_key(&server, None, Mode::Live, &Scope::ALL, Some(Timestamp::parse(NOW).unwrap())).await;
    let (_, revoked) = server.post("/v1/keys", json!({"mode": "live", "scopes": ["admin"]})).await;
    let path = format!("/v1/keys/{}", text(&revoked["id"]));
    assert_eq!(server.call(&server.live, "DELETE", &path, None).await.0, 204);
    let unknown = format!("sk_live_{}", "0".repeat(32));
    for route in guarded(&server).await {
        let at = format!("{} {}", route.method, route.path);
        let bare = server.request(route.method.parse().unwrap(), &route.on(&ids));
        let bare = match &route.body {
            Some(body) => bare.json(body),
            None => bare,
        };
        assert_eq!(code(&answer(bare.send().await.unwrap()).await), "401 missing_authorization", "{at}");
        for key in [&unknown, &text(&revoked["key"]), &expired] {
            assert_eq!(code(&call(&server, key, &route, &ids).await), "401 invalid_api_key", "{at}");
        }
        let forged = Browser { cookie: format!("docextract_session={}", "0".repeat(43)) };
        let refused = forged.call(&server, &route.method, &route.on(&ids), route.body.clone()).await;
        assert_eq!(refused.0, 401, "{at}: {}", refused.1);
    }
}

#[tokio::test]
async fn a_key_without_the_scope_is_refused_by_name_and_one_with_it_is_not() {
    let server = Server::start().await;
    let ids = objects(&server, &server.live).await;
    let nothing = nothing(&ids);
    let mut keys = BTreeMap::new();
    for scope in Scope::ALL {
        keys.insert(scope.as_str(), server.key("live", json!([scope.as_str()])).await);
    }
    for route in keyed(&server).await {
        let at = format!("{} {}", route.method, route.path);
        let wanted = route.scope.clone().unwrap();
        for (scope, key) in &keys {
            let is_enough = *scope == wanted || *scope == "admin";
            // Who may is tried on what is not there: it must not change what the others are tried on.
            let tried = call(&server, key, &route, if is_enough { &nothing } else { &ids }).await;
            if is_enough {
                assert!(!matches!(tried.0, 401 | 403 | 500..), "{at} with {scope}: {}", tried.1);
            } else {
                assert_eq!(code(&tried), "403 insufficient_scope", "{at} with {scope}");
                assert!(message(&tried).contains(&wanted), "{at}: {}", message(&tried));
            }
        }
    }
}

#[tokio::test]
async fn a_viewer_may_look_and_nothing_else() {
    let server = Server::start().await;
    let ids = objects(&server, &server.live).await;
    let nothing = nothing(&ids);
    let viewer = Browser::owner(&server).await.invite(&server, "vic@example.com", "viewer").await;
    let (_, session) = viewer.get(&server, "/v1/session").await;
    let mut refused = 0;
    for route in keyed(&server).await {
        let at = format!("{} {}", route.method, route.path);
        let may = session["scopes"].as_array().unwrap().contains(&json!(route.scope));
        let tried = if may { &nothing } else { &ids };
        let told = viewer.call(&server, &route.method, &route.on(tried), route.body.clone()).await;
        if may {
            assert!(route.method == "GET" && !matches!(told.0, 401 | 403 | 500..), "{at}: {}", told.1);
        } else {
            assert_eq!(code(&told), "403 insufficient_scope", "{at}");
            refused += 1;
        }
    }
    assert!(refused > 20, "{refused}");
}

#[tokio::test]
async fn a_session_from_another_sites_page_changes_nothing() {
    let server = Server::start().await;
    let ids = objects(&server, &server.live).await;
    let owner = Browser::owner(&server).await;
    for route in guarded(&server).await {
        if route.method == "GET" {
            continue;
        }
        let request = server.request(route.method.parse().unwrap(), &route.on(&ids));
        let request = request.header("cookie", &owner.cookie).header("sec-fetch-site", "cross-site");
        let request = match &route.body {
            Some(body) => request.json(body),
            None => request,
        };
        let told = answer(request.send().await.unwrap()).await;
        assert_eq!(code(&told), "403 cross_site_request", "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn what_is_a_persons_own_takes_a_session_and_no_key() {
    let server = Server::start().await;
    let ids = objects(&server, &server.live).await;
    let routes = guarded(&server).await;
    let own: Vec<&Route> = routes.iter().filter(|route| route.scope.is_none()).collect();
    assert!(own.len() >= 7, "{}", own.len());
    for route in own {
        let told = call(&server, &server.live, route, &ids).await;
        assert_eq!(code(&told), "403 session_required", "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn what_is_another_ones_is_the_same_as_what_does_not_exist() {
    let server = Server::start().await;
    let test = server.key("test", json!(["admin"])).await;
    let live_ids = objects(&server, &server.live).await;
    let test_ids = objects(&server, &test).await;
    let stranger = stranger(&server).await;
    let mut tried = 0;
    for route in keyed(&server).await {
        if route.parameters().next().is_none() {
            continue;
        }
        let at = format!("{} {}", route.method, route.path);
        for (who, key, ids) in [
            ("another organisation", &stranger, &live_ids),
            ("another organisation, of the test side", &stranger, &test_ids),
            ("a test key", &test, &live_ids),
            ("a live key", &server.live, &test_ids),
        ] {
            // These are an organisation's, not a mode's; a test key may not change them at all.
            let is_shared = route.parameters().any(|parameter| SHARED.contains(&parameter));
            if is_shared && !who.starts_with("another") {
                if who == "a test key" && route.method != "GET" {
                    assert_eq!(code(&call(&server, key, &route, ids).await), "403 live_key_required", "{at}");
                }
                continue;
            }
            let of_nothing = call(&server, key, &route, &nothing(ids)).await;
            assert_eq!(of_nothing.0, 404, "{at} by {who}: {}", of_nothing.1);
            assert_eq!(told(&call(&server, key, &route, ids).await), told(&of_nothing), "{at} by {who}");
            tried += 1;
        }
    }
    assert!(tried > 60, "{tried}");
    // Nobody ends a session that is not theirs.
    let owner = Browser::owner(&server).await;
    let path = format!("/v1/sessions/{}", live_ids["session_id"]);
    let of_nothing = format!("/v1/sessions/{}", nothing(&live_ids)["session_id"]);
    let of_nothing = owner.call(&server, "DELETE", &of_nothing, None).await;
    assert_eq!(told(&owner.call(&server, "DELETE", &path, None).await), told(&of_nothing));
    assert_eq!(code(&of_nothing), "404 session_not_found");
    // All of it is still there.
    let whole = server.get(&format!("/v1/documents/{}", live_ids["document_id"])).await;
    assert_eq!(whole.1["status"], "completed");
    assert_eq!(server.get(&format!("/v1/webhooks/{}", live_ids["webhook_id"])).await.0, 200);
}

#[tokio::test]
async fn a_list_shows_nothing_of_another_one() {
    let server = Server::start().await;
    let test = server.key("test", json!(["admin"])).await;
    let ids = objects(&server, &server.live).await;
    let stranger = stranger(&server).await;
    let mut lists = 0;
    for route in keyed(&server).await {
        if route.method != "GET" || route.parameters().next().is_some() {
            continue;
        }
        for key in [&stranger, &test] {
            let shown = call(&server, key, &route, &ids).await;
            // This server sells nothing (`purchases.rs` has one that does).
            let expected = if route.path == "/v1/credits/packs" { 404 } else { 200 };
            assert_eq!(shown.0, expected, "{}", route.path);
            lists += usize::from(shown.1["data"].is_array());
            for (parameter, id) in &ids {
                // So is the ledger, which names what was charged, and the log of who did what.
                let is_shared = SHARED.contains(parameter)
                    || ["/v1/credits/transactions", "/v1/audit-log"].contains(&route.path.as_str());
                let is_ones_own = *key == test && is_shared;
                assert!(is_ones_own || !shown.1.to_string().contains(id), "{} shows {id}", route.path);
            }
        }
    }
    assert!(lists >= 14, "{lists}");
}
