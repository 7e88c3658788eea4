#!/bin/sh
# `dzvinok-upgrade dzvinok-1.4.0.tar.gz` (or an unpacked folder): backup, new release beside the old one, health check,
# and back to the old one when the new one does not answer.
set -eu
[ "$(id -u)" = 0 ] || { echo "Run it as root: sudo dzvinok-upgrade $*" >&2; exit 1; }
[ $# = 1 ] || { echo "Say which: dzvinok-upgrade dzvinok-1.4.0.tar.gz, or an unpacked folder." >&2; exit 1; }

folder=$1
if [ -f "$1" ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    tar -xf "$1" -C "$folder" --no-same-owner || { echo "$1 is no archive." >&2; exit 1; }
    set -- "$folder"/*/deploy/install.sh
else
    set -- "$folder/deploy/install.sh"
fi
[ -f "$1" ] || { echo "There is no Dzvinok in it: deploy/install.sh is missing." >&2; exit 1; }
caddy=""
grep -qs '^# TLS in front of Dzvinok' /etc/caddy/Caddyfile || caddy=--no-caddy
sh "$1" --upgrade $caddy
