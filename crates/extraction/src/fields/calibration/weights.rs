//! Fitted by `make calibrate`; not edited by hand.

use super::{GROUPS, SIGNALS};

/// The constant first, then the signals in the order of `Signals::row`.
pub(super) const WEIGHTS: [f64; SIGNALS] = [-1.515, 0.226, 1.028, 2.904, 1.510, 1.530, -0.296, 0.000, -0.928];
/// What each group adds.
pub(super) const OFFSETS: [f64; GROUPS] = [0.565, 1.330, 0.140, -0.049, -0.979, 0.171, -1.181];
