//! The cookie that a session's token is in: out of reach of scripts, and not sent along by other sites' pages
//! except when a link is followed. The one of a journey to an identity provider is alike.
//! Over https it is `Secure` and bound to this host (`__Host-`).

use axum::http::{HeaderMap, HeaderValue, header};
use docextract_model::limits;
use docextract_model::token::Token;

pub(crate) fn name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-docextract_session" } else { "docextract_session" }
}

/// Whether browsers reach this server over something that a `Secure` cookie is sent on: everything but http
/// on one's own machine.
pub(crate) fn is_secure(base_url: &str, dev: bool) -> bool {
    let is_plain = base_url.starts_with("http://");
    let is_loopback = url::Url::parse(base_url).is_ok_and(|url| match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    });
    !(is_plain && (dev || is_loopback))
}

pub(crate) fn read(headers: &HeaderMap, is_secure: bool) -> Option<Token> {
    find(headers, name(is_secure)).map(Token::given)
}

fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, value)| *known == name && !value.is_empty()).map(|(_, value)| value)
}

/// The cookie of a browser that is on its way to an identity provider and back.
fn journey_name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-docextract_journey" } else { "docextract_journey" }
}

pub(crate) fn read_journey(headers: &HeaderMap, is_secure: bool) -> Option<String> {
    find(headers, journey_name(is_secure)).map(str::to_owned)
}

/// The header that gives a browser its journey; none takes it away.
pub(crate) fn write_journey(journey: Option<&str>, is_secure: bool) -> Option<HeaderValue> {
    let seconds = if journey.is_some() { limits::OIDC_JOURNEY_MS_MAX / 1_000 } else { 0 };
    set(journey_name(is_secure), journey.unwrap_or(""), seconds, is_secure)
}

/// The header that gives a browser its token; none takes it away.
pub(crate) fn write(token: Option<&Token>, is_secure: bool) -> Option<HeaderValue> {
    let (value, seconds) = token.map_or(("", 0), |token| (token.expose(), limits::SESSION_MS_MAX / 1_000));
    set(name(is_secure), value, seconds, is_secure)
}

fn set(name: &str, value: &str, seconds: u64, is_secure: bool) -> Option<HeaderValue> {
    let secure = if is_secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    let mut header = HeaderValue::from_str(&text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_secure_unless_it_goes_over_plain_http_on_this_machine() {
        for (base, dev, secure) in [
            ("https://docs.example.com", false, true),
            ("https://127.0.0.1:8443", true, true),
            ("http://127.0.0.1:8080", false, false),
            ("http://[::1]:8080", false, false),
            ("http://localhost:8080", false, false),
            ("http://10.0.0.5:8080", false, true),
            ("http://10.0.0.5:8080", true, false),
        ] {
            assert_eq!(is_secure(base, dev), secure, "{base} {dev}");
        }
    }

    #[test]
    fn a_token_reads_back_from_among_other_cookies() {
        let token = Token::new("dxs", [3; 32]);
        let written = write(Some(&token), true).unwrap();
        let text = written.to_str().unwrap();
        assert!(text.ends_with("; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax; Secure"), "{text}");
        let pair = text.split(';').next().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("theme=dark; {pair}; x=1").parse().unwrap());
        assert_eq!(read(&headers, true).unwrap().expose(), token.expose());
        assert!(read(&headers, false).is_none(), "the one over http has another name");
        assert!(write(None, false).unwrap().to_str().unwrap().contains("Max-Age=0"));
    }
}
