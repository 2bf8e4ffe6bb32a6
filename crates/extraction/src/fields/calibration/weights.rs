//! Fitted by `make calibrate`; not edited by hand.

use super::{GROUPS, SIGNALS};

/// The constant first, then the signals in the order of `Signals::row`.
pub(super) const WEIGHTS: [f64; SIGNALS] = [-0.929, 0.452, 0.732, 2.623, 0.784, 1.110, -0.634, 0.000];
/// What each group adds.
pub(super) const OFFSETS: [f64; GROUPS] = [0.679, 0.703, 0.109, -0.034, -0.372, -0.126, -0.961];
/// What each group adds where a scanner read the value.
pub(super) const SCANNED: [f64; GROUPS] = [-0.030, 0.000, -0.399, -0.658, -1.091, 0.000, -0.412];
