#!/usr/bin/env bash
# Runs one receiver by its name in manifest.json, in place of this shell (so the process id stays):
#   PORT=0 WEBHOOK_SECRET=whsec_… ./run.sh node-express
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source-path=SCRIPTDIR source=paths.sh
. ./paths.sh

case ${1:-} in
  node-express) exec node node-express/receiver.js ;;
  node-express-standard) exec node node-express/receiver-standard.js ;;
  python-flask) exec "$out/venv/bin/python" python-flask/receiver.py ;;
  python-flask-standard) exec "$out/venv/bin/python" python-flask/receiver_standard.py ;;
  go-nethttp) exec "$out/go-nethttp" ;;
  go-nethttp-standard)
    if [ -x "$out/go-nethttp" ] && [ ! -e "$out/go-nethttp-standard" ]; then
      echo "unavailable: needs Go 1.21 or newer"
      exit 0
    fi
    exec "$out/go-nethttp-standard"
    ;;
  *)
    echo "usage: run.sh NAME, a name from manifest.json" >&2
    exit 2
    ;;
esac
