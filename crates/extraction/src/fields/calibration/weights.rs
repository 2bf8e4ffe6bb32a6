//! Fitted by `make calibrate`; not edited by hand.

use super::{GROUPS, SIGNALS};

/// The constant first, then the signals in the order of `Signals::row`.
pub(super) const WEIGHTS: [f64; SIGNALS] = [-1.351, 0.200, 0.964, 2.649, 1.523, 1.470, -0.250, 0.000, -0.920];
/// What each group adds.
pub(super) const OFFSETS: [f64; GROUPS] = [0.613, 1.382, 0.269, -0.142, -1.208, 0.197, -1.114];
