#!/usr/bin/env bash
# Installs what a task needs and this machine lacks, and says what it installs. Run again, it does nothing.
#
#   setup.sh run     build and run the server
#   setup.sh test    the above, and what the tests use
#   setup.sh check   formatting, lints, licences, spelling, drift
#
# It installs Debian packages (as root or through sudo) and cargo tools (below the target directory, never into
# ~/.cargo). It never installs Rust, upgrades what is there, or touches the repository.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

CARGO_DENY_VERSION=0.20.2
TYPOS_VERSION=1.52.0

# Packages found missing, and the commands or files that told so, collected first: apt runs once.
apt_packages=()
apt_reasons=()

need() { # need <package> <why> -- <test…>
    local package="$1" why="$2"
    shift 3
    if ! "$@" >/dev/null 2>&1; then
        apt_packages+=("$package")
        apt_reasons+=("$package ($why)")
    fi
}

install_apt_packages() {
    [ "${#apt_packages[@]}" -gt 0 ] || return 0
    local reason
    say "setup: missing here:"
    for reason in "${apt_reasons[@]}"; do say "  - $reason"; done
    has apt-get || fail "this system has no apt-get (Debian 12 is what is tested): install the above yourself, then try again."
    say "setup: installing with apt-get: ${apt_packages[*]}"
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y)
    # A fresh image has no package lists; an old one may have stale ones.
    as_root "${apt[@]}" update >&2 || say "setup: 'apt-get update' failed; trying with the lists that are here."
    as_root "${apt[@]}" install --no-install-recommends "${apt_packages[@]}" >&2 ||
        fail "apt-get could not install: ${apt_packages[*]}"
}

need_rust() {
    has cargo || fail "Rust is missing: install it (https://rustup.rs), then try again."
    local wanted found
    wanted="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$REPO/Cargo.toml")"
    found="$(rustc --version | cut -d ' ' -f 2)" || fail "'rustc --version' failed: repair the Rust installation."
    [ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n 1)" = "$wanted" ] ||
        fail "Rust $wanted or later is needed, and this is $found: run 'rustup update stable'."
}

need_rust_component() { # need_rust_component <component> <test…>
    local component="$1"
    shift
    "$@" >/dev/null 2>&1 && return 0
    has rustup || fail "'$*' does not work: install the Rust component $component."
    say "setup: installing the Rust component $component"
    rustup component add "$component" >&2 || fail "rustup could not install $component."
}

need_cargo_tool() { # need_cargo_tool <crate> <binary> <version>
    local crate="$1" binary="$2" version="$3" tools
    tools="$(target_dir)/tools"
    case "$("$tools/bin/$binary" --version 2>/dev/null || true)" in
        *" $version") return 0 ;;
    esac
    say "setup: building $crate $version into $tools (a minute or two)"
    # Unoptimised: it checks this repository as fast as one can tell, and builds in half the time.
    # Its build directory is its own and goes away, so that a half-built tool leaves nothing.
    CARGO_TARGET_DIR="$tools/build" CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0 \
        cargo install --quiet --locked --debug --force --root "$tools" "$crate@$version" >&2 ||
        fail "cargo could not install $crate $version."
    rm -rf "$tools/build"
}

# The tool that holds the server to its openapi.json, in a Python environment of its own.
need_contract_venv() {
    local venv requirements="$REPO/crates/server/tests/contract/requirements.txt"
    venv="$(target_dir)/tools/contract"
    cmp -s "$requirements" "$venv/.installed" && "$venv/bin/python" -c '' 2>/dev/null && return 0
    say "setup: installing $(grep '^schemathesis==' "$requirements") into $venv"
    python3 -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" >&2 ||
        fail "pip could not install what $requirements names."
    cp "$requirements" "$venv/.installed"
}

needs_for_build() {
    need_rust
    need gcc "compiles the bundled SQLite" -- has cc
    need libc6-dev "C headers for the same" -- test -e /usr/include/stdlib.h
}

reads_language() { # reads_language <code>
    tesseract --list-langs 2>/dev/null | grep -x "$1"
}

needs_for_run() {
    needs_for_build
    need tesseract-ocr "reads scanned pages" -- has tesseract
    local language
    for language in deu fra spa ita nld por pol; do
        need "tesseract-ocr-$language" "the same, in this language" -- reads_language "$language"
    done
    need ca-certificates "checks the certificates of webhook receivers" -- test -s /etc/ssl/certs/ca-certificates.crt
    need curl "the examples use it" -- has curl
}

case "${1:-}" in
    run)
        needs_for_run
        install_apt_packages
        ;;
    test)
        needs_for_run
        need poppler-utils "pdftotext, which our words are compared with" -- has pdftotext
        need python3 "runs the contract test" -- has python3
        need python3-venv "the same, in an environment of its own" -- python3 -c 'import ensurepip'
        install_apt_packages
        need_contract_venv
        # The receivers in other languages, which the tests post to, know their own needs.
        if [ -x "$REPO/examples/receivers/setup.sh" ]; then
            "$REPO/examples/receivers/setup.sh" >&2 || fail "examples/receivers/setup.sh did not finish: see above."
        fi
        ;;
    check)
        needs_for_build
        need git "lists the tracked files" -- has git
        need shellcheck "checks the scripts" -- has shellcheck
        install_apt_packages
        need_rust_component rustfmt cargo fmt --version
        need_rust_component clippy cargo clippy --version
        need_cargo_tool cargo-deny cargo-deny "$CARGO_DENY_VERSION"
        need_cargo_tool typos-cli typos "$TYPOS_VERSION"
        ;;
    *)
        say "usage: setup.sh run|test|check"
        exit 2
        ;;
esac
