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

/// Judges one resolved address on a machine whose interfaces have the addresses `own`. What listens on
/// a server's own address may trust whoever comes from there, public or not: a range that an operator
/// opened and `--dev` allow it.
pub fn judge_on(ip: IpAddr, own: &[IpAddr], policy: &AddressPolicy) -> Result<(), AddressRefused> {
    judge(ip, policy)?;
    let is_own = own.contains(&ip) || carried_v4(ip).is_some_and(|v4| own.contains(&IpAddr::V4(v4)));
    if !is_own || policy.dev || policy.allowed.iter().any(|range| range.contains(ip)) {
        return Ok(());
    }
    Err(AddressRefused { ip, kind: "an address of this server itself" })
}

/// The IPv4 host that an IPv6 address may reach and still be allowed, as [`special_v6`] knows them.
fn carried_v4(ip: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(ip) = ip else { return None };
    let s = ip.segments();
    let is_carrier = matches!(
        s,
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] | [_, _, _, _, 0 | 0x200, 0x5efe, ..]
    );
    is_carrier.then(|| Ipv4Addr::from(u32::from(s[6]) << 16 | u32::from(s[7])))
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

/// Ports on which something listens that may take a request for its own protocol (mail, remote shells, printers,
/// chats): those that the Fetch standard blocks.
#[rustfmt::skip]
const OTHER_PROTOCOLS_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// A URL that a webhook may have: absolute, https (or http under `--dev`), without credentials, not to a port of
/// another protocol, and not a literal address that is refused. A name can only be judged when it is resolved.
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
        if let Some(port) = url.port().filter(|port| OTHER_PROTOCOLS_PORTS.contains(port)) {
            return Err(UrlRefused::NotAllowed(format!(
                "port {port} belongs to another protocol, and no browser sends a request there either: use 443 or \
                 another port"
            )));
        }
        // The URL standard has already turned every spelling of a literal (0x7f.1, 2130706433, [::ffff:…])
        // into the address that it means.
        let literal = match url.host() {
            None => return Err(UrlRefused::Malformed("it has no host".to_owned())),
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.').to_ascii_lowercase();
                if let Some((ip, kind)) = special_name(&name)
                    && judge(IpAddr::V4(ip), policy).is_err()
                {
                    return Err(UrlRefused::NotAllowed(format!("{name} is {kind}")));
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

/// Names that lead to a forbidden address wherever they lead somewhere, and that address. They would be
/// refused at the connection anyway: their owner hears of it earlier.
fn special_name(name: &str) -> Option<(Ipv4Addr, &'static str)> {
    /// Link-local, where AWS, Azure, Google and others answer with credentials.
    const METADATA: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
    let is_or_ends_in = |parent: &str| {
        name.strip_suffix(parent).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    if ["localhost", "localhost.localdomain", "localhost6", "ip6-localhost", "ip6-loopback"]
        .into_iter()
        .any(is_or_ends_in)
    {
        return Some((Ipv4Addr::LOCALHOST, "a loopback name"));
    }
    let metadata = [
        "metadata",
        "metadata.google.internal",
        "metadata.goog",
        "instance-data",
        "instance-data.ec2.internal",
    ];
    metadata.contains(&name).then_some((METADATA, "a cloud's metadata service"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> bool {
        WebhookUrl::parse(text, &AddressPolicy::default()).is_err()
    }

    #[test]
    fn every_spelling_of_a_forbidden_address_is_refused() {
        for url in [
            // Spellings of an IPv4 address (PayloadsAllTheThings, Server Side Request Forgery).
            "https://127.0.0.1/",
            "https://127.1/",
            "https://127.0.1/",
            "https://127.0.0.1./",
            "https://127.000.000.001/",
            "https://0x7f.1/",
            "https://0x7F.0x0.0x0.0x1/",
            "https://0177.1/",
            "https://017700000001/",
            "https://0x7f.0.0.01/",
            "https://0x0/",
            "https://0xa9.0xfe.0xa9.0xfe/",
            "https://0251.0376.0251.0376/",
            "https://0251.254.43518/",
            "https://169.254.43518/",
            "https://169.16689662/",
            "https://4294967296/",
            "https://256.0.0.1/",
            "https://1.2.3.4.5/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://0/",
            "https://169.254.169.254/latest/meta-data/",
            // What a parser may read otherwise than the one that connects (Tsai, A New Era of SSRF, 2017; the URL standard's
            // own tests): signs of other widths, escapes, tabs, backslashes, user names.
            "https://%31%32%37.0.0.1/",
            "https://127.0.0.%31/",
            "https://127%2e0%2e0%2e1/",
            "https://\u{2460}\u{2461}\u{2466}.0.0.1/",
            "https://\u{ff11}\u{ff12}\u{ff17}.\u{ff10}.\u{ff10}.\u{ff11}/",
            "https://127\u{3002}0\u{3002}0\u{3002}1/",
            "https://127\u{ff0e}0\u{ff0e}0\u{ff0e}1/",
            "https://127\u{ff61}0\u{ff61}0\u{ff61}1/",
            "https://127.0.0.1\t/",
            "https://127.0\n.0.1/",
            "https:\\\\127.0.0.1\\",
            "https:127.0.0.1",
            "https:///127.0.0.1/",
            "https://127.0.0.1:80\\@example.com/",
            "https://example.com@127.0.0.1/",
            "https://example.com%40@127.0.0.1/",
            "https://127.0.0.1:99999/",
            // Metadata services of clouds (PayloadsAllTheThings, SSRF Cloud Instances).
            "https://2852039166/",
            "https://0xa9fea9fe/",
            "https://168.63.129.16/",
            "https://100.100.100.200/",
            "https://192.0.0.192/",
            "https://metadata.google.internal/computeMetadata/v1/",
            "https://METADATA.google.internal./",
            "https://metadata.goog/",
            "https://metadata/",
            "https://instance-data.ec2.internal/latest/",
            "https://instance-data/",
            "https://[fd00:ec2::254]/",
            // IANA's registry of special-purpose IPv4 addresses.
            "https://0.0.0.0/",
            "https://10.0.0.1/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://100.64.0.1/",
            "https://192.0.0.171/",
            "https://192.88.99.1/",
            "https://198.18.0.1/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            // IPv4 carried by IPv6: mapped, compatible, SIIT, NAT64 (RFC 6052, 8215), 6to4, Teredo, ISATAP (RFC 5214); the
            // guards of Svix, nltk (3644), OpenWA (518) and fizzy (2988) each missed some of these.
            "https://[::ffff:127.0.0.1]/",
            "https://[::FFFF:169.254.169.254]/",
            "https://[::ffff:0:0]/",
            "https://[::8.8.8.8]/",
            "https://[::ffff:0:a9fe:a9fe]/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "https://[64:ff9b:1:ffff::a00:1]/",
            "https://[64:ff9b:1:a00:0:100::]/",
            "https://[64:ff9b:2::1]/",
            "https://[2002:a9fe:a9fe::1]/",
            "https://[2001:0:a9fe:a9fe::1]/",
            "https://[2001:4860::200:5efe:a9fe:a9fe]/",
            "https://[::ffff:7f00:1]/",
            "https://[::127.0.0.1]/",
            "https://[::ffff:0:127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[64:ff9b:1::1]/",
            "https://[2002:7f00:1::]/",
            "https://[2001:0:7f00:1::]/",
            "https://[2001:0:808:808:0:0:80ff:fffe]/",
            "https://[2606:4700::5efe:7f00:1]/",
            // IANA's registry of special-purpose IPv6 addresses, unassigned space, and scopes.
            "https://[::1]/",
            "https://[::]/",
            "https://[::1%25lo]/",
            "https://[fe80::1%25eth0]/",
            "https://[fe80::1%eth0]/",
            "https://[0:0:0:0:0:0:0:1]/",
            "https://[0000:0000:0000:0000:0000:0000:0000:0001]/",
            "https://[100::1]/",
            "https://[100:0:0:1::1]/",
            "https://[2001:20::1]/",
            "https://[3fff::1]/",
            "https://[5f00::1]/",
            "https://[4000::1]/",
            "https://[fedc::1]/",
            "https://[fc00::1]/",
            "https://[fe80::1]/",
            "https://[fec0::1]/",
            "https://[ff02::1]/",
            "https://[2001:db8::1]/",
            // Names that are this machine's.
            "https://localhost/",
            "https://localhost./",
            "https://api.localhost/",
            "https://a.b.LocalHost./",
            "https://localhost.localdomain/",
            "https://ip6-localhost/",
            "https://\u{24db}ocalhost/",
            "https://l%6fcalhost/",
            "https://LOCALHOST/",
            // Ports of other protocols (the Fetch standard).
            "https://example.com:22/",
            "https://example.com:25/",
            "https://example.com:6000/",
            "https://8.8.8.8:465/",
            "https://example.com:0/",
            // No webhook's URL at all.
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
            "https://localhost.example.com/",
            "https://mylocalhost/",
            "https://metadata.example.com/",
            "https://127.0.0.1.example.com/",
            "https://example.com./",
            "https://example.com:2222/",
            "https://example.com\\@127.0.0.1/",
            "https://my_host.example.com/",
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
    fn a_servers_own_address_is_refused_public_or_not_unless_it_was_opened() {
        let own: [IpAddr; 2] = ["93.184.215.14".parse().unwrap(), "2606:4700::1".parse().unwrap()];
        let open = |range: &str| AddressPolicy { dev: false, allowed: vec![Cidr::parse(range).unwrap()] };
        let on = |ip: &str, policy: &AddressPolicy| judge_on(ip.parse().unwrap(), &own, policy).is_ok();
        let standard = AddressPolicy::default();
        for ip in [
            "93.184.215.14",
            "2606:4700::1",
            "::ffff:93.184.215.14",
            "64:ff9b::5db8:d70e",
            "2620::5efe:5db8:d70e",
        ] {
            assert!(!on(ip, &standard), "{ip} was allowed");
            assert!(on(ip, &AddressPolicy { dev: true, allowed: Vec::new() }), "{ip} was refused in dev");
        }
        assert!(on("93.184.215.15", &standard) && on("2606:4700::2", &standard));
        assert!(
            on("93.184.215.14", &open("93.184.215.0/24")) && !on("2606:4700::1", &open("93.184.215.0/24"))
        );
        assert!(!on("10.0.0.1", &standard), "own or not, the policy holds");
    }

    /// IPv6 addresses by which an IPv4 host can be meant.
    fn carriers(v4: Ipv4Addr) -> Vec<Ipv6Addr> {
        let bits = u32::from(v4);
        let [hi, lo] = [(bits >> 16) as u16, bits as u16];
        let [client_hi, client_lo] = [!hi, !lo];
        vec![
            v4.to_ipv6_mapped(),
            v4.to_ipv6_compatible(),
            Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, hi, lo),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, hi, lo),
            Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, hi, lo),
            Ipv6Addr::new(0x2002, hi, lo, 0, 0, 0, 0, 1),
            Ipv6Addr::new(0x2001, 0, hi, lo, 0, 0, 0xf7f7, 0xf7f7),
            Ipv6Addr::new(0x2001, 0, 0x808, 0x808, 0, 0, client_hi, client_lo),
            Ipv6Addr::new(0x2606, 0x4700, 0, 0, 0, 0x5efe, hi, lo),
            Ipv6Addr::new(0x2606, 0x4700, 0, 0, 0x200, 0x5efe, hi, lo),
        ]
    }

    /// Addresses with the forbidden ones as often as the others.
    fn any_v4() -> impl Strategy<Value = Ipv4Addr> {
        let starts = prop::sample::select(vec![
            [0, 0],
            [10, 1],
            [100, 64],
            [100, 100],
            [127, 0],
            [168, 63],
            [169, 254],
            [172, 16],
            [172, 31],
            [192, 0],
            [192, 168],
            [198, 18],
            [224, 0],
            [255, 255],
        ]);
        prop_oneof![
            any::<u32>().prop_map(Ipv4Addr::from),
            (starts, any::<[u8; 2]>()).prop_map(|([a, b], [c, d])| Ipv4Addr::new(a, b, c, d)),
        ]
    }

    proptest! {
        #[test]
        fn no_carrier_opens_what_its_ipv4_address_does_not(v4 in any_v4()) {
            let policy = AddressPolicy::default();
            if judge(IpAddr::V4(v4), &policy).is_err() {
                for carrier in carriers(v4) {
                    prop_assert!(judge(IpAddr::V6(carrier), &policy).is_err(), "{} carries {}", carrier, v4);
                }
            }
        }

        #[test]
        fn every_way_to_write_an_ipv4_address_is_judged_as_that_address(v4 in any_v4(), radix in 0..3usize) {
            let write = |number: u32| match radix {
                0 => number.to_string(),
                1 => format!("0x{number:x}"),
                _ => format!("0{number:o}"),
            };
            let [a, b, c, d] = v4.octets().map(u32::from);
            let is_allowed = judge(IpAddr::V4(v4), &AddressPolicy::default()).is_ok();
            for host in [
                write(u32::from(v4)),
                format!("{}.{}", write(a), write(b << 16 | c << 8 | d)),
                format!("{}.{}.{}", write(a), write(b), write(c << 8 | d)),
                format!("{}.{}.{}.{}", write(a), write(b), write(c), write(d)),
                format!("{}.{}.{}.{}.", write(a), b, write(c), d),
                format!("[{}]", v4.to_ipv6_mapped()),
            ] {
                prop_assert_eq!(!refused(&format!("https://{host}/")), is_allowed, "{}", host);
            }
        }

        #[test]
        fn only_global_unicast_and_what_carries_public_ipv4_is_allowed(bits in any::<u128>()) {
            let ip = Ipv6Addr::from(bits);
            if judge(IpAddr::V6(ip), &AddressPolicy::default()).is_ok() {
                prop_assert!(ip.segments()[0] & 0xe000 == 0x2000 || carried_v4(IpAddr::V6(ip)).is_some());
            }
        }

        #[test]
        fn whatever_is_written_never_reaches_a_forbidden_literal(text in "https://[0-9a-fA-Fx.:%\\[\\]@/\\\\]{1,24}") {
            if let Ok(url) = WebhookUrl::parse(&text, &AddressPolicy::default()) {
                let host = url.url().host_str().unwrap().trim_matches(['[', ']']);
                if let Ok(ip) = host.parse::<IpAddr>() {
                    prop_assert!(judge(ip, &AddressPolicy::default()).is_ok(), "{}", text);
                }
                prop_assert!(!host.contains('@') && url.url().username().is_empty());
            }
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
