//! Fitted by `make calibrate`; not edited by hand.

use super::{GROUPS, SIGNALS};

/// The constant first, then the signals in the order of `Signals::row`.
pub(super) const WEIGHTS: [f64; SIGNALS] = [-1.704, 0.422, 0.979, 2.985, 1.365, 1.260, -0.265, 0.000, -0.798];
/// What each group adds.
pub(super) const OFFSETS: [f64; GROUPS] = [0.563, 1.296, 0.319, -0.020, -1.193, 0.181, -1.149];
