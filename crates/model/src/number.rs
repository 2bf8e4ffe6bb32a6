//! Exact numbers in JSON: `1250.50` goes out as `1250.50`, never through a binary float.

use rust_decimal::Decimal;
use serde_json::Value;

/// The decimal as a JSON number that keeps its scale (`1250.50`, not `1250.5`).
#[must_use]
pub fn json_number(decimal: Decimal) -> Value {
    // A Decimal prints as digits with at most one point, which is always a JSON number.
    decimal.to_string().parse::<serde_json::Number>().map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_amount_keeps_its_decimals() {
        for printed in ["1250.50", "0.10", "-3.00", "79228162514264337593543950335"] {
            let decimal: Decimal = printed.parse().unwrap();
            assert_eq!(serde_json::to_string(&json_number(decimal)).unwrap(), printed);
        }
    }
}
