//! Signing in at an OpenID provider: authorization code, PKCE, state and nonce.
//!
//! Who plays: the operator, who names an issuer, this server's client there, whose e-mail domains are let in
//! and perhaps which role a newcomer gets; a browser, which carries a *journey* (state, nonce and verifier, in
//! a cookie of its own) to the provider and back; and the provider, which is asked for a code's ID token.
//!
//! What is guaranteed: the browser that comes back is the one that set out (state), the code was meant for it
//! (PKCE), the ID token is for this sign-in (nonce), from this issuer, for this client, signed by one of the
//! issuer's keys with RS256, and not over; and its e-mail address is one that the provider has verified.
//!
//! The issuer is called as every service that the operator names ([`NamedService`]). What it says of
//! itself and its keys is kept for five minutes, and forgotten when a sign-in fails, since the keys may have
//! been changed.
//!
//! What it never does: keep the provider's tokens, or ask for more than who somebody is.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use docextract_model::limits;
use docextract_model::member::{Email, Identity, Role};
use docextract_model::time::Timestamp;
use futures_util::future::BoxFuture;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreIdTokenVerifier, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
};
use subtle::ConstantTimeEq as _;
use tokio::time::Instant;

use crate::named_service::{CallError, NamedService};

/// Where a browser comes back to.
pub(crate) const CALLBACK_PATH: &str = "/sign-in/oidc/callback";
/// How long what the issuer says of itself is believed.
const METADATA_AGE_MAX: Duration = Duration::from_secs(5 * 60);

/// The operator's choice of a provider.
#[derive(Clone)]
pub struct OidcConfig {
    pub issuer: String,
    pub client_id: String,
    /// None for a public client, which proves itself by PKCE alone.
    pub client_secret: Option<String>,
    /// Domains of the e-mail addresses that are let in; empty lets every verified one in.
    pub allowed_domains: Vec<String>,
    /// What somebody becomes who signs in for the first time and was not invited; none: is not let in.
    pub auto_join_role: Option<Role>,
}

impl std::fmt::Debug for OidcConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OidcConfig").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

type ProviderClient = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The provider, and the client that calls it.
pub(crate) struct Oidc {
    pub(crate) config: OidcConfig,
    redirect_url: String,
    service: Arc<NamedService>,
    metadata: Mutex<Option<(Instant, Arc<CoreProviderMetadata>)>>,
}

/// What a browser takes along to the provider and back.
pub(crate) struct Journey {
    state: String,
    nonce: String,
    verifier: String,
}

impl Journey {
    pub(crate) fn new(random: impl Fn() -> [u8; 32]) -> Self {
        let text = || hex::encode(random());
        Self { state: text(), nonce: text(), verifier: text() }
    }

    /// As a cookie holds it.
    pub(crate) fn to_text(&self) -> String {
        format!("{}.{}.{}", self.state, self.nonce, self.verifier)
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(str::to_owned);
        let journey = Self { state: parts.next()?, nonce: parts.next()?, verifier: parts.next()? };
        // The least that PKCE takes for a verifier.
        (journey.verifier.len() >= 43 && !journey.state.is_empty() && !journey.nonce.is_empty())
            .then_some(journey)
    }

    pub(crate) fn is_state(&self, state: &str) -> bool {
        self.state.as_bytes().ct_eq(state.as_bytes()).into()
    }
}

/// Who came back.
#[derive(Debug)]
pub(crate) struct Stranger {
    pub(crate) identity: Identity,
    pub(crate) email: Email,
    pub(crate) name: String,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum OidcError {
    /// The provider cannot be asked now.
    #[error("the identity provider could not be asked: {0}")]
    Unavailable(String),
    /// It was asked, and its answer lets nobody in.
    #[error("{0}")]
    Refused(String),
}

impl Oidc {
    pub(crate) fn new(config: OidcConfig, base_url: &str) -> std::io::Result<Self> {
        Ok(Self {
            config,
            redirect_url: format!("{base_url}{CALLBACK_PATH}"),
            service: Arc::new(NamedService::new(limits::SERVICE_CALLS_MAX)?),
            metadata: Mutex::new(None),
        })
    }

    /// Where a browser is sent.
    pub(crate) async fn authorize_url(&self, journey: &Journey) -> Result<String, OidcError> {
        let client = self.client().await?;
        let verifier = PkceCodeVerifier::new(journey.verifier.clone());
        let (state, nonce) = (journey.state.clone(), journey.nonce.clone());
        let (url, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url.into())
    }

    /// Exchanges the code that a browser came back with, and tells who it is.
    pub(crate) async fn who(
        &self,
        journey: &Journey,
        code: &str,
        now: Timestamp,
    ) -> Result<Stranger, OidcError> {
        let known = self.exchange(journey, code, now).await;
        if known.is_err() {
            *self.lock() = None;
        }
        known
    }

    async fn exchange(&self, journey: &Journey, code: &str, now: Timestamp) -> Result<Stranger, OidcError> {
        let client = self.client().await?;
        let call = self.caller();
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| OidcError::Refused(format!("the identity provider takes no codes: {error}")))?
            .set_pkce_verifier(PkceCodeVerifier::new(journey.verifier.clone()))
            .request_async(&call)
            .await
            .map_err(|error| match error {
                openidconnect::RequestTokenError::Request(error) => OidcError::Unavailable(error.to_string()),
                other => OidcError::Refused(format!("the identity provider refused the code: {other}")),
            })?;
        let id_token = answer
            .id_token()
            .ok_or_else(|| OidcError::Refused("the identity provider sent no ID token".to_owned()))?;
        // RS256 alone, which is what a verifier allows unless it is told otherwise.
        let verifier: CoreIdTokenVerifier<'_> = client.id_token_verifier();
        let now = chrono::DateTime::from_timestamp_millis(now.unix_ms()).unwrap_or_default();
        let verifier = verifier.set_time_fn(move || now);
        let claims = id_token
            .claims(&verifier, &Nonce::new(journey.nonce.clone()))
            .map_err(|error| refused(&error))?;
        // What is not said to be verified is not.
        if claims.email_verified() != Some(true) {
            return Err(OidcError::Refused("the e-mail address is not verified there".to_owned()));
        }
        let email = claims.email().map(|email| email.as_str()).unwrap_or("");
        let email = Email::parse(email)
            .map_err(|problem| OidcError::Refused(format!("the e-mail address {problem}")))?;
        let domains = &self.config.allowed_domains;
        if !domains.is_empty() && !domains.iter().any(|domain| domain == email.domain()) {
            return Err(OidcError::Refused(format!("addresses of {} are not let in", email.domain())));
        }
        let name = claims.name().and_then(|name| name.get(None)).map_or("", |name| name.as_str());
        Ok(Stranger {
            identity: Identity {
                issuer: claims.issuer().as_str().to_owned(),
                subject: claims.subject().as_str().to_owned(),
            },
            email,
            name: name.chars().take(limits::USER_NAME_CHARS_MAX).collect(),
        })
    }

    async fn client(&self) -> Result<ProviderClient, OidcError> {
        let metadata = self.metadata().await?;
        let secret = self.config.client_secret.clone().map(ClientSecret::new);
        let redirect = RedirectUrl::new(self.redirect_url.clone())
            .map_err(|error| OidcError::Refused(format!("the public URL is none: {error}")))?;
        let id = ClientId::new(self.config.client_id.clone());
        Ok(CoreClient::from_provider_metadata(metadata.as_ref().clone(), id, secret)
            .set_redirect_uri(redirect))
    }

    async fn metadata(&self) -> Result<Arc<CoreProviderMetadata>, OidcError> {
        if let Some((since, metadata)) = self.lock().as_ref()
            && since.elapsed() < METADATA_AGE_MAX
        {
            return Ok(Arc::clone(metadata));
        }
        let asked_at = Instant::now();
        let issuer = IssuerUrl::new(self.config.issuer.clone())
            .map_err(|error| OidcError::Unavailable(format!("the issuer is no URL: {error}")))?;
        let call = self.caller();
        let found = CoreProviderMetadata::discover_async(issuer, &call).await;
        let metadata = Arc::new(found.map_err(|error| OidcError::Unavailable(error.to_string()))?);
        *self.lock() = Some((asked_at, Arc::clone(&metadata)));
        Ok(metadata)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<(Instant, Arc<CoreProviderMetadata>)>> {
        self.metadata.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Oidc {
    /// How the provider is called: something of its own, so that what is called with it borrows nothing.
    fn caller(&self) -> impl Fn(HttpRequest) -> BoxFuture<'static, Result<HttpResponse, CallError>> {
        let service = Arc::clone(&self.service);
        move |request| {
            let service = Arc::clone(&service);
            Box::pin(async move { service.call(request).await })
        }
    }
}

fn refused(error: &ClaimsVerificationError) -> OidcError {
    OidcError::Refused(format!("the ID token is refused: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journey_reads_back_and_knows_its_state() {
        let journey = Journey::new(|| [7; 32]);
        let back = Journey::parse(&journey.to_text()).unwrap();
        assert!(back.is_state(&journey.state) && !back.is_state("") && !back.is_state("another"));
        for broken in ["", "a.b", "..", "a.b.short"] {
            assert!(Journey::parse(broken).is_none(), "{broken}");
        }
    }

    #[test]
    fn the_clients_secret_is_not_shown_by_debug() {
        let config = OidcConfig {
            issuer: "https://id.example.com".to_owned(),
            client_id: "docextract".to_owned(),
            client_secret: Some("hush".to_owned()),
            allowed_domains: Vec::new(),
            auto_join_role: None,
        };
        assert!(!format!("{config:?}").contains("hush"));
    }
}
