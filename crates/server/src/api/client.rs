//! Where a request comes from: the client's address, its browser, and whether another site's page made it.
//!
//! The address is the connection's, unless that is a proxy that the operator trusts: then it is the last one
//! in `X-Forwarded-For` that is not such a proxy's. What a client writes there by itself stands before that,
//! and is never believed.
//!
//! A browser sends a session's cookie along with requests that another site's page makes. So a request that
//! changes something and that a cookie would let in is taken only when the browser says that it comes from a
//! page of this server's: `Sec-Fetch-Site`, or where that is missing, `Origin`. Without either it is refused.
//! (docs/adr/0006 says why there is no token beside this.)

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use docextract_model::address::Cidr;
use docextract_model::id::RequestId;
use docextract_model::limits;

use super::app::App;
use super::describe::{Operation, Takes};

/// Who sent a request, as far as it can be told without asking who it is.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) address: Option<IpAddr>,
    pub(crate) request_id: Option<RequestId>,
    pub(crate) user_agent: Option<String>,
}

impl Client {
    pub(crate) fn of(parts: &Parts, app: &App) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical());
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Self {
            address: peer.map(|peer| behind_proxies(peer, &parts.headers, &app.trusted_proxies)),
            request_id: parts.extensions.get::<RequestId>().cloned(),
            user_agent: agent.map(|agent| agent.chars().take(limits::USER_AGENT_CHARS_MAX).collect()),
        }
    }

    pub(crate) fn address_text(&self) -> Option<String> {
        self.address.map(|address| address.to_string())
    }

    /// What tries to sign in are counted by: of IPv6, the network that one subscriber gets.
    pub(crate) fn throttled_as(&self) -> Option<String> {
        self.address.map(|address| match address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                format!("{}/64", Ipv6Addr::from(network))
            }
        })
    }
}

impl Takes for Client {
    fn describe(_: &mut Operation) {}
}

impl FromRequestParts<Arc<App>> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self::of(parts, app))
    }
}

fn behind_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[Cidr]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|range| range.contains(address));
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut client = peer;
    for hop in hops.iter().rev() {
        let Some(address) = hop.parse::<IpAddr>().ok().filter(|_| is_trusted(client)) else { break };
        client = address.to_canonical();
    }
    client
}

/// Where a browser says that a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    Own,
    Other,
    /// It does not say: it is no browser, or one from before 2020.
    Unsaid,
}

impl Site {
    pub(crate) fn of(headers: &HeaderMap, base_url: &str) -> Self {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or(""));
        match (text("sec-fetch-site"), text("origin")) {
            // `none`: the user typed the address, or opened a bookmark.
            (Some("same-origin" | "none"), _) => Self::Own,
            (Some(_), _) => Self::Other,
            (None, Some(origin)) => {
                let own = url::Url::parse(base_url).map(|url| url.origin().ascii_serialization());
                let host = text("host").unwrap_or("");
                let origin_host = origin.split_once("://").map_or("", |(_, host)| host);
                let is_own = own.is_ok_and(|own| own == origin) || (!host.is_empty() && host == origin_host);
                if is_own { Self::Own } else { Self::Other }
            }
            (None, None) => Self::Unsaid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_a_page_of_this_server_counts_as_its_own() {
        let base = "https://docs.example.com";
        for (pairs, site) in [
            (&[("sec-fetch-site", "same-origin")][..], Site::Own),
            (&[("sec-fetch-site", "none")], Site::Own),
            (&[("sec-fetch-site", "same-site"), ("origin", base)], Site::Other),
            (&[("sec-fetch-site", "cross-site")], Site::Other),
            (&[("origin", base)], Site::Own),
            (&[("origin", "http://docs.example.com")], Site::Other),
            (&[("origin", "https://docs.example.com.evil.example")], Site::Other),
            (&[("origin", "null")], Site::Other),
            (&[("origin", "http://localhost:8080"), ("host", "localhost:8080")], Site::Own),
            (&[("origin", "http://evil.example"), ("host", "localhost:8080")], Site::Other),
            (&[("host", "localhost:8080")], Site::Unsaid),
        ] {
            assert_eq!(Site::of(&headers(pairs), base), site, "{pairs:?}");
        }
    }

    #[test]
    fn an_address_is_believed_from_a_trusted_proxy_only() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let trusted = [Cidr::parse("10.0.0.0/8").unwrap()];
        let forwarded = headers(&[("x-forwarded-for", "198.51.100.1, 203.0.113.9, 10.0.0.2")]);
        assert_eq!(behind_proxies(ip("10.0.0.1"), &forwarded, &trusted), ip("203.0.113.9"));
        assert_eq!(behind_proxies(ip("192.0.2.1"), &forwarded, &trusted), ip("192.0.2.1"));
        assert_eq!(behind_proxies(ip("10.0.0.1"), &forwarded, &[]), ip("10.0.0.1"));
        let spoilt = headers(&[("x-forwarded-for", "203.0.113.9, unknown")]);
        assert_eq!(behind_proxies(ip("10.0.0.1"), &spoilt, &trusted), ip("10.0.0.1"));
    }

    #[test]
    fn tries_of_one_ipv6_network_are_counted_together() {
        let client = |address: &str| Client {
            address: Some(address.parse().unwrap()),
            request_id: None,
            user_agent: None,
        };
        assert_eq!(client("2001:db8::1").throttled_as(), client("2001:db8::ffff:2").throttled_as());
        assert_ne!(client("2001:db8::1").throttled_as(), client("2001:db8:0:1::1").throttled_as());
    }
}
