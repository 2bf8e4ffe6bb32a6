#!/usr/bin/env bash
# Compares what listing, filtering and opening cost with 1,000,000 documents and with 10,000, by the real server, and
# prints a table on stdout. Takes some 6 GB of disk, which it gives back, and minutes to fill the larger database.
#
#   bench/reads/run.sh [--quick]
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

target="$(target_dir)"
export CARGO_TARGET_DIR="$target"
here="$REPO/bench/reads"
cargo build --release --locked --manifest-path "$REPO/Cargo.toml" --package docextract-server >&2
cargo build --release --locked --manifest-path "$here/Cargo.toml" >&2

work_dir="$target/bench/reads"
rm -rf "$work_dir"
mkdir -p "$work_dir"
trap 'rm -rf "$work_dir"' EXIT
"$target/release/reads" "$target/release/docextract" "$work_dir" "$@"
