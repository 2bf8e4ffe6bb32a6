#!/usr/bin/env bash
# From a clone to a serving DocExtract with one command. The rest is `docextract serve --dev` itself: at its
# first start it makes a key, grants credits, registers its own inbox as a webhook, and prints what to try.
#
# Arguments go to `serve`. DOCEXTRACT_DATA_DIR and DOCEXTRACT_LISTEN, like every DOCEXTRACT_* setting, are read
# by the server; without them it uses ./data in the repository and 127.0.0.1:8080.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$REPO"

scripts/setup.sh run
say "run: building (the first time takes some minutes)"
cargo build --release --locked --bin docextract >&2
exec "$(target_dir)/release/docextract" serve --dev "$@"
