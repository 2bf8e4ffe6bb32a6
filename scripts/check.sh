#!/usr/bin/env bash
# Everything that is not a test. Runs every stage even if one fails, and says at the end which did.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$REPO"

tools="$(target_dir)/tools/bin"
failed=()
skipped=()
SKIPPED=77

# A command that is a function of this file answers by its status: `set -e` does not hold where a failure is caught.
stage() { # stage <name> <command…>
    local name="$1" started=$SECONDS
    shift
    say "check: $name"
    local status=0
    "$@" || status=$?
    case "$status" in
        0) say "check: $name ok ($((SECONDS - started)) s)" ;;
        "$SKIPPED") skipped+=("$name") ;;
        *)
            say "check: $name FAILED ($((SECONDS - started)) s)"
            failed+=("$name")
            ;;
    esac
}

format() {
    local manifest bad=0
    cargo fmt --all --check || bad=1
    # The benchmarks and the simulation are workspaces of their own.
    while IFS= read -r manifest; do
        cargo fmt --check --manifest-path "$manifest" || bad=1
    done < <(git ls-files -- 'bench/*Cargo.toml' sim/Cargo.toml | xargs grep -l '^\[package\]')
    return "$bad"
}

shell_scripts() {
    git ls-files -z -- '*.sh' .ci/run | xargs -0 shellcheck --external-sources --source-path=SCRIPTDIR --source-path=.
}

# Security advisories live in a git repository that is fetched over the network. Without it the rest of the
# check is still worth having, so this stage is skipped then, and says so.
advisories() {
    if ! timeout 120 "$tools/cargo-deny" --log-level off --locked fetch db >/dev/null 2>&1; then
        say "check: advisories SKIPPED: the advisory database could not be fetched from here."
        return "$SKIPPED"
    fi
    "$tools/cargo-deny" --log-level error --all-features --locked check advisories
}

stage "format" format
stage "drift" scripts/drift.sh
stage "spelling" "$tools/typos"
stage "scripts" shell_scripts
stage "licences, bans, sources" "$tools/cargo-deny" --log-level error --all-features --locked check bans licenses sources
stage "advisories" advisories
stage "lints" cargo clippy --workspace --all-targets --locked -- -D warnings
stage "lints of the simulation" env RUSTFLAGS="--cfg tokio_unstable" \
    cargo clippy --manifest-path sim/Cargo.toml --all-targets --locked -- -D warnings

if [ "${#skipped[@]}" -gt 0 ]; then
    say "check: skipped: $(printf '%s; ' "${skipped[@]}")see above."
fi
if [ "${#failed[@]}" -gt 0 ]; then
    fail "$(printf '%s; ' "${failed[@]}")see above."
fi
