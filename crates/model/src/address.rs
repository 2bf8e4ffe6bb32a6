//! Which addresses a webhook may reach, as a pure function.
//!
//! A URL is judged when it is registered and every address that its name resolves to is judged
//! again at each connection. What an IPv6 address embeds (mapped, compatible, 6to4, Teredo, NAT64,
//! SIIT, ISATAP) is judged in its place. Nothing here resolves a name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::limits;

/// What a server lets webhooks reach.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressPolicy {
    /// `--dev`: plain http and loopback addresses are allowed too.
    pub dev: bool,
    /// Ranges that an operator opened.
    pub allowed: Vec<Cidr>,
}

/// A range of addresses such as `10.1.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    network: IpAddr,
    prefix_bits: u8,
}

impl Cidr {
    /// Reads `address/bits`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a range of addresses such as 10.1.0.0/16 or fd00::/8");
        let (address, bits) = text.split_once('/').ok_or_else(wrong)?;
        let network: IpAddr = address.parse().map_err(|_| wrong())?;
        let prefix_bits: u8 = bits.parse().map_err(|_| wrong())?;
        let most = if network.is_ipv4() { 32 } else { 128 };
        if prefix_bits > most { Err(wrong()) } else { Ok(Self { network, prefix_bits }) }
    }

    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        let kept = |width: u32| width - u32::from(self.prefix_bits);
        match (self.network, ip) {
            (IpAddr::V4(network), IpAddr::V4(ip)) => {
                let mask = u32::MAX.checked_shl(kept(32)).unwrap_or(0);
                u32::from(network) & mask == u32::from(ip) & mask
            }
            (IpAddr::V6(network), IpAddr::V6(ip)) => {
                let mask = u128::MAX.checked_shl(kept(128)).unwrap_or(0);
                u128::from(network) & mask == u128::from(ip) & mask
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// Why an address may not be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{ip} is {kind}")]
pub struct AddressRefused {
    pub ip: IpAddr,
    pub kind: &'static str,
}

/// Judges one resolved address.
pub fn judge(ip: IpAddr, policy: &AddressPolicy) -> Result<(), AddressRefused> {
    if policy.allowed.iter().any(|range| range.contains(ip)) {
        return Ok(());
    }
    let kind = match ip {
        IpAddr::V4(v4) => special_v4(v4),
        IpAddr::V6(v6) => special_v6(v6),
    };
    match kind {
        None => Ok(()),
        Some("a loopback address") if policy.dev => Ok(()),
        Some(kind) => Err(AddressRefused { ip, kind }),
    }
}

/// The kind of an IPv4 address that is not an ordinary public one (IANA special-purpose registry).
fn special_v4(ip: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, d] = ip.octets();
    match (a, b, c, d) {
        (0, ..) => Some("an address of this network"),
        (10, ..) | (172, 16..=31, ..) | (192, 168, ..) => Some("a private address"),
        (100, 64..=127, ..) => Some("a carrier-grade NAT address"),
        (127, ..) => Some("a loopback address"),
        (169, 254, ..) => Some("a link-local address, where cloud metadata lives"),
        // Azure's platform resource address answers like a metadata service on a public number.
        (168, 63, 129, 16) => Some("a cloud platform address"),
        (192, 0, 0, _) => Some("a protocol assignment"),
        (192, 0, 2, _) | (198, 51, 100, _) | (203, 0, 113, _) => Some("a documentation address"),
        (192, 31, 196, _) | (192, 52, 193, _) | (192, 88, 99, _) | (192, 175, 48, _) => {
            Some("a special-purpose address")
        }
        (198, 18..=19, ..) => Some("a benchmark address"),
        (224..=239, ..) => Some("a multicast address"),
        (240..=255, ..) => Some("a reserved address"),
        _ => None,
    }
}

fn special_v6(ip: Ipv6Addr) -> Option<&'static str> {
    let s = ip.segments();
    let tail = Ipv4Addr::from(u32::from(s[6]) << 16 | u32::from(s[7]));
    let embedded = |v4: Ipv4Addr, otherwise: Option<&'static str>| special_v4(v4).or(otherwise);
    match s {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("the unspecified address"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("a loopback address"),
        // IPv4-mapped, -compatible and -translated (SIIT) addresses reach the IPv4 host that they name.
        [0, 0, 0, 0, 0, 0xffff, ..] => embedded(tail, None),
        [0, 0, 0, 0, 0, 0, ..] | [0, 0, 0, 0, 0xffff, 0, ..] => {
            embedded(tail, Some("a deprecated IPv4-carrying address"))
        }
        // NAT64: the well-known prefix carries IPv4 at the end; the local-use prefix is an operator's own.
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => embedded(tail, None),
        [0x64, 0xff9b, 1, ..] => Some("a local NAT64 address"),
        [0x100, 0, 0, _, ..] => Some("a discard-only address"),
        // Teredo carries the server and, inverted, the client.
        [0x2001, 0, server_hi, server_lo, ..] => {
            let server = Ipv4Addr::from(u32::from(server_hi) << 16 | u32::from(server_lo));
            let client = Ipv4Addr::from(!(u32::from(s[6]) << 16 | u32::from(s[7])));
            special_v4(server).or(embedded(client, Some("a Teredo address")))
        }
        [0x2001, 0x0..=0x1ff, ..] => Some("a protocol assignment"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("a documentation address"),
        [0x2002, hi, lo, ..] => {
            embedded(Ipv4Addr::from(u32::from(hi) << 16 | u32::from(lo)), Some("a 6to4 address"))
        }
        [0x2620, 0x4f, 0x8000, ..] => Some("a special-purpose address"),
        [0x5f00, ..] => Some("a segment-routing address"),
        [0xfc00..=0xfdff, ..] => Some("a private address"),
        [0xfe80..=0xfebf, ..] => Some("a link-local address, where cloud metadata lives"),
        [0xfec0..=0xfeff, ..] => Some("a site-local address"),
        [0xff00..=0xffff, ..] => Some("a multicast address"),
        // ISATAP interface identifiers carry IPv4 at the end.
        [_, _, _, _, 0 | 0x200, 0x5efe, ..] => embedded(tail, None),
        [0x2000..=0x3fff, ..] => None,
        _ => Some("an address outside the public range"),
    }
}

/// Why a URL cannot be a webhook's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlRefused {
    #[error("it is not a URL: {0}")]
    Malformed(String),
    #[error("it must begin with https://")]
    NotHttps,
    #[error("{0}")]
    NotAllowed(String),
}

/// A URL that a webhook may have: absolute, https (or http under `--dev`), without credentials, and
/// not a literal address that is refused. A name can only be judged when it is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookUrl(Url);

impl WebhookUrl {
    pub fn parse(text: &str, policy: &AddressPolicy) -> Result<Self, UrlRefused> {
        if text.len() > limits::URL_CHARS_MAX {
            return Err(UrlRefused::Malformed(format!("longer than {} characters", limits::URL_CHARS_MAX)));
        }
        let url = Url::parse(text).map_err(|error| UrlRefused::Malformed(error.to_string()))?;
        match url.scheme() {
            "https" => {}
            "http" if policy.dev => {}
            _ => return Err(UrlRefused::NotHttps),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlRefused::NotAllowed(
                "it carries a user name or password: send credentials in a header".to_owned(),
            ));
        }
        // The URL standard has already turned every spelling of a literal (0x7f.1, 2130706433, [::ffff:…])
        // into the address that it means.
        let literal = match url.host() {
            None => return Err(UrlRefused::Malformed("it has no host".to_owned())),
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.').to_ascii_lowercase();
                let is_local = name == "localhost" || name.ends_with(".localhost");
                if is_local && judge(IpAddr::V4(Ipv4Addr::LOCALHOST), policy).is_err() {
                    return Err(UrlRefused::NotAllowed(format!("{name} is a loopback name")));
                }
                None
            }
        };
        if let Some(ip) = literal {
            judge(ip, policy).map_err(|refused| UrlRefused::NotAllowed(refused.to_string()))?;
        }
        Ok(Self(url))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> bool {
        WebhookUrl::parse(text, &AddressPolicy::default()).is_err()
    }

    #[test]
    fn every_spelling_of_a_forbidden_address_is_refused() {
        for url in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://0/",
            "https://10.0.0.1/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://100.64.0.1/",
            "https://168.63.129.16/",
            "https://198.18.0.1/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[::127.0.0.1]/",
            "https://[::ffff:0:127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[64:ff9b:1::1]/",
            "https://[2002:7f00:1::]/",
            "https://[2001:0:7f00:1::]/",
            "https://[2001:0:808:808:0:0:80ff:fffe]/",
            "https://[fc00::1]/",
            "https://[fd00:ec2::254]/",
            "https://[fe80::1]/",
            "https://[fec0::1]/",
            "https://[ff02::1]/",
            "https://[2001:db8::1]/",
            "https://[2606:4700::5efe:7f00:1]/",
            "https://localhost/",
            "https://localhost./",
            "https://api.localhost/",
            "https://LOCALHOST/",
            "https://user@example.com/",
            "https://user:secret@example.com/",
            "http://example.com/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "example.com/hook",
            "",
        ] {
            assert!(refused(url), "{url} was accepted");
        }
    }

    #[test]
    fn ordinary_endpoints_are_accepted() {
        for url in [
            "https://example.com/webhooks",
            "https://example.com:8443/a?b=c",
            "https://8.8.8.8/",
            "https://[2606:4700:4700::1111]/",
            "https://[::ffff:8.8.8.8]/",
            "https://bücher.example/",
        ] {
            assert!(!refused(url), "{url} was refused");
        }
    }

    #[test]
    fn dev_opens_http_and_loopback_and_nothing_else() {
        let dev = AddressPolicy { dev: true, allowed: Vec::new() };
        for url in ["http://127.0.0.1:9000/hook", "http://localhost:3000/", "https://[::1]/"] {
            assert!(WebhookUrl::parse(url, &dev).is_ok(), "{url} was refused");
        }
        for url in ["http://10.0.0.1/", "http://169.254.169.254/", "http://[fe80::1]/"] {
            assert!(WebhookUrl::parse(url, &dev).is_err(), "{url} was accepted");
        }
    }

    #[test]
    fn an_operator_can_open_a_range() {
        let policy = AddressPolicy { dev: false, allowed: vec![Cidr::parse("10.1.0.0/16").unwrap()] };
        assert!(WebhookUrl::parse("https://10.1.2.3/", &policy).is_ok());
        assert!(WebhookUrl::parse("https://10.2.2.3/", &policy).is_err());
        assert!(Cidr::parse("10.0.0.0/33").is_err());
        assert!(Cidr::parse("0.0.0.0/0").unwrap().contains(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    }
}
