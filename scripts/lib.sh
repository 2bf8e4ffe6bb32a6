# Sourced by the other scripts; does nothing by itself. Messages go to stderr: stdout is for data.
# shellcheck shell=bash

REPO="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "error: $*"
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# The one directory that everything builds into: cargo's own answer, so that CARGO_TARGET_DIR and a user's
# cargo configuration are honoured.
target_dir() {
    local metadata
    metadata="$(cargo metadata --format-version 1 --no-deps --manifest-path "$REPO/Cargo.toml")" || return 1
    sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p' <<<"$metadata"
}

# Runs a command with what apt needs: as root, through sudo, or not at all with a sentence that says so.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif has sudo; then
        sudo "$@"
    else
        fail "'$*' needs root, and there is no sudo here: run it as root, then try again."
    fi
}
