#!/usr/bin/env bash
# Builds both candidates and prints the table of docs/adr/0002 on stdout. Takes about two minutes after the build.
#
#   bench/commit-path/run.sh [rounds=5] [milliseconds per run=2000]
#
# The database file lies below the target directory: that must be a real disk, or the figures mean nothing.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

target="$(target_dir)"
export CARGO_TARGET_DIR="$target"
here="$REPO/bench/commit-path"
cargo build --release --locked --manifest-path "$here/Cargo.toml" >&2
cargo build --release --locked --manifest-path "$here/sqlx/Cargo.toml" >&2

database_dir="$target/bench/commit-path"
mkdir -p "$database_dir"
case "$(stat --file-system --format %T "$database_dir")" in
    tmpfs | ramfs) fail "$database_dir is in memory: set CARGO_TARGET_DIR to a directory on a disk." ;;
esac
exec "$target/release/commit-path" \
    "$target/release/commit-path-rusqlite" "$target/release/commit-path-sqlx" "$database_dir" "$@"
