//! Signing in at an identity provider, which is a real one as far as the wire goes: discovery, keys,
//! authorization and token endpoints over HTTP, PKCE that is checked, and ID tokens signed with RS256.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey};
use openidconnect::url::form_urlencoded;
use openidconnect::{JsonWebKeyId, PrivateSigningKey as _};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::browser::Browser;
use crate::support::{Given, Server, text};

const CLIENT_ID: &str = "docextract";
const CLIENT_SECRET: &str = "the client's own secret";
/// Two keys that were made for these tests and sign nothing else.
const KEY: &str = include_str!("oidc_test_key.pem");
const OTHER_KEY: &str = include_str!("oidc_other_key.pem");

fn signing_key(pem: &str) -> CoreRsaPrivateSigningKey {
    CoreRsaPrivateSigningKey::from_pem(pem, Some(JsonWebKeyId::new("one".to_owned()))).unwrap()
}

/// What the provider is to say, over what is right.
#[derive(Clone, Default)]
struct Saying {
    /// Claims that are said instead; null leaves one out.
    claims: Vec<(&'static str, Value)>,
    key: Option<&'static str>,
    algorithm: Option<&'static str>,
}

struct Provider {
    issuer: String,
    saying: Mutex<Saying>,
    /// By code: the nonce and the challenge that it was asked for with.
    codes: Mutex<HashMap<String, (String, String)>>,
}

impl Provider {
    async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let (saying, codes) = (Mutex::default(), Mutex::default());
        let provider = Arc::new(Self { issuer, saying, codes });
        let router = axum::Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(Arc::clone(&provider));
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    fn say(&self, claims: &[(&'static str, Value)]) {
        *self.saying.lock().unwrap() = Saying { claims: claims.to_vec(), ..Saying::default() };
    }
}

async fn configuration(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let issuer = &provider.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }))
}

async fn keys() -> Json<Value> {
    Json(json!({"keys": [signing_key(KEY).as_verification_key()]}))
}

fn form(text: &str) -> HashMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// Its user agrees at once.
async fn authorize(State(provider): State<Arc<Provider>>, RawQuery(asked): RawQuery) -> Response {
    let asked = form(&asked.unwrap());
    assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT_ID));
    assert_eq!(asked["code_challenge_method"], "S256");
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid"), "{}", asked["scope"]);
    let code = format!("code-{}", provider.codes.lock().unwrap().len());
    let kept = (asked["nonce"].clone(), asked["code_challenge"].clone());
    provider.codes.lock().unwrap().insert(code.clone(), kept);
    let back = format!("{}?code={code}&state={}", asked["redirect_uri"], asked["state"]);
    (StatusCode::SEE_OTHER, [(LOCATION, back)]).into_response()
}

async fn token(
    State(provider): State<Arc<Provider>>,
    headers: axum::http::HeaderMap,
    asked: String,
) -> Response {
    let asked = form(&asked);
    assert!(headers[header::AUTHORIZATION].to_str().unwrap().starts_with("Basic "));
    let refused = || (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response();
    // A code is good once.
    let Some((nonce, challenge)) = provider.codes.lock().unwrap().remove(&asked["code"]) else {
        return refused();
    };
    if URL_SAFE_NO_PAD.encode(Sha256::digest(asked["code_verifier"].as_bytes())) != challenge {
        return refused();
    }
    let now = docextract_model::time::Timestamp::parse(crate::support::NOW).unwrap().unix_seconds();
    let mut claims = json!({
        "iss": provider.issuer, "aud": CLIENT_ID, "sub": "subject-1", "nonce": nonce,
        "iat": now, "exp": now + 300, "email": "ada@example.com", "email_verified": true, "name": "Ada",
    });
    let saying = provider.saying.lock().unwrap().clone();
    for (name, value) in saying.claims {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value,
        }
    }
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let algorithm = saying.algorithm.unwrap_or("RS256");
    let signed =
        format!("{}.{}", part(&json!({"alg": algorithm, "kid": "one", "typ": "JWT"})), part(&claims));
    let signature = if algorithm == "none" {
        Vec::new()
    } else {
        let key = signing_key(saying.key.unwrap_or(KEY));
        key.sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, signed.as_bytes()).unwrap()
    };
    let id_token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
    Json(json!({"access_token": "unused", "token_type": "Bearer", "id_token": id_token})).into_response()
}

async fn server_with(provider: &Provider, more: &str) -> Server {
    let oidc = format!(
        "[oidc]\nissuer = \"{}\"\nclient_id = \"{CLIENT_ID}\"\nclient_secret = \"{CLIENT_SECRET}\"\n{more}",
        provider.issuer
    );
    Server::start_with(Given { oidc: Some(oidc), ..Given::default() }).await
}

/// A person's browser, which follows redirects as it is told.
struct Person<'a> {
    server: &'a Server,
    client: reqwest::Client,
}

fn cookie(response: &reqwest::Response, name: &str) -> Option<String> {
    let cookies = response.headers().get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    let mut pairs = cookies.map(|cookie| cookie.split(';').next().unwrap().to_owned());
    pairs.find(|pair| pair.split_once('=').is_some_and(|(known, value)| known == name && !value.is_empty()))
}

fn location(response: &reqwest::Response) -> String {
    response.headers()[LOCATION].to_str().unwrap().to_owned()
}

impl<'a> Person<'a> {
    fn new(server: &'a Server) -> Self {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { server, client }
    }

    /// Goes to the provider: the journey's cookie, and where the provider sends the browser back to.
    async fn set_out(&self) -> (String, String) {
        let started = self.client.get(self.server.url("/sign-in/oidc")).send().await.unwrap();
        assert_eq!(started.status(), 303, "{}", started.text().await.unwrap());
        let journey = cookie(&started, "docextract_journey").unwrap();
        let agreed = self.client.get(location(&started)).send().await.unwrap();
        (journey, location(&agreed))
    }

    async fn come_back(&self, journey: &str, to: &str) -> reqwest::Response {
        self.client.get(to).header(COOKIE, journey).send().await.unwrap()
    }

    /// The whole way: signed in, or the page's words.
    async fn sign_in(&self) -> Result<Browser, (u16, String)> {
        let (journey, back) = self.set_out().await;
        let response = self.come_back(&journey, &back).await;
        match cookie(&response, "docextract_session") {
            Some(cookie) => {
                assert_eq!((response.status().as_u16(), location(&response).as_str()), (303, "/"));
                Ok(Browser { cookie })
            }
            None => Err((response.status().as_u16(), response.text().await.unwrap())),
        }
    }
}

#[tokio::test]
async fn a_newcomer_of_an_allowed_domain_joins_with_the_configured_role() {
    let provider = Provider::start().await;
    let more = "allowed_domains = [\"Example.com\"]\nauto_join_role = \"developer\"\n";
    let server = server_with(&provider, more).await;
    let page = server.request(reqwest::Method::GET, "/sign-in").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("href=\"/sign-in/oidc\""), "{page}");
    let ada = Person::new(&server).sign_in().await.ok().unwrap();
    let (_, me) = ada.get(&server, "/v1/me").await;
    assert_eq!((&me["email"], &me["has_password"]), (&json!("ada@example.com"), &json!(false)));
    assert_eq!(me["organisations"][0]["role"], "developer");

    // Known again by who they are, not by their address.
    provider.say(&[("email", json!("lovelace@example.com"))]);
    let again = Person::new(&server).sign_in().await.ok().unwrap();
    assert_eq!(again.get(&server, "/v1/me").await.1["id"], me["id"]);

    provider.say(&[("email", json!("eve@elsewhere.example")), ("sub", json!("subject-2"))]);
    let (status, words) = Person::new(&server).sign_in().await.err().unwrap();
    assert!(status == 401 && words.contains("addresses of elsewhere.example are not let in"), "{words}");
    let (_, log) = server.get("/v1/audit-log?action=member.joined").await;
    assert_eq!((log["data"].as_array().unwrap().len(), &log["data"][0]["target"]), (1, &me["id"]));
    let (_, log) = server.get("/v1/audit-log?action=session.signed_in").await;
    assert_eq!(log["data"][0]["detail"]["method"], "oidc");
}

#[tokio::test]
async fn a_member_with_that_address_signs_in_and_a_stranger_does_not() {
    let provider = Provider::start().await;
    let server = server_with(&provider, "").await;
    let ada = Browser::owner(&server).await;
    let same = Person::new(&server).sign_in().await.ok().unwrap();
    let id = |me: (u16, Value)| text(&me.1["id"]);
    assert_eq!(id(same.get(&server, "/v1/me").await), id(ada.get(&server, "/v1/me").await));

    provider.say(&[("email", json!("eve@example.com")), ("sub", json!("subject-2"))]);
    let (status, words) = Person::new(&server).sign_in().await.err().unwrap();
    assert!(status == 403 && words.contains("belongs to no organisation"), "{words}");
    // The address alone is not enough any more: it belongs to another subject.
    provider.say(&[("sub", json!("subject-3"))]);
    assert_eq!(Person::new(&server).sign_in().await.err().unwrap().0, 403);
}

#[tokio::test]
async fn an_id_token_that_is_not_for_this_sign_in_lets_nobody_in() {
    let provider = Provider::start().await;
    let server = server_with(&provider, "").await;
    Browser::owner(&server).await;
    let now = docextract_model::time::Timestamp::parse(crate::support::NOW).unwrap().unix_seconds();
    for (name, value, why) in [
        ("nonce", json!("another"), "nonce mismatch"),
        ("nonce", Value::Null, "missing nonce"),
        ("aud", json!("another-client"), "Invalid audiences"),
        ("iss", json!("https://another.example"), "Invalid issuer"),
        ("exp", json!(now - 1), "Expired"),
        ("email_verified", json!(false), "is not verified there"),
        ("email_verified", Value::Null, "is not verified there"),
        ("email", Value::Null, "must be an e-mail address"),
        ("email", json!("no address"), "must be an e-mail address"),
    ] {
        provider.say(&[(name, value.clone())]);
        let (status, words) = Person::new(&server).sign_in().await.err().expect("let in");
        assert!(status == 401 && words.contains(why), "{name} {value} {words}");
    }
    for saying in [
        Saying { key: Some(OTHER_KEY), ..Saying::default() },
        Saying { algorithm: Some("none"), ..Saying::default() },
        // Signed with RS256 all the same: what it says of itself must be allowed.
        Saying { algorithm: Some("HS256"), ..Saying::default() },
    ] {
        *provider.saying.lock().unwrap() = saying.clone();
        let (status, words) = Person::new(&server).sign_in().await.err().expect("let in");
        let why = "Signature verification failed";
        assert!(status == 401 && words.contains(why), "{:?} {words}", saying.algorithm);
    }
    provider.say(&[]);
    assert!(Person::new(&server).sign_in().await.is_ok());
}

#[tokio::test]
async fn only_the_browser_that_set_out_comes_back_and_once() {
    let provider = Provider::start().await;
    let server = server_with(&provider, "").await;
    Browser::owner(&server).await;
    let (person, other) = (Person::new(&server), Person::new(&server));
    let (journey, back) = person.set_out().await;
    let (others_journey, others_back) = other.set_out().await;
    assert_eq!(person.come_back("", &back).await.status(), 401, "no cookie");
    assert_eq!(person.come_back(&others_journey, &back).await.status(), 401, "another's state");
    // Another's code with the right state: the provider sees by PKCE that it was not asked for here.
    let code_of = |url: &str| url.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned();
    let swapped = back.replace(&code_of(&back), &code_of(&others_back));
    assert_eq!(person.come_back(&journey, &swapped).await.status(), 401, "another's code");
    let denied = format!("{}?error=access_denied&state={}", back.split('?').next().unwrap(), {
        back.split_once("state=").unwrap().1
    });
    let words = person.come_back(&journey, &denied).await.text().await.unwrap();
    assert!(words.contains("access_denied"), "{words}");
    assert_eq!(person.come_back(&journey, &back).await.status(), 303);
    assert_eq!(person.come_back(&journey, &back).await.status(), 401, "the code is used up");
}

#[tokio::test]
async fn a_provider_that_is_away_is_not_taken_for_a_refusal() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let oidc = format!("[oidc]\nissuer = \"{issuer}\"\nclient_id = \"{CLIENT_ID}\"\n");
    let server = Server::start_with(Given { oidc: Some(oidc), ..Given::default() }).await;
    let response = server.request(reqwest::Method::GET, "/sign-in/oidc").send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn there_is_no_way_to_a_provider_that_was_not_configured() {
    let server = Server::start().await;
    for path in ["/sign-in/oidc", "/sign-in/oidc/callback"] {
        assert_eq!(server.get(path).await.0, 404, "{path}");
    }
    let page = server.request(reqwest::Method::GET, "/sign-in").send().await.unwrap().text().await.unwrap();
    assert!(!page.contains("/sign-in/oidc"), "{page}");
}
