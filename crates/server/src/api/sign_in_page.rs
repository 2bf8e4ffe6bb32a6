//! `/sign-in`: the page behind links that let somebody in, and for signing in without a dashboard. It is a
//! form without scripts; what it does is [`super::sign_in`].

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use docextract_model::token::Token;
use url::form_urlencoded;

use super::app::App;
use super::body::read_up_to;
use super::client::Client;
use super::error::{ApiError, ErrorCode, Result};
use super::query::query;
use super::sessions::with_cookie;
use super::sign_in::{Acceptance, accept, open_invitation, sign_in};
use crate::html::{Page, escape, page};
use crate::password::Password;

/// Bytes of the form.
const FORM_BYTES_MAX: u64 = 16 * 1024;

query! {
    Link {
        /// What stands in a link that lets somebody in.
        token: String,
    }
}

pub(crate) async fn show(State(app): State<Arc<App>>, query: Link) -> Result<Response> {
    Ok(form_page(&app, query.token.as_deref(), None).await)
}

pub(crate) async fn submit(
    State(app): State<Arc<App>>,
    client: Client,
    request: Request,
) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let bytes = read_up_to(&parts.headers, body, FORM_BYTES_MAX, ErrorCode::RequestTooLarge).await?;
    let mut form = Form(form_urlencoded::parse(&bytes).into_owned().collect());
    let token = form.take("token");
    let (email, name) = (form.take("email"), form.take("name"));
    let password = Password::from(form.take("password").unwrap_or_default());
    let signed_in = match &token {
        Some(text) => {
            let name = name.unwrap_or_default();
            accept(&app, &client, Acceptance { token: Token::given(text), email, name, password }).await
        }
        None => sign_in(&app, &client, email.as_deref().unwrap_or(""), password).await,
    };
    match signed_in {
        Ok(signed_in) => {
            let home = [(header::LOCATION, HeaderValue::from_static("/"))];
            Ok(with_cookie(&app, Some(&signed_in.token), (StatusCode::SEE_OTHER, home))?.into_response())
        }
        Err(error) if error.code.row().status.is_server_error() => Err(error),
        Err(error) => Ok(with_error(&app, token.as_deref(), &error).await),
    }
}

/// The page again, with what was wrong.
pub(super) async fn with_error(app: &App, token: Option<&str>, error: &ApiError) -> Response {
    let mut response = form_page(app, token, Some(error)).await;
    *response.status_mut() = error.code.row().status;
    if let Some(seconds) = error.retry_after_seconds() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

struct Form(Vec<(String, String)>);

impl Form {
    fn take(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(index).1).filter(|value| !value.is_empty())
    }
}

async fn form_page(app: &App, token: Option<&str>, error: Option<&ApiError>) -> Response {
    let problem = error.map(|error| {
        let row = error.code.row();
        let message = error.message.as_deref().unwrap_or(row.message);
        format!("<p class=\"bad\" role=\"alert\">{} {}</p>", escape(message), escape(row.suggestion))
    });
    let problem = problem.unwrap_or_default();
    let input = |label: &str, name: &str, attributes: &str| {
        format!("<p><label>{label}<br><input name=\"{name}\" {attributes}></label></p>")
    };
    let email = input("E-mail address", "email", "type=\"email\" autocomplete=\"username\" required");
    let (title, fields, button) = match token {
        None => {
            let password = "type=\"password\" autocomplete=\"current-password\" required";
            ("Sign in", email + &input("Password", "password", password), "Sign in")
        }
        Some(token) => {
            let Ok(invitation) = open_invitation(app, &Token::given(token)).await else {
                let body = "<p class=\"bad\" role=\"alert\">This link is used up, revoked or expired. Ask whoever \
                            sent it for a new one.</p><p><a href=\"/sign-in\">Sign in</a></p>";
                return hidden_from_others(page("Sign in", body, None), StatusCode::GONE);
            };
            let mut fields = format!("<input type=\"hidden\" name=\"token\" value=\"{}\">", escape(token));
            match (&invitation.email, &invitation.user_id) {
                (Some(known), _) => {
                    fields += &format!("<p>For <strong>{}</strong>.</p>", escape(known.as_str()));
                }
                (None, Some(_)) => {}
                (None, None) => fields += &email,
            }
            if invitation.user_id.is_none() {
                fields += &input("Your name", "name", "autocomplete=\"name\"");
            }
            fields += &input(
                "Password (12 characters at least; if you have an account here, its password)",
                "password",
                "type=\"password\" autocomplete=\"new-password\" required",
            );
            ("Welcome", fields, "Continue")
        }
    };
    let elsewhere = if app.oidc.is_some() && token.is_none() {
        "<p><a href=\"/sign-in/oidc\">Sign in with your identity provider</a></p>"
    } else {
        ""
    };
    let body = format!(
        "{problem}<form method=\"post\" action=\"/sign-in\">{fields}<p><button>{button}</button></p></form>{elsewhere}"
    );
    hidden_from_others(page(title, &body, None), StatusCode::OK)
}

/// The address holds a token: no other site is told of it, and nobody keeps the page. (`no-referrer`, which
/// other answers have, would also take the `Origin` from the form, by which it is known as this server's.)
fn hidden_from_others(page: Page, status: StatusCode) -> Response {
    let mut response = page.into_response();
    *response.status_mut() = status;
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
