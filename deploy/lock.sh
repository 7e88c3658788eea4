#!/bin/sh
# Writes requirements.lock and requirements-dev.lock: every package with the hashes of its files, the ones that are
# installed here where the requirements leave a choice, so that what was tested is what a box installs.
set -eu
cd "$(dirname "$0")/.."
kept=$(mktemp)
trap 'rm -f "$kept"' EXIT
.venv/bin/pip freeze 2>/dev/null | grep -E '^[A-Za-z0-9._-]+==' > "$kept"
for name in requirements requirements-dev; do
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 \
		--constraint "$kept" --custom-compile-command 'make lock' "$name.txt" --output-file "$name.lock"
done
