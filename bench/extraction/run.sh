#!/usr/bin/env bash
# What reading documents costs: as ratios to the PDF library's own pass and to Tesseract alone, and beside
# invoice2data and pdftotext, in one run. Prints a table on stdout and writes the same as JSON below the target
# directory. Exits 1 when a target is missed.
#
#   EVAL_DATA=DIR bench/extraction/run.sh [--quick] [--only text|scans|memory|long|peers]
#
# DIR holds documents with known answers as `make eval` takes them; without it, the samples are measured.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

target="$(target_dir)"
export CARGO_TARGET_DIR="$target"
here="$REPO/bench/extraction"
data="${EVAL_DATA:-$REPO/../shared/data}"
if [ ! -f "$data/answers.jsonl" ]; then
    say "bench: $data has no answers.jsonl, so the samples are measured: set EVAL_DATA to documents of your own."
    data="$REPO/samples"
fi

has tesseract || fail "tesseract is missing: run 'make setup', then try again."
cargo build --release --locked --manifest-path "$REPO/Cargo.toml" --package docextract-server >&2
cargo build --release --locked --manifest-path "$here/Cargo.toml" >&2

work_dir="$target/bench/extraction"
mkdir -p "$work_dir"

# invoice2data in an environment of its own. Where it cannot be had, its row says so.
venv="$target/tools/invoice2data"
if ! cmp -s "$here/requirements.txt" "$venv/.installed"; then
    say "bench: installing $(cat "$here/requirements.txt") into $venv"
    if python3 -m venv --clear "$venv" >&2 &&
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" >&2; then
        cp "$here/requirements.txt" "$venv/.installed"
    else
        say "bench: invoice2data could not be installed: it is left out."
    fi
fi

"$target/release/extraction" "$target/release/docextract" "$data" "$REPO/samples" "$work_dir" "$venv/bin/invoice2data" "$@"
