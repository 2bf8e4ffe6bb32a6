//! Durations as people write them: `500ms`, `30s`, `2m`, `1h`, `5d`. The one place that reads them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A duration in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DurationMs(pub u64);

/// Units from the smallest to the largest, with their milliseconds.
const UNITS: [(&str, u64); 5] =
    [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 24 * 3_600_000)];

impl DurationMs {
    #[must_use]
    pub fn as_std(self) -> std::time::Duration {
        std::time::Duration::from_millis(self.0)
    }
}

impl FromStr for DurationMs {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("{text:?} is not a duration such as 500ms, 30s, 2m, 1h or 5d");
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let (_, unit_ms) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
        let number: u64 = number.parse().map_err(|_| wrong())?;
        number.checked_mul(*unit_ms).map(Self).ok_or_else(wrong)
    }
}

impl fmt::Display for DurationMs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fitting =
            UNITS.iter().rev().find(|(_, unit_ms)| self.0 >= *unit_ms && self.0.is_multiple_of(*unit_ms));
        let (name, unit_ms) = fitting.unwrap_or(&UNITS[0]);
        write!(f, "{}{name}", self.0 / unit_ms)
    }
}

impl<'de> Deserialize<'de> for DurationMs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl Serialize for DurationMs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, ms) in [("500ms", 500), ("30s", 30_000), ("2m", 120_000), ("24h", 86_400_000), ("0s", 0)] {
            assert_eq!(text.parse(), Ok(DurationMs(ms)), "{text}");
        }
        for wrong in
            ["", "s", "30", "-1s", "1.5s", "1 s", "30S", "99999999999999999999s", "99999999999999999d"]
        {
            assert!(wrong.parse::<DurationMs>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_printed_duration_reads_back() {
        for ms in [0, 1, 500, 5_000, 120_000, 90_000, 3_600_000, 86_400_000] {
            assert_eq!(DurationMs(ms).to_string().parse(), Ok(DurationMs(ms)));
        }
        assert_eq!(DurationMs(90_000).to_string(), "90s");
        assert_eq!(DurationMs(3_600_000).to_string(), "1h");
    }
}
