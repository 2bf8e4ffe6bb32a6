//! What only `--dev` has.

pub(crate) mod inbox;
