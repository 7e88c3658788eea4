#!/bin/sh
# What the tests of the box and of several workers need, from Debian's packages where they can be had.
set -eu
missing=""
for name in mmdebstrap shellcheck redis-server; do
    command -v "$name" >/dev/null 2>&1 || missing="$missing $name"
done
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
    echo "Installing for the tests:$missing..."
    $as_root apt-get update -qq >/dev/null 2>&1 || true
    case "$missing" in *postgresql*) # its programs alone: the tests make a cluster of their own
        DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null 2>&1 || true
        echo "create_main_cluster = false" | $as_root tee -a /etc/postgresql-common/createcluster.conf >/dev/null ;;
    esac
    # shellcheck disable=SC2086  # words, one package each
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 && exit 0
fi
echo "Not here and no way to install it:$missing; their tests will be skipped."
