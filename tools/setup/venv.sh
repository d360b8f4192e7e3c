#!/usr/bin/env bash
# Makes .venv and fills it with exactly what requirements/ pins. A second call does nothing.
#
#   tools/setup/venv.sh run     what the marketplace needs
#   tools/setup/venv.sh test    that, and what the tests and checks need
#
# PYTHON=  another interpreter.   APT=yes  as root: install what Debian leaves out, without asking.
# Exit 2: something that only the user can put right; the message says with which line.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

want=${1:-run}
stamp=.venv/.set-up         # what .venv was made from; written last
started=.venv/.set-up-began # there only while a set-up runs: finding it means "interrupted"
python=.venv/bin/python

say() { echo "$*" >&2; }
give_up() { say "$@"; exit 2; }
sudo_if_needed() { if [ "$(id -u)" != 0 ]; then echo "sudo "; fi; }

# A test environment serves for running too; going back and forth would install things twice.
chosen_set() { if [ -x .venv/bin/pytest ]; then echo test; else echo "$want"; fi; }
ingredients() { echo "$1"; pwd; cat requirements/uv.txt "requirements/$1.txt" pyproject.toml; }
is_ready() {
  [ -x "$python" ] && [ -x .venv/bin/assent ] && ingredients "$(chosen_set)" | cmp -s - "$stamp"
}

find_python() {
  local candidates=(python3 python3.13 python3.12 python3.11) candidate
  if [ -n "${PYTHON:-}" ]; then candidates=("$PYTHON"); fi
  for candidate in "${candidates[@]}"; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  say "Assent needs Python 3.11 or newer, and ${candidates[*]} is not. On Debian or Ubuntu:"
  say "    $(sudo_if_needed)apt-get install -y python3 python3-venv"
  give_up "Is it elsewhere?  make setup PYTHON=/path/to/python3"
}

# Debian ships Python without the part that puts pip into a new environment.
ensure_venv_module() {
  if "$1" -c 'import venv, ensurepip' 2>/dev/null; then return; fi
  local package
  package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  if [ "${APT:-}" = yes ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >&2
    return
  fi
  say "This Python cannot make virtual environments. On Debian or Ubuntu, run this, then again:"
  give_up "    $(sudo_if_needed)apt-get install -y $package"
}

was_made_elsewhere() { [ -s "$stamp" ] && [ "$(sed -n 2p "$stamp")" != "$(pwd)" ]; }

make_environment() {
  if [ -e "$started" ] || was_made_elsewhere || ! "$python" -m pip --version >/dev/null 2>&1; then
    local base
    base=$(find_python)
    ensure_venv_module "$base"
    rm -rf .venv
    mkdir .venv
    touch "$started"
    "$base" -m venv .venv
  fi
}

# uv is quick but knows nothing of pip's own settings (a mirror, say), so pip is the second try.
install_pinned() {
  if "$python" -m pip install -q --only-binary :all: --require-hashes -r requirements/uv.txt &&
    "$python" -m uv pip sync -q --python "$python" --require-hashes requirements/uv.txt "requirements/$1.txt"
  then return; fi
  say "uv could not install the packages; trying pip, which is slower."
  "$python" -m pip install -q --require-hashes -r "requirements/$1.txt"
}

install_assent() {
  "$python" -m pip install -q --no-deps --no-build-isolation --no-index --editable .
}

# Two set-ups at once would trip over each other; without flock (macOS) they are merely unlikely.
mkdir -p .tools
exec 9>.tools/set-up.lock
if command -v flock >/dev/null; then flock 9; fi
if is_ready; then exit 0; fi

set=$(chosen_set)
say "Setting up .venv for \"$set\" (under two minutes the first time) ..."
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1
make_environment
touch "$started"
rm -f "$stamp"
install_pinned "$set"
install_assent
ingredients "$set" >"$stamp"
rm "$started"
say "Done: .venv/bin/assent"
