#!/usr/bin/env bash
# Every test of the workspace. Arguments go to cargo, e.g. `scripts/test.sh -p docextract-model retry`.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$REPO"

if [ "$#" -gt 0 ]; then
    exec cargo test --locked "$@"
fi
exec cargo test --workspace --locked
