//! Identifiers: prefixed, opaque, sortable by creation.
//!
//! An id is a noun's prefix and 32 hexadecimal digits of a UUID version 7. Nothing in here reads a
//! clock or a random source: [`IdSequence`] is given both and promises that what it returns grows
//! strictly, also within one millisecond.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// A kind of id, told apart by its prefix.
pub trait Id: Sized {
    const PREFIX: &'static str;
    fn from_number(number: u128) -> Self;
}

/// Text that is not an id of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id of this kind begins with {prefix:?}")]
pub struct IdError {
    pub prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Takes a text with this kind's prefix and 1 to 64 letters and digits behind it.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let rest = text.strip_prefix($prefix).unwrap_or("");
                let fits = (1..=64).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric());
                if fits { Ok(Self(text.to_owned())) } else { Err(IdError { prefix: $prefix }) }
            }
        }

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
            fn from_number(number: u128) -> Self {
                Self(format!("{}{number:032x}", $prefix))
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "pattern": concat!("^", $prefix, "[0-9A-Za-z]{1,64}$")})
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// An organisation: whose everything is.
    OrgId = "org_";
    ExtractorId = "ext_";
    /// A job, which is a submitted document.
    JobId = "job_";
    WebhookId = "wh_";
    EventId = "evt_";
    DeliveryId = "dlv_";
    KeyId = "key_";
    /// A person who can sign in.
    UserId = "usr_";
    SessionId = "ses_";
    InvitationId = "inv_";
    /// A row of the audit log.
    AuditId = "aud_";
    /// A replay of many deliveries.
    ReplayId = "rpl_";
    /// A row of the credit ledger.
    TransactionId = "txn_";
    /// An HTTP request to this server.
    RequestId = "req_";
}

impl DeliveryId {
    /// The id of an event's delivery to its n-th matching webhook, so that a transaction that fans
    /// an event out needs no more randomness than the event's own id.
    #[must_use]
    pub fn of_event(event: &EventId, ordinal: u32) -> Self {
        let digits = &event.as_str()[EventId::PREFIX.len()..];
        Self(format!("{}{digits}{ordinal:06x}", Self::PREFIX))
    }
}

/// A text that every id of this kind made at `time` or later sorts behind, and every earlier one before.
#[must_use]
pub fn id_floor<I: Id>(time: Timestamp) -> String {
    format!("{}{:012x}", I::PREFIX, time.unix_ms().max(0))
}

/// Strictly growing UUIDs, version 7.
#[derive(Debug, Default)]
pub struct IdSequence {
    last: u128,
}

/// Bits that mark version 7 and the RFC 9562 variant.
const VERSION_AND_VARIANT: u128 = (0x7 << 76) | (0b10 << 62);
const RANDOM_BITS: u128 = !((0xf << 76) | (0b11 << 62)) & ((1 << 80) - 1);

impl IdSequence {
    /// Reserves `count` ids. The numbers are never lower than one returned before, whatever the clock does.
    pub fn reserve(&mut self, now: Timestamp, random: [u8; 10], count: u32) -> IdBlock {
        let millis = u128::from(now.unix_ms().unsigned_abs()) & ((1 << 48) - 1);
        let mut bits = [0_u8; 16];
        bits[6..].copy_from_slice(&random);
        // The lowest 16 bits start at zero: they leave room for a block and for growth within the millisecond.
        let noise = u128::from_be_bytes(bits) & RANDOM_BITS & !0xffff;
        let candidate = (millis << 80) | noise | VERSION_AND_VARIANT;
        let first = candidate.max(self.last + 1);
        self.last = first + u128::from(count.saturating_sub(1));
        IdBlock { next: first, left: count }
    }
}

/// Ids reserved for one use case, so that a store needs no randomness of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdBlock {
    next: u128,
    left: u32,
}

impl IdBlock {
    /// How many ids are left.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.left
    }

    /// The next id, or nothing when the block is used up.
    pub fn take<I: Id>(&mut self) -> Option<I> {
        self.left = self.left.checked_sub(1)?;
        let id = I::from_number(self.next);
        self.next += 1;
        Some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_also_when_the_clock_stands_or_goes_back() {
        let mut sequence = IdSequence::default();
        let mut last = String::new();
        for (ms, random) in [(1000, [255; 10]), (1000, [0; 10]), (999, [7; 10]), (1001, [0; 10])] {
            let mut block = sequence.reserve(Timestamp::from_unix_ms(ms), random, 3);
            while let Some(id) = block.take::<JobId>() {
                assert!(id.as_str() > last.as_str(), "{id} does not sort after {last}");
                last = id.to_string();
            }
        }
    }

    #[test]
    fn a_floor_lies_between_the_ids_before_and_after_it() {
        let mut sequence = IdSequence::default();
        let mut id_at = |ms| {
            let id: EventId = sequence.reserve(Timestamp::from_unix_ms(ms), [9; 10], 1).take().unwrap();
            id.to_string()
        };
        let (before, at) = (id_at(1_732_356_000_000), id_at(1_732_356_000_001));
        let floor = id_floor::<EventId>(Timestamp::from_unix_ms(1_732_356_000_001));
        assert!(before < floor && floor < at, "{before} {floor} {at}");
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        assert!(JobId::parse("job_0a").is_ok());
        for wrong in ["", "job_", "wh_0a", "job_../x", "job_é"] {
            assert!(JobId::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
