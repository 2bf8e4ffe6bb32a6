//! A browser: it keeps the session's cookie and says which page a request comes from.

use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};

use crate::support::{Server, answer, text};

pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct Browser {
    /// `name=value`, as it is sent back.
    pub(crate) cookie: String,
}

/// The answer to a request, and the cookie that came with it.
pub(crate) async fn send(request: reqwest::RequestBuilder) -> (u16, Value, Option<String>) {
    let response = request.send().await.unwrap();
    let cookie = response.headers().get(SET_COOKIE).map(|value| value.to_str().unwrap().to_owned());
    let (status, body) = answer(response).await;
    (status, body, cookie)
}

/// The token of a link.
pub(crate) fn token_of(url: &str) -> String {
    url.split_once("/sign-in?token=").unwrap_or_else(|| panic!("{url} is no link")).1.to_owned()
}

impl Browser {
    fn with(cookie: Option<String>) -> Self {
        let cookie = cookie.expect("no cookie");
        Self { cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    /// Accepts a link with the standard password.
    pub(crate) async fn accept(server: &Server, url: &str, email: &str) -> Self {
        let body = json!({"token": token_of(url), "email": email, "name": "Ada", "password": PASSWORD});
        let request = server.request(reqwest::Method::POST, "/v1/invitations/accept").json(&body);
        let (status, body, cookie) = send(request).await;
        assert_eq!(status, 201, "{body}");
        Self::with(cookie)
    }

    /// The first owner, by the link of the first start.
    pub(crate) async fn owner(server: &Server) -> Self {
        Self::accept(server, &server.running.sign_in_links[0].1, "ada@example.com").await
    }

    /// A new member whom this one invites.
    pub(crate) async fn invite(&self, server: &Server, email: &str, role: &str) -> Self {
        let invited = json!({"email": email, "role": role});
        let (status, invitation) = self.post(server, "/v1/invitations", invited).await;
        assert_eq!(status, 201, "{invitation}");
        Self::accept(server, &text(&invitation["url"]), email).await
    }

    pub(crate) async fn sign_in(server: &Server, email: &str, password: &str) -> Result<Self, (u16, Value)> {
        let body = json!({"email": email, "password": password});
        let request = server.request(reqwest::Method::POST, "/v1/session").json(&body);
        let (status, body, cookie) = send(request).await;
        if status == 201 { Ok(Self::with(cookie)) } else { Err((status, body)) }
    }

    /// A request from one of the server's own pages.
    pub(crate) fn request(&self, server: &Server, method: &str, path: &str) -> reqwest::RequestBuilder {
        let request = server.request(method.parse().unwrap(), path);
        request.header(COOKIE, &self.cookie).header("sec-fetch-site", "same-origin")
    }

    pub(crate) async fn call(
        &self,
        server: &Server,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let request = self.request(server, method, path);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        answer(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, server: &Server, path: &str) -> (u16, Value) {
        self.call(server, "GET", path, None).await
    }

    pub(crate) async fn post(&self, server: &Server, path: &str, body: Value) -> (u16, Value) {
        self.call(server, "POST", path, Some(body)).await
    }
}
