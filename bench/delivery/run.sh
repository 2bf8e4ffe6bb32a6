#!/usr/bin/env bash
# Measures delivery by the real server, and prints a table on stdout. Several minutes a round after the build.
#
#   bench/delivery/run.sh [--quick] [--only <scenario>] [--rounds <n, 3 by default>]
#
# The server's data lies below the target directory: that must be a real disk, or the figures mean nothing.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

target="$(target_dir)"
export CARGO_TARGET_DIR="$target"
here="$REPO/bench/delivery"
cargo build --release --locked --manifest-path "$REPO/Cargo.toml" --package docextract-server >&2
cargo build --release --locked --manifest-path "$here/Cargo.toml" >&2

work_dir="$target/bench/delivery"
mkdir -p "$work_dir"
case "$(stat --file-system --format %T "$work_dir")" in
    tmpfs | ramfs) fail "$work_dir is in memory: set CARGO_TARGET_DIR to a directory on a disk." ;;
esac
exec "$target/release/delivery" "$target/release/docextract" "$work_dir" "$work_dir/figures.json" "$@"
