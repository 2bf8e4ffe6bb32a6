#!/usr/bin/env bash
# The simulation's part of `make test`: one seed is one run, every await of a small scenario can be died at,
# and some seeds hold.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

run="$REPO/sim/run.sh"
outcomes() { # outcomes <threads>: a line for each run, with the hash of its trace; all of it where one fails
    local all
    all="$("$run" --seeds 1-4 --store both --jobs "$1" 2>&1)" || {
        printf '%s\n' "$all" >&2
        return 1
    }
    grep '^seed ' <<<"$all" | sort
}
"$run" --seed 1 --store memory --hours 0 # builds, or says why not
first="$(outcomes 2)"
second="$(outcomes 1)"
if [ "$first" != "$second" ]; then
    fail "a seed is not one run: compare two outputs of 'sim/run.sh --seed <n> --store memory --trace'."
fi
"$run" --exhaustive --seed 1 --store both
"$run" --seeds 5-14 --store both
# Days in which little happens: some three thousand hours.
"$run" --seeds 15-19 --store both --days 12
