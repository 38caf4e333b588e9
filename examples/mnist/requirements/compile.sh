#!/bin/sh
# Locks the Python dependencies anew: `sh requirements/compile.sh`, with uv (https://docs.astral.sh/uv/). The tests' file
# goes first; the others take the same versions from it, so that what is tested is what is shipped.
set -eu
cd "$(dirname "$0")"
lock() {
  name=$1
  shift
  uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
    --custom-compile-command "sh requirements/compile.sh" "$name.in" "$@" -o "$name.txt"
}
lock test
for name in trainer ui oscar-ui server torch-cuda; do
  lock "$name" -c test.txt
done
