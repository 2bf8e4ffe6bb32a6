#!/usr/bin/env bash
# Holds the running server to its own openapi.json: schemathesis with all its checks, against a server of its own in
# a temporary directory. Nothing it sends or has sent leaves this machine.
#
#   contract.sh [--seed N] [--examples N]
#
# What is sent depends on the seed and the number of examples, not on how fast the machine is: --examples is how many
# requests the fuzzing makes up for each operation, beside those that the description itself lists. More look further.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$REPO"

seed=1
examples=20
while [ "$#" -gt 0 ]; do
    case "$1" in
        --seed) seed="${2:?--seed wants a number}" && shift 2 ;;
        --examples) examples="${2:?--examples wants a number}" && shift 2 ;;
        *) fail "unknown argument $1; usage: contract.sh [--seed N] [--examples N]" ;;
    esac
done

target="$(target_dir)"
schemathesis="$target/tools/contract/bin/schemathesis"
[ -x "$schemathesis" ] || fail "schemathesis is missing: run 'scripts/setup.sh test'."
cargo build --locked --quiet --package docextract-server
docextract="$target/debug/docextract"

dir="$(mktemp -d)"
# It keeps what it finds beside its configuration.
cp -r crates/server/tests/contract "$dir/contract"
cat >>"$dir/contract/schemathesis.toml" <<END

[phases.fuzzing.generation]
max-examples = $examples
# Requests that follow from each other's answers, for all operations together.
[phases.stateful.generation]
max-examples = $((examples * 10))
END
server=
# Ends what this script started, and nothing else.
finish() {
    if [ -n "$server" ] && kill "$server" 2>/dev/null; then
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$dir"
}
trap finish EXIT

# A port that was free a moment ago; if it is taken by now the server says so and nothing is tested.
port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
base="http://127.0.0.1:$port"
# Webhooks go through a proxy that nobody is: they stay here, whatever URL they have.
env -u DOCEXTRACT_CONFIG "$docextract" serve --dev --data-dir "$dir/data" --listen "127.0.0.1:$port" \
    --webhooks-egress-proxy http://127.0.0.1:9 --webhooks-retry-waits 1h >"$dir/stdout" 2>"$dir/stderr" &
server=$!
for _ in $(seq 100); do
    curl -fsS "$base/health/ready" >/dev/null 2>&1 && break
    kill -0 "$server" 2>/dev/null || fail "the server ended: $(cat "$dir/stderr")"
    sleep 0.1
done

run() { # run <mode of the key> <arguments…>
    local mode="$1" id
    shift
    CONTRACT_KEY="$("$docextract" keys create --mode "$mode" --scopes all --data-dir "$dir/data")"
    id="$("$docextract" keys list --data-dir "$dir/data" | grep -oE 'key_[0-9a-f]+' | head -n 1)"
    export CONTRACT_KEY CONTRACT_KEY_ID="$id" CONTRACT_BASE_URL="$base"
    say "contract: a $mode key (scripts/contract.sh --seed $seed --examples $examples)"
    # The time is for a server that hangs; a run that is only slow is not cut short by it.
    (cd "$dir/contract" && timeout "$((600 + examples * 30))" "$schemathesis" --config-file schemathesis.toml \
        run "$base/openapi.json" --checks all --seed "$seed" --no-color "$@" >&2)
}

failed=0
# A test key may do everything but change live credits, keys and people; those are tried with a live one.
run test || failed=1
run live --include-path-regex '^/v1/(keys|credits|members|invitations)' || failed=1
kill -0 "$server" 2>/dev/null || fail "the server ended: $(tail -n 20 "$dir/stderr")"
[ "$failed" -eq 0 ] || fail "the server and its openapi.json differ: see above. The server said: $(grep -E 'ERROR' "$dir/stderr" | head -n 20)"
