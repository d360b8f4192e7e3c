#!/usr/bin/env bash
# Writes requirements/ anew after a change of dependencies in pyproject.toml. Pins which still fit
# stay as they are; `tools/setup/pin.sh --upgrade` takes the newest of everything.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# For every platform and with hashes, but with no host: each machine uses the registry it trusts.
pin() {
  .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate "$@" >/dev/null
}

pin pyproject.toml --extra audit --group build -o requirements/run.txt "$@"
pin pyproject.toml --all-extras --group build --group test -o requirements/test.txt "$@"
echo uv | pin - -o requirements/uv.txt "$@"
