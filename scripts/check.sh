#!/usr/bin/env bash
# Everything that is not a test. Runs every stage even if one fails, and says at the end which did.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$REPO"

tools="$(target_dir)/tools/bin"
failed=()

stage() { # stage <name> <command…>
    local name="$1" started=$SECONDS
    shift
    say "check: $name"
    if "$@"; then
        say "check: $name ok ($((SECONDS - started)) s)"
    else
        say "check: $name FAILED ($((SECONDS - started)) s)"
        failed+=("$name")
    fi
}

shell_scripts() {
    git ls-files -z -- '*.sh' .ci/run | xargs -0 shellcheck --external-sources
}

# Security advisories live in a git repository that is fetched over the network. Without it the rest of the
# check is still worth having; a check that was skipped says so and is no success.
advisories() {
    if ! timeout 120 "$tools/cargo-deny" --log-level off --locked fetch db >/dev/null 2>&1; then
        say "check: advisories SKIPPED: the advisory database could not be fetched from here."
        return 0
    fi
    "$tools/cargo-deny" --log-level error --all-features --locked check --disable-fetch advisories
}

stage "format" cargo fmt --all --check
stage "drift" scripts/drift.sh
stage "spelling" "$tools/typos"
stage "scripts" shell_scripts
stage "licences, bans, sources" "$tools/cargo-deny" --log-level error --all-features --locked check bans licenses sources
stage "advisories" advisories
stage "lints" cargo clippy --workspace --all-targets --locked -- -D warnings

if [ "${#failed[@]}" -gt 0 ]; then
    fail "$(printf '%s; ' "${failed[@]}")see above."
fi
