#!/usr/bin/env bash
# Makes the receivers ready to run, and says what it installs. Run it again as often as you like:
# what is in place is left alone. Built things go to target/receivers (CARGO_TARGET_DIR is honoured),
# Node's packages to node-express/node_modules.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source-path=SCRIPTDIR source=paths.sh
. ./paths.sh

say() { printf 'receivers: %s\n' "$*" >&2; }

# Two test runs may set up at once: the second waits for the first.
mkdir -p "$out"
if command -v flock >/dev/null; then
  exec 9>"$out/.setup.lock"
  flock 9
fi

# need PROGRAM PACKAGE…: installs Debian packages where a program is missing.
need() {
  local program=$1
  shift
  command -v "$program" >/dev/null && return
  debian "$program is missing" "$@"
}

debian() {
  local why=$1
  shift
  if ! command -v apt-get >/dev/null; then
    say "$why. Install it and run this again (on Debian: apt-get install $*)."
    exit 1
  fi
  say "$why: apt-get install $*"
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq >&2
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

node_packages() {
  local stamp=node-express/node_modules/.installed
  cmp -s node-express/package-lock.json "$stamp" && return
  need npm nodejs npm
  say "npm ci in node-express (express, standardwebhooks)"
  (cd node-express && npm ci --loglevel=error --omit=dev >&2)
  cp node-express/package-lock.json "$stamp"
}

python_venv() {
  local stamp="$out/venv/.installed"
  cmp -s python-flask/requirements.txt "$stamp" && "$out/venv/bin/python" -c '' 2>/dev/null && return
  need python3 python3 python3-venv
  python3 -c 'import ensurepip' 2>/dev/null || debian "python3 cannot make a venv" python3-venv
  say "python venv in $out/venv (flask, waitress, standardwebhooks)"
  python3 -m venv --clear "$out/venv"
  "$out/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --requirement python-flask/requirements.txt >&2
  cp python-flask/requirements.txt "$stamp"
}

# go build keeps its own cache, so it is asked every time.
go_programs() {
  need go golang-go
  (cd go-nethttp && go build -o "$out/go-nethttp" .)
  # Debian 12's own Go is older than the published package allows: everything else still runs there.
  local version
  version=$(go env GOVERSION)
  if [ "$(printf '1.21\n%s\n' "${version#go}" | sort -V | head -n 1)" != 1.21 ]; then
    say "go-nethttp-standard is left out: it needs Go 1.21 or newer, and here is $(go version)"
    rm -f "$out/go-nethttp-standard"
    return
  fi
  (cd go-nethttp/standard && GOTOOLCHAIN=local go build -o "$out/go-nethttp-standard" .)
}

need node nodejs npm
node_packages
python_venv
go_programs
