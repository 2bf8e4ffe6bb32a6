#!/usr/bin/env bash
# Runs simulations; a seed that fails is printed with the command that shows it again.
#
#   sim/run.sh [--seed <n>|--seeds <from>-<to>] [--store memory|sqlite|both] [--hours <h>|--days <d>]
#              [--jobs <threads>] [--trace] [--dies-at <poll>] [--exhaustive [--every <polls>]]
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

target="$(target_dir)/sim"
export CARGO_TARGET_DIR="$target"
# Where tokio chooses, it is to choose by the seed.
export RUSTFLAGS="--cfg tokio_unstable"
# System roots would be read anew at every start of a node; no simulated endpoint speaks TLS.
export SSL_CERT_FILE=/dev/null
cargo build --locked --quiet --manifest-path "$REPO/sim/Cargo.toml" >&2
exec "$target/debug/sim" "$@"
