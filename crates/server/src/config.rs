//! Configuration: `docextract.toml`, then `DOCEXTRACT_*`, then flags; the later wins.
//!
//! Flags and variables are one struct that clap fills; the file is another with the same options.
//! [`Config::resolve`] lays one over the other and checks the whole. An option that nothing uses does
//! not exist, and one that is misspelt is refused by name.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use docextract_engine::EgressProxy;
use docextract_extraction::Limits;
use docextract_model::address::{AddressPolicy, Cidr};
use docextract_model::limits;
use docextract_model::member::Role;
use docextract_model::retry::{DEFAULT_WAITS_MS, RetrySchedule};
use docextract_model::webhook::Secret;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::checkout::{self, CheckoutConfig, Pack};
use crate::duration::DurationMs;
use crate::http::HttpLimits;
use crate::llm::{EngineKind, LlmConfig, ModelInput};
use crate::oidc::OidcConfig;
use crate::secrets::{self, Secrets};
use crate::telemetry::{LogFormat, LogLevel};

pub const FILE_DEFAULT: &str = "docextract.toml";
const DATA_DIR_DEFAULT: &str = "./data";
const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);
/// An attempt must end well before the lease of its delivery does.
const ATTEMPT_MS_LONGEST: u64 = limits::DELIVERY_LEASE_MS / 2;
const WORKERS_MAX: usize = 256;
const CONNECTIONS_HIGHEST: usize = 1_000_000;
const CLIENT_MS_LONGEST: u64 = 60 * 60 * 1000;
const LOG_KEPT_MS_MIN: u64 = 24 * 60 * 60 * 1000;

/// What is wrong with the configuration, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct ConfigError {
    pub problem: String,
    pub hint: String,
}

impl ConfigError {
    fn new(problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { problem: problem.into(), hint: hint.into() }
    }
}

/// Where the configuration and the data are: what every command that uses them takes.
#[derive(Debug, Clone, Default, Args)]
pub struct Places {
    /// Configuration file [default: docextract.toml, if there is one]
    #[arg(long, value_name = "FILE", env = "DOCEXTRACT_CONFIG")]
    pub config: Option<PathBuf>,
    /// Where the database and the documents are kept [default: ./data]
    #[arg(long, value_name = "DIR", env = "DOCEXTRACT_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// File with the keys that seal the database's secrets [default: secrets.key in the data directory]
    #[arg(long, value_name = "FILE", env = "DOCEXTRACT_SECRETS_KEY_FILE")]
    pub secrets_key_file: Option<PathBuf>,
}

/// The options of `serve`, as flags and as `DOCEXTRACT_*`.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS", env = "DOCEXTRACT_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Allow http and loopback webhooks, and serve an inbox for them. Not for production
    #[arg(long, env = "DOCEXTRACT_DEV")]
    pub dev: bool,
    /// How users reach this server, such as https://docextract.example.com [default: http://<listen>]
    #[arg(long, value_name = "URL", env = "DOCEXTRACT_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Proxies in front of this server whose X-Forwarded-For is believed, such as 10.1.0.0/16 [default: none]
    #[arg(long, value_name = "RANGES", env = "DOCEXTRACT_TRUSTED_PROXIES", value_delimiter = ',', value_parser = Cidr::parse)]
    pub trusted_proxies: Option<Vec<Cidr>>,
    /// How long the audit log is kept [default: 365d]
    #[arg(long, value_name = "TIME", env = "DOCEXTRACT_AUDIT_LOG_RETENTION")]
    pub audit_log_retention: Option<DurationMs>,
    /// Issuer of an OpenID provider that people can sign in at, such as https://id.example.com [default: none]
    #[arg(long, value_name = "URL", env = "DOCEXTRACT_OIDC_ISSUER")]
    pub oidc_issuer: Option<String>,
    /// This server's client there; its redirect URL is <public-url>/sign-in/oidc/callback
    #[arg(long, value_name = "ID", env = "DOCEXTRACT_OIDC_CLIENT_ID")]
    pub oidc_client_id: Option<String>,
    /// The client's secret, if it has one
    #[arg(long, value_name = "SECRET", env = "DOCEXTRACT_OIDC_CLIENT_SECRET", hide_env_values = true)]
    pub oidc_client_secret: Option<SecretText>,
    /// Domains whose verified e-mail addresses are let in [default: all]
    #[arg(long, value_name = "DOMAINS", env = "DOCEXTRACT_OIDC_ALLOWED_DOMAINS", value_delimiter = ',')]
    pub oidc_allowed_domains: Option<Vec<String>>,
    /// What becomes who signs in for the first time and was not invited: viewer, developer or admin [default: is not let in]
    #[arg(long, value_name = "ROLE", env = "DOCEXTRACT_OIDC_AUTO_JOIN_ROLE", value_parser = parse_join_role)]
    pub oidc_auto_join_role: Option<Role>,
    /// The payment provider's secret key: with it and the rest of checkout, credits can be bought [default: none]
    #[arg(long, value_name = "KEY", env = "DOCEXTRACT_CHECKOUT_SECRET_KEY", hide_env_values = true)]
    pub checkout_secret_key: Option<SecretText>,
    /// What signs the payment provider's notifications to <public-url>/checkout/notifications
    #[arg(
        long,
        value_name = "SECRET",
        env = "DOCEXTRACT_CHECKOUT_NOTIFICATION_SECRET",
        hide_env_values = true
    )]
    pub checkout_notification_secret: Option<SecretText>,
    /// The currency of prices, such as EUR
    #[arg(long, value_name = "CURRENCY", env = "DOCEXTRACT_CHECKOUT_CURRENCY")]
    pub checkout_currency: Option<String>,
    /// Credits and their prices, such as 100=9.00,1000=79.00
    #[arg(long, value_name = "PACKS", env = "DOCEXTRACT_CHECKOUT_PACKS", value_delimiter = ',')]
    pub checkout_packs: Option<Vec<Pack>>,
    /// Where the payment provider's API is [default: https://api.stripe.com]
    #[arg(long, value_name = "URL", env = "DOCEXTRACT_CHECKOUT_API_URL")]
    pub checkout_api_url: Option<String>,
    /// How logs are written [default: text]
    #[arg(long, value_name = "FORMAT", env = "DOCEXTRACT_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
    /// How much is logged [default: info]
    #[arg(long, value_name = "LEVEL", env = "DOCEXTRACT_LOG_LEVEL")]
    pub log_level: Option<LogLevel>,
    /// Documents that are read at the same time [default: the number of cores]
    #[arg(long, value_name = "COUNT", env = "DOCEXTRACT_EXTRACTION_WORKERS")]
    pub extraction_workers: Option<usize>,
    /// What finds the values: rules, llm or chain (the rules first, then llm for the rest) [default: rules]
    #[arg(long, value_name = "ENGINE", env = "DOCEXTRACT_EXTRACTION_ENGINE")]
    pub extraction_engine: Option<EngineKind>,
    /// OpenAI-compatible API of the language model, such as http://127.0.0.1:11434/v1
    #[arg(long, value_name = "URL", env = "DOCEXTRACT_EXTRACTION_LLM_BASE_URL")]
    pub extraction_llm_base_url: Option<String>,
    /// The model's name there
    #[arg(long, value_name = "NAME", env = "DOCEXTRACT_EXTRACTION_LLM_MODEL")]
    pub extraction_llm_model: Option<String>,
    /// The API's key, if it has one
    #[arg(long, value_name = "KEY", env = "DOCEXTRACT_EXTRACTION_LLM_KEY", hide_env_values = true)]
    pub extraction_llm_key: Option<SecretText>,
    /// What the model sees: text, or images of the first pages as well [default: text]
    #[arg(long, value_name = "INPUT", env = "DOCEXTRACT_EXTRACTION_LLM_INPUT")]
    pub extraction_llm_input: Option<ModelInput>,
    /// Longest time for the model's answer [default: 30s]
    #[arg(long, value_name = "TIME", env = "DOCEXTRACT_EXTRACTION_LLM_TIMEOUT")]
    pub extraction_llm_timeout: Option<DurationMs>,
    /// Waits before the second, third … attempt [default: 5s,30s,2m,10m,1h]
    #[arg(long, value_name = "WAITS", env = "DOCEXTRACT_WEBHOOKS_RETRY_WAITS", value_delimiter = ',')]
    pub webhooks_retry_waits: Option<Vec<DurationMs>>,
    /// Time for one attempt, from DNS to the end of the answer [default: 5s]
    #[arg(long, value_name = "TIME", env = "DOCEXTRACT_WEBHOOKS_ATTEMPT_TIMEOUT")]
    pub webhooks_attempt_timeout: Option<DurationMs>,
    /// Ranges that webhooks may reach although private or this server's own, such as 10.1.0.0/16 [default: none]
    #[arg(long, value_name = "RANGES", env = "DOCEXTRACT_WEBHOOKS_ALLOWED_NETWORKS", value_delimiter = ',', value_parser = Cidr::parse)]
    pub webhooks_allowed_networks: Option<Vec<Cidr>>,
    /// HTTP proxy that webhooks go out through, such as http://user:password@proxy.internal:3128 [default: none]
    #[arg(long, value_name = "URL", env = "DOCEXTRACT_WEBHOOKS_EGRESS_PROXY", hide_env_values = true)]
    pub webhooks_egress_proxy: Option<ProxyUrl>,
    /// How long events, deliveries and attempts are kept [default: 30d]
    #[arg(long, value_name = "TIME", env = "DOCEXTRACT_WEBHOOKS_LOG_RETENTION")]
    pub webhooks_log_retention: Option<DurationMs>,
    /// Largest document in bytes [default: 26214400]
    #[arg(long, value_name = "BYTES", env = "DOCEXTRACT_LIMITS_DOCUMENT_BYTES")]
    pub limits_document_bytes: Option<u64>,
    /// Most pages of a document [default: 200]
    #[arg(long, value_name = "PAGES", env = "DOCEXTRACT_LIMITS_DOCUMENT_PAGES")]
    pub limits_document_pages: Option<u32>,
    /// Longest time for reading one document [default: 60s]
    #[arg(long, value_name = "TIME", env = "DOCEXTRACT_LIMITS_EXTRACTION_TIME")]
    pub limits_extraction_time: Option<DurationMs>,
    /// Most connections of clients [default: 8192]
    #[arg(long, value_name = "COUNT", env = "DOCEXTRACT_LIMITS_CONNECTIONS")]
    pub limits_connections: Option<usize>,
    /// Most connections from one address [default: 1024]
    #[arg(long, value_name = "COUNT", env = "DOCEXTRACT_LIMITS_CONNECTIONS_PER_ADDRESS")]
    pub limits_connections_per_address: Option<usize>,
    /// Most requests that are handled at the same time [default: 1024]
    #[arg(long, value_name = "COUNT", env = "DOCEXTRACT_LIMITS_REQUESTS")]
    pub limits_requests: Option<usize>,
    /// Longest time that a client takes to send a request's headers [default: 15s]
    #[arg(long, value_name = "TIME", env = "DOCEXTRACT_LIMITS_HEADER_TIME")]
    pub limits_header_time: Option<DurationMs>,
    /// Longest time that a connection is without a request [default: 75s]
    #[arg(long, value_name = "TIME", env = "DOCEXTRACT_LIMITS_IDLE_TIME")]
    pub limits_idle_time: Option<DurationMs>,
    /// Longest time that a client sends nothing of a body, or takes nothing of an answer [default: 30s]
    #[arg(long, value_name = "TIME", env = "DOCEXTRACT_LIMITS_STALL_TIME")]
    pub limits_stall_time: Option<DurationMs>,
    /// Bytes a second that a client sends or takes at least [default: 1024]
    #[arg(long, value_name = "BYTES", env = "DOCEXTRACT_LIMITS_TRANSFER_RATE")]
    pub limits_transfer_rate: Option<u64>,
}

/// `docextract.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<SocketAddr>,
    data_dir: Option<PathBuf>,
    dev: Option<bool>,
    public_url: Option<String>,
    trusted_proxies: Option<Vec<Network>>,
    audit_log_retention: Option<DurationMs>,
    log_format: Option<LogFormat>,
    extraction_workers: Option<usize>,
    log_level: Option<LogLevel>,
    #[serde(default)]
    secrets: SecretsSection,
    #[serde(default)]
    oidc: OidcSection,
    #[serde(default)]
    checkout: CheckoutSection,
    #[serde(default)]
    extraction: ExtractionSection,
    #[serde(default)]
    webhooks: WebhooksSection,
    #[serde(default)]
    limits: LimitsSection,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretsSection {
    key_file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OidcSection {
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret: Option<SecretText>,
    allowed_domains: Option<Vec<String>>,
    auto_join_role: Option<Role>,
}

/// Credits are sold only with all of it but `api_url`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckoutSection {
    secret_key: Option<SecretText>,
    notification_secret: Option<SecretText>,
    currency: Option<String>,
    packs: Option<Vec<Pack>>,
    api_url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtractionSection {
    pub(crate) engine: Option<EngineKind>,
    pub(crate) llm_base_url: Option<String>,
    pub(crate) llm_model: Option<String>,
    pub(crate) llm_key: Option<SecretText>,
    pub(crate) llm_input: Option<ModelInput>,
    pub(crate) llm_timeout: Option<DurationMs>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhooksSection {
    retry_waits: Option<Vec<DurationMs>>,
    attempt_timeout: Option<DurationMs>,
    allowed_networks: Option<Vec<Network>>,
    egress_proxy: Option<ProxyUrl>,
    log_retention: Option<DurationMs>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsSection {
    document_bytes: Option<u64>,
    document_pages: Option<u32>,
    extraction_time: Option<DurationMs>,
    connections: Option<usize>,
    connections_per_address: Option<usize>,
    requests: Option<usize>,
    header_time: Option<DurationMs>,
    idle_time: Option<DurationMs>,
    stall_time: Option<DurationMs>,
    transfer_rate: Option<u64>,
}

/// A range of addresses as the file has it.
#[derive(Debug)]
struct Network(Cidr);

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cidr::parse(&String::deserialize(deserializer)?).map(Self).map_err(D::Error::custom)
    }
}

/// A secret as it was written. Never printed by `Debug`.
#[derive(Clone, Deserialize)]
pub struct SecretText(String);

impl SecretText {
    pub(crate) fn of_environment(variable: &str) -> Option<Self> {
        std::env::var(variable).ok().map(Self)
    }
}

impl std::str::FromStr for SecretText {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretText(..)")
    }
}

fn parse_join_role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "use viewer, developer or admin".to_owned())
}

/// An egress proxy as it was written, perhaps with a password: it is parsed where an error can be told
/// without showing it.
#[derive(Clone, Deserialize)]
pub struct ProxyUrl(String);

impl std::str::FromStr for ProxyUrl {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl std::fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProxyUrl(..)")
    }
}

/// What `serve` runs with: complete and checked.
#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub data_dir: PathBuf,
    /// Without a slash at the end. None: made from the address that is listened on.
    pub public_url: Option<String>,
    pub trusted_proxies: Vec<Cidr>,
    pub oidc: Option<OidcConfig>,
    pub checkout: Option<CheckoutConfig>,
    pub audit_kept_ms: u64,
    pub log_format: LogFormat,
    pub log_level: LogLevel,
    pub secrets: Secrets,
    pub extraction_workers: usize,
    pub schedule: RetrySchedule,
    pub attempt_ms_max: u64,
    pub log_kept_ms: u64,
    /// `dev` is in here.
    pub addresses: AddressPolicy,
    pub egress_proxy: Option<EgressProxy>,
    pub extraction: Limits,
    /// The language model that documents are asked of, where there is one.
    pub llm: Option<LlmConfig>,
    pub http: HttpLimits,
}

impl Config {
    /// The configuration with nothing said, for a data directory.
    #[must_use]
    pub fn new(data_dir: PathBuf) -> Self {
        Self {
            listen: LISTEN_DEFAULT,
            data_dir,
            public_url: None,
            trusted_proxies: Vec::new(),
            oidc: None,
            checkout: None,
            audit_kept_ms: limits::AUDIT_KEPT_MS,
            log_format: LogFormat::Text,
            log_level: LogLevel::Info,
            secrets: Secrets::default(),
            extraction_workers: cores(),
            schedule: RetrySchedule::default(),
            attempt_ms_max: limits::ATTEMPT_MS_MAX,
            log_kept_ms: limits::LOG_KEPT_MS,
            addresses: AddressPolicy::default(),
            egress_proxy: None,
            extraction: Limits::default(),
            llm: None,
            http: HttpLimits::default(),
        }
    }

    /// Reads the file and lays variables and flags over it.
    pub fn resolve(places: &Places, options: Options) -> Result<Self, ConfigError> {
        let file = read_file(places.config.as_deref())?;
        let retry_waits = options.webhooks_retry_waits.or(file.webhooks.retry_waits);
        let waits_ms = retry_waits
            .map_or_else(|| DEFAULT_WAITS_MS.to_vec(), |waits| waits.iter().map(|wait| wait.0).collect());
        let ranges = |networks: Option<Vec<Network>>| {
            networks.map(|networks| networks.into_iter().map(|network| network.0).collect())
        };
        let networks = ranges(file.webhooks.allowed_networks);
        let proxies = ranges(file.trusted_proxies);
        let standard = Limits::default();
        let http = HttpLimits::default();
        let config = Self {
            listen: options.listen.or(file.listen).unwrap_or(LISTEN_DEFAULT),
            data_dir: data_dir(places, file.data_dir),
            public_url: options
                .public_url
                .or(file.public_url)
                .map(|url| url.trim_end_matches('/').to_owned()),
            oidc: oidc(
                OidcSection {
                    issuer: options.oidc_issuer,
                    client_id: options.oidc_client_id,
                    client_secret: options.oidc_client_secret,
                    allowed_domains: options.oidc_allowed_domains,
                    auto_join_role: options.oidc_auto_join_role,
                },
                file.oidc,
            )?,
            checkout: checkout(
                CheckoutSection {
                    secret_key: options.checkout_secret_key,
                    notification_secret: options.checkout_notification_secret,
                    currency: options.checkout_currency,
                    packs: options.checkout_packs,
                    api_url: options.checkout_api_url,
                },
                file.checkout,
            )?,
            trusted_proxies: options.trusted_proxies.or(proxies).unwrap_or_default(),
            audit_kept_ms: options
                .audit_log_retention
                .or(file.audit_log_retention)
                .map_or(limits::AUDIT_KEPT_MS, |time| time.0),
            log_format: options.log_format.or(file.log_format).unwrap_or_default(),
            log_level: options.log_level.or(file.log_level).unwrap_or_default(),
            secrets: secrets(places, file.secrets.key_file),
            extraction_workers: options.extraction_workers.or(file.extraction_workers).unwrap_or_else(cores),
            schedule: RetrySchedule::new(waits_ms),
            attempt_ms_max: options
                .webhooks_attempt_timeout
                .or(file.webhooks.attempt_timeout)
                .map_or(limits::ATTEMPT_MS_MAX, |timeout| timeout.0),
            log_kept_ms: options
                .webhooks_log_retention
                .or(file.webhooks.log_retention)
                .map_or(limits::LOG_KEPT_MS, |time| time.0),
            addresses: AddressPolicy {
                dev: options.dev || file.dev.unwrap_or(false),
                allowed: options.webhooks_allowed_networks.or(networks).unwrap_or_default(),
            },
            egress_proxy: egress_proxy(options.webhooks_egress_proxy.or(file.webhooks.egress_proxy))?,
            extraction: Limits {
                document_bytes_max: options
                    .limits_document_bytes
                    .or(file.limits.document_bytes)
                    .unwrap_or(standard.document_bytes_max),
                pages_max: options
                    .limits_document_pages
                    .or(file.limits.document_pages)
                    .unwrap_or(standard.pages_max),
                extraction_ms_max: options
                    .limits_extraction_time
                    .or(file.limits.extraction_time)
                    .map_or(standard.extraction_ms_max, |time| time.0),
            },
            llm: llm(
                ExtractionSection {
                    engine: options.extraction_engine,
                    llm_base_url: options.extraction_llm_base_url,
                    llm_model: options.extraction_llm_model,
                    llm_key: options.extraction_llm_key,
                    llm_input: options.extraction_llm_input,
                    llm_timeout: options.extraction_llm_timeout,
                },
                file.extraction,
            )?,
            http: HttpLimits {
                connections_max: options
                    .limits_connections
                    .or(file.limits.connections)
                    .unwrap_or(http.connections_max),
                connections_per_address_max: options
                    .limits_connections_per_address
                    .or(file.limits.connections_per_address)
                    .unwrap_or(http.connections_per_address_max),
                requests_max: options.limits_requests.or(file.limits.requests).unwrap_or(http.requests_max),
                head_ms_max: options
                    .limits_header_time
                    .or(file.limits.header_time)
                    .map_or(http.head_ms_max, |time| time.0),
                idle_ms_max: options
                    .limits_idle_time
                    .or(file.limits.idle_time)
                    .map_or(http.idle_ms_max, |time| time.0),
                stall_ms_max: options
                    .limits_stall_time
                    .or(file.limits.stall_time)
                    .map_or(http.stall_ms_max, |time| time.0),
                bytes_per_second_min: options
                    .limits_transfer_rate
                    .or(file.limits.transfer_rate)
                    .unwrap_or(http.bytes_per_second_min),
            },
        };
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let limit = |name: &str, fits: bool, hint: String| {
            if fits {
                Ok(())
            } else {
                Err(ConfigError::new(format!("{name} cannot be what it is set to"), hint))
            }
        };
        let attempt_fits = (100..=ATTEMPT_MS_LONGEST).contains(&self.attempt_ms_max);
        let longest = DurationMs(ATTEMPT_MS_LONGEST);
        limit(
            "webhooks.attempt_timeout",
            attempt_fits,
            format!("use 100ms to {longest}; the default is 5s"),
        )?;
        // A day's failures must still be there to be looked at and replayed.
        let retention_fits = self.log_kept_ms >= LOG_KEPT_MS_MIN;
        limit("webhooks.log_retention", retention_fits, "use at least 1d; the default is 30d".to_owned())?;
        let audit_fits = self.audit_kept_ms >= LOG_KEPT_MS_MIN;
        limit("audit_log_retention", audit_fits, "use at least 1d; the default is 365d".to_owned())?;
        let workers_fit = (1..=WORKERS_MAX).contains(&self.extraction_workers);
        limit("extraction_workers", workers_fit, format!("use 1 to {WORKERS_MAX}"))?;
        limit("limits.document_bytes", self.extraction.document_bytes_max > 0, "use at least 1".to_owned())?;
        limit("limits.document_pages", self.extraction.pages_max > 0, "use at least 1".to_owned())?;
        limit(
            "limits.extraction_time",
            self.extraction.extraction_ms_max >= 1_000,
            "use at least 1s".to_owned(),
        )?;
        let http = &self.http;
        for (name, count) in [
            ("limits.connections", http.connections_max),
            ("limits.connections_per_address", http.connections_per_address_max),
            ("limits.requests", http.requests_max),
        ] {
            let hint = format!("use 1 to {CONNECTIONS_HIGHEST}");
            limit(name, (1..=CONNECTIONS_HIGHEST).contains(&count), hint)?;
        }
        for (name, ms) in [
            ("limits.header_time", http.head_ms_max),
            ("limits.idle_time", http.idle_ms_max),
            ("limits.stall_time", http.stall_ms_max),
        ] {
            let hint = format!("use 100ms to {}", DurationMs(CLIENT_MS_LONGEST));
            limit(name, (100..=CLIENT_MS_LONGEST).contains(&ms), hint)?;
        }
        limit("limits.transfer_rate", http.bytes_per_second_min > 0, "use at least 1".to_owned())?;
        if let Some(text) = &self.public_url {
            let is_http = url::Url::parse(text)
                .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            limit("public_url", is_http, "use an address such as https://docextract.example.com".to_owned())?;
        }
        Ok(())
    }
}

/// The identity provider, where there is one.
fn oidc(over: OidcSection, file: OidcSection) -> Result<Option<OidcConfig>, ConfigError> {
    let Some(issuer) = over.issuer.or(file.issuer) else {
        let is_said = over.client_id.or(file.client_id).is_some();
        return if is_said {
            Err(ConfigError::new("oidc.client_id is set without oidc.issuer", "name the issuer, too"))
        } else {
            Ok(None)
        };
    };
    let is_http =
        url::Url::parse(&issuer).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !is_http {
        let hint = "use the provider's issuer, such as https://id.example.com";
        return Err(ConfigError::new("oidc.issuer cannot be what it is set to", hint));
    }
    let client_id = over.client_id.or(file.client_id).ok_or_else(|| {
        ConfigError::new("oidc.issuer is set without oidc.client_id", "name this server's client there")
    })?;
    let domains = over.allowed_domains.or(file.allowed_domains).unwrap_or_default();
    let auto_join_role = over.auto_join_role.or(file.auto_join_role);
    if auto_join_role == Some(Role::Owner) {
        let hint = "use viewer, developer or admin; owners are made by owners";
        return Err(ConfigError::new("oidc.auto_join_role cannot be owner", hint));
    }
    if auto_join_role.is_some() && domains.is_empty() {
        let hint = "name the domains of your own people in oidc.allowed_domains";
        return Err(ConfigError::new("oidc.auto_join_role would let everybody in", hint));
    }
    Ok(Some(OidcConfig {
        issuer,
        client_id,
        client_secret: over.client_secret.or(file.client_secret).map(|secret| secret.0),
        allowed_domains: domains.iter().map(|domain| domain.trim().to_lowercase()).collect(),
        auto_join_role,
    }))
}

/// What is sold, where something is.
fn checkout(over: CheckoutSection, file: CheckoutSection) -> Result<Option<CheckoutConfig>, ConfigError> {
    let wrong = |name: &str, hint: &str| {
        Err(ConfigError::new(format!("checkout.{name} is missing, or cannot be what it is set to"), hint))
    };
    let filled = |text: Option<SecretText>| text.map(|text| text.0).filter(|text| !text.is_empty());
    let secret_key = filled(over.secret_key.or(file.secret_key));
    let notification_secret = filled(over.notification_secret.or(file.notification_secret));
    let (currency, packs) = (over.currency.or(file.currency), over.packs.or(file.packs));
    let api_url = over.api_url.or(file.api_url);
    if secret_key.is_none() && notification_secret.is_none() && currency.is_none() && packs.is_none() {
        return match api_url {
            Some(_) => wrong("secret_key", "credits are sold with all of [checkout], or leave api_url out"),
            None => Ok(None),
        };
    }
    let Some(secret_key) = secret_key.filter(|key| key.bytes().all(|byte| byte.is_ascii_graphic())) else {
        return wrong(
            "secret_key",
            "set DOCEXTRACT_CHECKOUT_SECRET_KEY to the payment provider's secret key",
        );
    };
    let Some(notification_secret) = notification_secret else {
        let hint = "set DOCEXTRACT_CHECKOUT_NOTIFICATION_SECRET to what signs the provider's notifications";
        return wrong("notification_secret", hint);
    };
    let is_code = |code: &String| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    let Some(currency) = currency.filter(is_code) else {
        return wrong("currency", "use three capital letters such as EUR");
    };
    let Some(packs) = packs.and_then(|packs| possible(packs, &currency)) else {
        let hint =
            "name packs, each of other credits, with a price in the currency's decimals, such as 100=9.00";
        return wrong("packs", hint);
    };
    let api_url = api_url.unwrap_or_else(|| checkout::API_URL_DEFAULT.to_owned());
    let is_http =
        url::Url::parse(&api_url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !is_http {
        return wrong("api_url", "use an address such as https://api.stripe.com");
    }
    Ok(Some(CheckoutConfig {
        api_url: api_url.trim_end_matches('/').to_owned(),
        secret_key,
        notification_secret: Secret::from_text(notification_secret),
        currency,
        packs,
    }))
}

/// The packs, where all of them can be sold. A price of 9 in a currency with cents would be 9 cents.
fn possible(packs: Vec<Pack>, currency: &str) -> Option<Vec<Pack>> {
    let decimals = checkout::decimals(currency);
    let are_possible = packs.iter().enumerate().all(|(index, pack)| {
        let is_new = packs.iter().take(index).all(|other| other.credits != pack.credits);
        let is_price = pack.price > Decimal::ZERO && pack.price.scale() == decimals;
        is_new && is_price && (1..=checkout::PACK_CREDITS_MAX).contains(&pack.credits)
    });
    (are_possible && (1..=limits::CREDIT_PACKS_MAX).contains(&packs.len())).then_some(packs)
}

/// The language model, where the engine asks one.
pub(crate) fn llm(
    over: ExtractionSection,
    file: ExtractionSection,
) -> Result<Option<LlmConfig>, ConfigError> {
    let base_url = over.llm_base_url.or(file.llm_base_url);
    let model = over.llm_model.or(file.llm_model);
    let is_chain = match over.engine.or(file.engine).unwrap_or_default() {
        EngineKind::Rules if base_url.is_some() || model.is_some() => {
            let hint = "set extraction.engine to chain or llm, or take extraction.llm_* away";
            return Err(ConfigError::new("a language model is set that extraction.engine never asks", hint));
        }
        EngineKind::Rules => return Ok(None),
        EngineKind::Llm => false,
        EngineKind::Chain => true,
    };
    let missing = |name: &str, hint: &str| {
        ConfigError::new(format!("extraction.engine asks a language model, and {name} is not set"), hint)
    };
    let hint = "use the address of an OpenAI-compatible API, such as http://127.0.0.1:11434/v1";
    let base_url = base_url.ok_or_else(|| missing("extraction.llm_base_url", hint))?;
    // A user or password in it would be logged.
    let is_usable = url::Url::parse(&base_url).is_ok_and(|url| {
        let is_bare = url.query().is_none() && url.fragment().is_none();
        let is_nobodys = url.username().is_empty() && url.password().is_none();
        matches!(url.scheme(), "http" | "https") && url.has_host() && is_bare && is_nobodys
    });
    if !is_usable {
        return Err(ConfigError::new("extraction.llm_base_url cannot be what it is set to", hint));
    }
    let key = over.llm_key.or(file.llm_key).map(|key| key.0);
    if key.as_ref().is_some_and(|key| key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic())) {
        let hint = "use the key alone, without spaces or line ends, or leave it out";
        return Err(ConfigError::new("extraction.llm_key cannot be what it is set to", hint));
    }
    let timeout_ms =
        over.llm_timeout.or(file.llm_timeout).map_or(limits::LLM_ANSWER_MS_DEFAULT, |time| time.0);
    if timeout_ms == 0 {
        let hint = "use a time such as 30s";
        return Err(ConfigError::new("extraction.llm_timeout cannot be what it is set to", hint));
    }
    Ok(Some(LlmConfig {
        base_url: base_url.trim_end_matches('/').to_owned(),
        model: model.ok_or_else(|| missing("extraction.llm_model", "name a model that the API has"))?,
        key,
        input: over.llm_input.or(file.llm_input).unwrap_or_default(),
        timeout_ms,
        is_chain,
    }))
}

fn egress_proxy(written: Option<ProxyUrl>) -> Result<Option<EgressProxy>, ConfigError> {
    let parsed = written.map(|written| EgressProxy::parse(&written.0)).transpose();
    parsed.map_err(|why| ConfigError::new("webhooks.egress_proxy cannot be what it is set to", why))
}

/// The data directory for commands that need nothing else of the configuration.
pub fn resolve_data_dir(places: &Places) -> Result<PathBuf, ConfigError> {
    let from_file = read_file(places.config.as_deref())?.data_dir;
    Ok(data_dir(places, from_file))
}

/// Where users reach the server, for commands that print links. A port that the server was given by a flag or
/// a variable of its own is not known here: `public_url` says it.
pub fn resolve_base_url(places: &Places, public_url: Option<String>) -> Result<String, ConfigError> {
    let file = read_file(places.config.as_deref())?;
    let listen = file.listen.unwrap_or(LISTEN_DEFAULT);
    let url = public_url.or(file.public_url).unwrap_or_else(|| format!("http://{listen}"));
    Ok(url.trim_end_matches('/').to_owned())
}

/// Where the keys of the secrets are, for the same commands.
pub fn resolve_secrets(places: &Places) -> Result<Secrets, ConfigError> {
    let from_file = read_file(places.config.as_deref())?.secrets.key_file;
    Ok(secrets(places, from_file))
}

/// Keys are given by a variable alone: what is on a command line, every user of the machine can see.
fn secrets(places: &Places, from_file: Option<PathBuf>) -> Secrets {
    Secrets::new(std::env::var(secrets::VARIABLE).ok(), places.secrets_key_file.clone().or(from_file))
}

fn data_dir(places: &Places, from_file: Option<PathBuf>) -> PathBuf {
    places.data_dir.clone().or(from_file).unwrap_or_else(|| PathBuf::from(DATA_DIR_DEFAULT))
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The file that was named, or `docextract.toml` if it is there.
fn read_file(named: Option<&Path>) -> Result<File, ConfigError> {
    let path = named.unwrap_or(Path::new(FILE_DEFAULT));
    let shown = path.display();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
            return Ok(File::default());
        }
        Err(error) => {
            return Err(ConfigError::new(
                format!("the configuration file {shown} could not be read: {error}"),
                "name an existing file with --config, or leave it out to use the defaults",
            ));
        }
    };
    toml::from_str(&text).map_err(|error| {
        // With the place, unless that shows a line with a password.
        let placed = error.to_string();
        let told = if placed.contains('@') { error.message() } else { placed.trim_end() };
        ConfigError::new(
            format!("the configuration file {shown} cannot be used: {told}"),
            "correct the place that is named; every option is in docs/reference/configuration.md",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str, options: Options) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("docextract.toml");
        std::fs::write(&path, text).unwrap();
        Config::resolve(&Places { config: Some(path), ..Places::default() }, options)
    }

    #[test]
    fn an_identity_provider_is_off_by_default_and_lets_nobody_in_by_mistake() {
        assert!(resolve("", Options::default()).unwrap().oidc.is_none());
        let issuer = "[oidc]\nissuer = \"https://id.example.com\"\n";
        let whole = format!("{issuer}client_id = \"docextract\"\nclient_secret = \"hush\"\n");
        let config = resolve(&whole, Options::default()).unwrap();
        assert!(!format!("{config:?}").contains("hush"));
        assert_eq!(config.oidc.unwrap().client_secret.as_deref(), Some("hush"));
        for wrong in [
            issuer.to_owned(),
            "[oidc]\nclient_id = \"docextract\"\n".to_owned(),
            whole.replace("https://", "ftp://"),
            format!("{whole}auto_join_role = \"viewer\"\n"),
            format!("{whole}auto_join_role = \"owner\"\nallowed_domains = [\"example.com\"]\n"),
        ] {
            assert!(resolve(&wrong, Options::default()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn credits_are_sold_only_with_a_whole_and_possible_offer() {
        assert!(resolve("", Options::default()).unwrap().checkout.is_none());
        let offer = "[checkout]\nsecret_key = \"sk_hunter2\"\nnotification_secret = \"whsec_hunter2\"\n\
                     currency = \"EUR\"\npacks = [\"100=9.00\"]\n";
        let config = resolve(offer, Options::default()).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
        let checkout = config.checkout.unwrap();
        assert_eq!((checkout.api_url.as_str(), checkout.packs.len()), ("https://api.stripe.com", 1));
        let packs = Some(vec!["5=1.00".parse().unwrap(), "6=1.10".parse().unwrap()]);
        let config = resolve(offer, Options { checkout_packs: packs, ..Options::default() }).unwrap();
        assert_eq!(config.checkout.unwrap().packs.len(), 2);
        for (right, wrong, named) in [
            ("secret_key = \"sk_hunter2\"\n", "", "secret_key"),
            ("sk_hunter2", "", "secret_key"),
            ("sk_hunter2", "sk hunter2", "secret_key"),
            ("notification_secret = \"whsec_hunter2\"\n", "", "notification_secret"),
            ("EUR", "euro", "currency"),
            ("100=9.00", "100=9", "packs"),
            ("100=9.00", "100=-9.00", "packs"),
            ("100=9.00", "0=9.00", "packs"),
            ("\"100=9.00\"", "", "packs"),
            ("\"100=9.00\"", "\"100=9.00\", \"100=8.00\"", "packs"),
            ("currency", "api_url = \"pay\"\ncurrency", "api_url"),
        ] {
            let error = resolve(&offer.replacen(right, wrong, 1), Options::default()).unwrap_err();
            assert!(error.problem.starts_with(&format!("checkout.{named} ")), "{}", error.problem);
            assert!(!format!("{error:?}").contains("hunter2"));
        }
        let refused = resolve(&offer.replace("100=9.00", "free"), Options::default()).unwrap_err();
        assert!(!format!("{refused:?}").contains("hunter2"), "{refused:?}");
        assert!(resolve("[checkout]\napi_url = \"https://pay.example.com\"\n", Options::default()).is_err());
    }

    #[test]
    fn a_language_model_is_asked_only_where_the_engine_and_the_whole_of_it_are_set() {
        assert!(resolve("", Options::default()).unwrap().llm.is_none());
        let whole = "[extraction]\nengine = \"chain\"\nllm_base_url = \"http://127.0.0.1:11434/v1/\"\n\
                     llm_model = \"small-1\"\nllm_key = \"hunter2\"\n";
        let config = resolve(whole, Options::default()).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
        let llm = config.llm.unwrap();
        assert_eq!((llm.base_url.as_str(), llm.is_chain), ("http://127.0.0.1:11434/v1", true));
        assert_eq!((llm.key.as_deref(), llm.timeout_ms), (Some("hunter2"), limits::LLM_ANSWER_MS_DEFAULT));
        let options = Options { extraction_engine: Some(EngineKind::Llm), ..Options::default() };
        assert!(!resolve(whole, options).unwrap().llm.unwrap().is_chain);
        for (right, wrong, named) in [
            ("engine = \"chain\"\n", "", "never asks"),
            ("llm_base_url = \"http://127.0.0.1:11434/v1/\"\n", "", "llm_base_url"),
            ("http://127", "127", "llm_base_url"),
            ("http://127", "http://me:hunter3@127", "llm_base_url"),
            ("llm_model = \"small-1\"\n", "", "llm_model"),
            ("hunter2", "", "llm_key"),
            ("hunter2", "hunter2 hunter2", "llm_key"),
            ("llm_key", "llm_timeout = \"0s\"\nllm_key", "llm_timeout"),
            ("\"chain\"", "\"magic\"", "magic"),
        ] {
            let error = resolve(&whole.replacen(right, wrong, 1), Options::default()).unwrap_err();
            assert!(error.problem.contains(named), "{}", error.problem);
            assert!(!format!("{error:?}").contains("hunter"), "{error:?}");
        }
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let text = "listen = \"127.0.0.1:9000\"\n[webhooks]\nretry_waits = [\"1s\", \"2s\"]\n\
                    allowed_networks = [\"10.1.0.0/16\"]\n[limits]\ndocument_pages = 7\n";
        let options = Options { listen: Some("127.0.0.1:9001".parse().unwrap()), ..Options::default() };
        let config = resolve(text, options).unwrap();
        assert_eq!(config.listen.port(), 9001);
        assert_eq!(config.schedule.attempts_max(), 3);
        assert_eq!(config.addresses.allowed, [Cidr::parse("10.1.0.0/16").unwrap()]);
        assert_eq!(config.extraction.pages_max, 7);
        assert_eq!(config.extraction.document_bytes_max, limits::DOCUMENT_BYTES_MAX);
        assert_eq!(config.data_dir, Path::new("./data"));
    }

    #[test]
    fn a_misspelt_or_impossible_option_is_refused_by_name() {
        for (text, name) in [
            ("listn = \"127.0.0.1:9000\"", "listn"),
            ("[webhooks]\nretry_wait = []", "retry_wait"),
            ("[webhooks]\nattempt_timeout = \"5\"", "is not a duration"),
            ("[webhooks]\nattempt_timeout = \"5m\"", "webhooks.attempt_timeout"),
            ("[webhooks]\nallowed_networks = [\"10.0.0.0/64\"]", "10.0.0.0/64"),
            ("public_url = \"docextract\"", "public_url"),
            ("[limits]\nconnections = 0", "limits.connections"),
            ("[limits]\nheader_time = \"1ms\"", "limits.header_time"),
        ] {
            let error = resolve(text, Options::default()).unwrap_err();
            assert!(error.problem.contains(name), "{}", error.problem);
        }
    }

    #[test]
    fn a_password_of_a_proxy_is_in_no_error_and_no_debug_output() {
        let proxied = "[webhooks]\negress_proxy = \"http://user:hunter2@proxy.internal:3128\"\n";
        let config = resolve(proxied, Options::default()).unwrap();
        assert_eq!(config.egress_proxy.as_ref().unwrap().to_string(), "proxy.internal:3128");
        let flag = "http://user:hunter2@other.internal".parse().unwrap();
        let options = Options { webhooks_egress_proxy: Some(flag), ..Options::default() };
        let mut shown = format!("{config:?} {options:?}");
        let config = resolve(proxied, options).unwrap();
        assert_eq!(config.egress_proxy.unwrap().to_string(), "other.internal:80");
        for text in [
            "[webhooks]\negress_proxy = \"https://user:hunter2@proxy:3128\"",
            "[webhooks]\negress_proxy = \"http://user:hunter2@proxy:3128",
            "[webhooks]\negress_proxy = [\"http://user:hunter2@proxy:3128\"]",
            "[webhooks]\negress_prox = \"http://user:hunter2@proxy:3128\"",
        ] {
            let error = resolve(text, Options::default()).unwrap_err();
            shown += &format!("{error:?} {error} {}", error.hint);
        }
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_file_that_was_named_must_exist() {
        let places = Places { config: Some("/nonexistent.toml".into()), ..Places::default() };
        assert!(Config::resolve(&places, Options::default()).is_err());
    }
}
