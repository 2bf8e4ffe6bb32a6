#!/usr/bin/env bash
# What no compiler checks: that the repository still is what its documents say. Prints each breach on stderr as
# `file: what is wrong`, and exits 1 if there was one.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$REPO"

breaches=0
breach() {
    say "drift: $*"
    breaches=$((breaches + 1))
}

# Relative links in Markdown point at files that are tracked (or at folders that hold some). Code is no link.
markdown_links() {
    local file target path
    while IFS= read -r file; do
        while IFS= read -r target; do
            case "$target" in
                '' | '#'* | *://* | mailto:*) continue ;;
            esac
            path="${target%%#*}"
            case "$path" in
                /*) path=".$path" ;;
                *) path="$(dirname "$file")/$path" ;;
            esac
            if [ -z "$(git ls-files -- "$path")" ]; then
                breach "$file: links to $target, which is not in the repository"
            fi
        done < <(
            awk '/^[[:space:]]*(```|~~~)/ { fenced = !fenced; next } !fenced { gsub(/`[^`]*`/, ""); print }' "$file" |
                { grep -oE '\]\([^) ]+|^\[[^]]+\]: +[^ ]+' || true; } |
                sed -E 's/^\]\(//; s/^\[[^]]+\]: +//; s/^<(.*)>$/\1/'
        )
    done < <(git ls-files -- '*.md')
}

# A path of somebody's machine, or the address of a package registry: both work only where they were written.
# The patterns are in pieces so that this file does not match itself.
foreign_addresses() {
    local machine registry hits
    machine='(^|[^[:alnum:]_./-])/(root|home/[a-z][a-z0-9_-]*|Users/[A-Za-z]+|work)/[[:alnum:]._-]'
    registry='(index|static)[.]crates[.]io|registry[.](npmjs|yarnpkg)[.]|(files[.]python''hosted|pyp''i)[.]org'
    registry="$registry|(proxy|sum)[.]go""lang[.]org|(deb|security)[.]debian[.]org|repo1?[.]maven|art""ifactory"
    hits="$(git grep -nIE -e "$machine" -e "$registry" -- ':!*.pdf' || true)"
    if [ -n "$hits" ]; then
        breach "a machine's path or a registry's host in tracked files:"
        say "$hits"
    fi
}

# The lock file is the manifests': a build with --locked works.
lock_file() {
    if ! cargo metadata --format-version 1 --locked >/dev/null; then
        breach "Cargo.lock: does not fit the manifests, so nothing that asks cargo was checked"
        return 1
    fi
}

# The Rust version that the workspace asks for is enough for what it depends on.
rust_version() {
    local wanted needed
    wanted="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)"
    needed="$(cargo metadata --format-version 1 --locked | grep -oE '"rust_version":"[0-9.]+"' | cut -d '"' -f 4 |
        sort -V | tail -n 1)" || return 0
    if [ "$(printf '%s\n' "$wanted" "$needed" | sort -V | tail -n 1)" != "$wanted" ] && [ "$wanted.0" != "$needed" ]; then
        breach "Cargo.toml: rust-version is $wanted, and a dependency needs $needed"
    fi
}

# Arrows point one way: model <- store <- engine <- server, model <- extraction <- engine (ARCHITECTURE.md).
# Every kind of dependency counts, tests' too.
layering() {
    local crate allowed uses used
    while IFS=: read -r crate allowed; do
        [ -d "crates/$crate" ] || continue
        if ! uses="$(direct_dependencies "$crate")"; then
            breach "crates/$crate: its dependencies could not be listed"
            continue
        fi
        for used in $uses; do
            case " $allowed " in
                *" $used "*) ;;
                *) breach "crates/$crate: depends on crates/$used; it may depend on: ${allowed:-no other crate}" ;;
            esac
        done
    done <<'LAYERS'
model:
store:model
extraction:model
engine:model store extraction
server:model store extraction engine
LAYERS

    # A crate that this picture does not have needs a place in it first.
    for crate in crates/*/; do
        case "$(basename "$crate")" in
            model | store | extraction | engine | server) ;;
            *) breach "$crate: has no place in scripts/drift.sh and ARCHITECTURE.md" ;;
        esac
    done
}

# The workspace's crates that this one names in its manifest, by folder.
direct_dependencies() {
    local package tree
    package="$(sed -n 's/^name = "\(.*\)"/\1/p' "crates/$1/Cargo.toml" | head -n 1)"
    tree="$(cargo tree --locked --package "$package" --edges normal,build,dev --all-features --target all \
        --depth 1 --prefix none --format '{p}')" || return 1
    # The first line is the crate itself.
    sed -nE "1d; s|.*\($REPO/crates/([a-z-]+)\).*|\1|p" <<<"$tree" | sort -u
}

# SQL, and so a database's driver, is in the store alone.
sql_only_in_store() {
    local hits
    hits="$(git grep -nE '^(rusqlite|sqlx|sqlx-[a-z]+|tokio-postgres|postgres|libsqlite3-sys|diesel|deadpool-postgres)\b' -- \
        'crates/*/Cargo.toml' ':!crates/store/Cargo.toml' || true)"
    [ -z "$hits" ] || breach "only crates/store may speak SQL: $hits"
}

# Source lines that are not comments and match the pattern.
code_matching() { # code_matching <pattern> <folder>
    git grep -nE "$1" -- "$2/*.rs" | grep -vE '^[^:]+:[0-9]+:[[:space:]]*//' || true
}

# The engine is handed its clock and its random source; the model is handed everything. What a phase on the
# wire took is measured on the runtime's timer (tokio::time), which tests can pause.
nothing_ambient() {
    local hits clocks='SystemTime|std::time::(\{.*)?Instant|Timestamp::now|Zoned::now'
    local random='thread_rng|rand::rng\(|rand::random|OsRng|getrandom|Uuid::(new_v4|now_v7)'
    for crate in engine model; do
        hits="$(code_matching "$clocks|$random" "crates/$crate/src")"
        [ -z "$hits" ] || breach "crates/$crate: reads an ambient clock or random source: $hits"
    done
    hits="$(code_matching 'std::(fs|process|env)\b|std::net::(Tcp|Udp)|\btokio::|async fn' crates/model/src)"
    [ -z "$hits" ] || breach "crates/model: does I/O: $hits"
}

# What people answer for goes through Store::act, which writes the audit log (docs/adr/0007): the methods of the
# same names are for the engine and for tests. The inbox of --dev is nobody's act.
acts_are_logged() {
    local hits methods='create_key|revoke_key|set_plan|create_extractor|update_extractor|delete_extractor|erase_job'
    methods="$methods|grant_credits|set_low_balance_threshold|create_webhook|update_webhook|rotate_secret"
    methods="$methods|delete_webhook|replay_delivery|create_replay|cancel_replay"
    hits="$(git grep -nE "[.]($methods)\\(" -- crates/server/src ':!crates/server/src/setup.rs' || true)"
    [ -z "$hits" ] || breach "the server does what leaves no entry in the audit log; use Store::act: $hits"
}

# The description that is committed is the one that the server serves.
openapi() {
    local built
    if ! cargo build --locked --quiet --package docextract-server; then
        breach "openapi.json: the server could not be built, so it was not compared"
    elif built="$(target_dir)/debug/docextract" && ! "$built" openapi | cmp -s - openapi.json; then
        breach "openapi.json: is not what the server serves; write it anew: cargo run -p docextract-server -- openapi > openapi.json"
    fi
}

markdown_links
foreign_addresses
if lock_file; then
    rust_version
    layering
    openapi
fi
sql_only_in_store
nothing_ambient
acts_are_logged

if [ "$breaches" -gt 0 ]; then
    fail "$breaches breaches: change the code, or change what the documents promise."
fi
