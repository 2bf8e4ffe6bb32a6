#!/usr/bin/env bash
# Starts each receiver and sends it good, forged and repeated webhooks, signed by Python's standard
# library alone. Exits 1 if any is judged wrongly. Needs no DocExtract server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
./setup.sh
exec python3 check.py "$@"
