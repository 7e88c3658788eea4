#!/bin/sh
# Dzvinok on a bare Debian (12 or newer) or Ubuntu (24.04 or newer) box; run as root, from an unpacked tree:
#
#   deploy/install.sh --public-url https://phone.example.com --application-id 123 --application-secret abc
#   deploy/install.sh --demo                 the sandbox instead: everything, without a Poster account
#   deploy/install.sh --uninstall [--purge]  takes it away; --purge the data, the settings and the backups too
#
#   --accounts a,b   only these Poster accounts may connect      --no-caddy   you have a TLS proxy of your own
#   --upgrade        this tree takes the place of the installed one: backup, exchange, health check, back if unhealthy
#
# Run again it changes nothing that is as it should be. Nothing is fetched but Debian's packages, PyPI's and, only where
# the register's program is not built yet, npm's.
set -eu

NAME=dzvinok
HOME_DIR=/opt/dzvinok
DATA=/var/lib/dzvinok
BACKUPS=/var/backups/dzvinok
SETTINGS=/etc/dzvinok/dzvinok.env
UNITS=/etc/systemd/system
UNIT_FILES="dzvinok.service dzvinok.socket dzvinok-backup.service dzvinok-backup.timer dzvinok-demo.service"
HEALTH=http://127.0.0.1:8080/healthz
TREE=$(cd "$(dirname "$0")/.." && pwd)

mode=install public_url="" id="" secret="" accounts="" demo=no caddy=yes purge=no changed=no

say() { echo "dzvinok: $*"; }
fail() { echo "dzvinok: $*" >&2; exit 1; }

main() {
    read_words "$@"
    [ "$(id -u)" = 0 ] || fail "Run it as root: sudo $0"
    case "$mode" in
        uninstall) uninstall; return ;;
        upgrade) [ -f "$SETTINGS" ] || fail "Nothing is installed here yet: run it without --upgrade." ;;
    esac
    check_system
    ask
    packages
    user_and_folders
    lay_release
    if [ "$mode" = upgrade ]; then
        exchange
    else
        write_settings
        point_at "$release"
        outside
        start
    fi
    [ "$changed" = yes ] || say "Everything is as it should be; nothing was changed."
}

read_words() {
    while [ $# -gt 0 ]; do
        case "$1" in
            --public-url) need "$@"; public_url=${2%/}; shift ;;
            --application-id) need "$@"; id=$2; shift ;;
            --application-secret) need "$@"; secret=$2; shift ;;
            --accounts) need "$@"; accounts=$2; shift ;;
            --demo) demo=yes caddy=no ;;
            --no-caddy) caddy=no ;;
            --upgrade) mode=upgrade ;;
            --uninstall) mode=uninstall ;;
            --purge) purge=yes ;;
            -h | --help) sed -n '2,/^set -eu/p' "$0" | sed -e '$d' -e 's/^# \{0,1\}//'; exit 0 ;;
            *) fail "I don't know $1; see $0 --help" ;;
        esac
        shift
    done
    [ "$purge" = no ] || [ "$mode" = uninstall ] || fail "--purge goes with --uninstall."
}

need() { [ -n "${2:-}" ] || fail "$1 needs a value."; }

check_system() {
    command -v apt-get >/dev/null || fail "This is neither Debian nor Ubuntu: see docs/deploy.md for the steps by hand."
    for one in wsgi.py requirements.lock server sandbox deploy/dzvinok.service; do
        [ -e "$TREE/$one" ] || fail "$TREE is not a whole tree of Dzvinok: $one is missing."
    done
}

# What is not given is asked for, where somebody sits there to answer.
ask() {
    [ "$demo" = no ] && [ ! -f "$SETTINGS" ] || return 0
    [ -n "$public_url" ] || public_url=$(answer "The address of this box (https://phone.example.com)" --public-url)
    [ -n "$id" ] || id=$(answer "Poster's application id" --application-id)
    [ -n "$secret" ] || secret=$(answer "Poster's application secret" --application-secret)
    case "$public_url" in
        https://*/*) fail "--public-url is a name without a path, such as https://phone.example.com" ;;
        https://?*) ;;
        *) fail "--public-url must begin with https://, such as https://phone.example.com" ;;
    esac
    for word in "$public_url" "$id" "$secret" "$accounts"; do
        case "$word" in *[!A-Za-z0-9.:/_,-]*) fail "$word: only letters, digits and . : / _ , - may stand there." ;; esac
    done
}

answer() {
    [ -t 0 ] || fail "Say $2 (nobody is here to be asked)."
    printf '%s: ' "$1" >&2
    read -r said || said=""
    [ -n "$said" ] || fail "Say $2."
    echo "$said"
}

packages() {
    # Ubuntu before 24.04 has an older Python beside a newer one.
    python=python3
    wanted="python3 python3-venv ca-certificates util-linux"
    [ "$caddy" = no ] || wanted="$wanted caddy"
    missing=""
    for one in $wanted; do
        installed "$one" || missing="$missing $one"
    done
    if [ -n "$missing" ]; then
        changed=yes
        say "Installing from the distribution:$missing"
        [ -n "$(apt-cache policy python3-venv 2>/dev/null)" ] || apt-get update -qq
        # shellcheck disable=SC2086  # words, one package each
        apt_install $missing || { apt-get update -qq; apt_install $missing; } ||
            fail "apt could not install:$missing. (No package caddy on Ubuntu before 23.04: use --no-caddy and your own proxy.)"
    fi
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || second_python
}

second_python() {
    python=python3.11
    installed python3.11-venv || { changed=yes; apt_install python3.11 python3.11-venv; } ||
        fail "Dzvinok needs Python 3.11 or newer, and this system has no package python3.11."
}

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'; }

apt_install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }

user_and_folders() {
    getent passwd $NAME >/dev/null || {
        changed=yes
        getent group $NAME >/dev/null || groupadd --system $NAME
        useradd --system --gid $NAME --no-create-home --home-dir "$DATA" --shell /usr/sbin/nologin $NAME
    }
    folder 0755 root "$HOME_DIR"
    folder 0755 root "$HOME_DIR/releases"
    folder 0755 root "$HOME_DIR/venvs"
    folder 0700 root /etc/dzvinok
    folder 0700 $NAME "$DATA"
    folder 0700 $NAME "$BACKUPS"
}

folder() {
    [ "$(stat -c '%a %U' "$3" 2>/dev/null)" = "${1#0} $2" ] && return
    changed=yes
    install -d -m "$1" -o "$2" -g "$2" "$3"
}

# A folder of its own for every release, named after what is in it: the one that runs is never touched.
lay_release() {
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$TREE/pyproject.toml" | head -n 1)
    sum=$(files | sort -z | (cd "$TREE" && xargs -0 sha256sum) | sha256sum | cut -c 1-8)
    release="$HOME_DIR/releases/$version-$sum"
    [ -f "$release/.whole" ] && return
    changed=yes
    say "Laying $version into $release"
    rm -rf "$release"
    install -d -m 0755 "$release"
    files | (cd "$TREE" && tar -c --null -T -) | tar -x -C "$release" --no-same-owner
    chmod -R u=rwX,go=rX "$release"
    virtual
    built || build
    "$release/.venv/bin/python" -m compileall -q "$release/server" "$release/sandbox"
    touch "$release/.whole"
}

# What a box needs; sorted by whoever asks.
files() {
    (cd "$TREE" && find wsgi.py gunicorn.conf.py pyproject.toml requirements.txt requirements.lock package.json package-lock.json \
        vite.*config.ts tsconfig.json Makefile LICENSE README.md CHANGELOG.md .env.example \
        server sandbox deploy docs pos_bundle manage_ui \
        -type f ! -path '*/__pycache__/*' ! -path '*/node_modules/*' ! -name '*.pyc' -print0 2>/dev/null)
}

# Releases with the same requirements share one; it is only linked once it is whole.
virtual() {
    sum=$( (cat "$release/requirements.lock"; "$python" -VV) | sha256sum | cut -c 1-8)
    venv="$HOME_DIR/venvs/$sum"
    if [ ! -f "$venv/.whole" ]; then
        say "Installing what it runs on from PyPI"
        rm -rf "$venv"
        "$python" -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --require-hashes \
            -r "$release/requirements.lock" ||
            fail "PyPI could not be reached, or lacks a package: try again; nothing that runs was touched."
        touch "$venv/.whole"
    fi
    ln -s "$venv" "$release/.venv"
}

built() { [ -f "$release/pos_bundle/dist/bundle.js" ] && [ -f "$release/manage_ui/static/manage.js" ]; }

build() {
    say "Building the register's program (this tree came without it)"
    installed make || apt_install make
    make -C "$release" PYTHON="$python" build >/dev/null || fail "The register's program could not be built."
    rm -rf "$release/node_modules"
}

write_settings() {
    [ "$demo" = no ] && [ ! -f "$SETTINGS" ] || return 0
    changed=yes
    key=$("$python" -c 'import secrets; print(secrets.token_hex(32))')
    umask 077
    sed -e "s|^POSTER_APPLICATION_ID=.*|POSTER_APPLICATION_ID=$id|" \
        -e "s|^POSTER_APPLICATION_SECRET=.*|POSTER_APPLICATION_SECRET=$secret|" \
        -e "s|^PUBLIC_URL=.*|PUBLIC_URL=$public_url|" \
        -e "s|^SECRET_KEY=.*|SECRET_KEY=$key|" \
        -e "s|^#BACKUP_DIR=.*|BACKUP_DIR=$BACKUPS|" "$release/.env.example" > "$SETTINGS.new"
    [ -z "$accounts" ] || sed -i "s|^#POSTER_ACCOUNTS=.*|POSTER_ACCOUNTS=$accounts|" "$SETTINGS.new"
    mv "$SETTINGS.new" "$SETTINGS"
    umask 022
    say "Settings are in $SETTINGS. Keep its SECRET_KEY somewhere else too: a backup is of no use without it."
}

point_at() {
    [ "$(readlink "$HOME_DIR/current" 2>/dev/null)" = "$1" ] && return
    changed=yes
    ln -sfn "$1" "$HOME_DIR/current.new"
    mv -T "$HOME_DIR/current.new" "$HOME_DIR/current"
    restart=yes
}

# Units, commands, Caddy: what lies outside of our own folders.
outside() {
    for unit in $UNIT_FILES; do put 0644 "$HOME_DIR/current/deploy/$unit" "$UNITS/$unit" && reload=yes; done
    put 0755 "$HOME_DIR/current/deploy/dzvinok" /usr/local/bin/dzvinok || true
    put 0755 "$HOME_DIR/current/deploy/upgrade.sh" /usr/local/bin/dzvinok-upgrade || true
    [ "$caddy" = no ] || serve_tls
}

# True when it had to be put there.
put() {
    cmp -s "$2" "$3" && return 1
    changed=yes
    install -D -m "$1" "$2" "$3"
}

serve_tls() {
    host=$(sed -n 's|^PUBLIC_URL=https://||p' "$SETTINGS")
    file=/etc/caddy/Caddyfile
    if [ -f $file ] && ! grep -q '^# TLS in front of Dzvinok' $file && ! stock $file; then
        say "$file is yours and stays: add what $HOME_DIR/current/deploy/Caddyfile says about phone.example.com."
        return 0
    fi
    wanted=$(mktemp)
    sed "s|^phone\.example\.com {|$host {|" "$HOME_DIR/current/deploy/Caddyfile" > "$wanted"
    if put 0644 "$wanted" $file && running_systemd; then
        systemctl reload-or-restart caddy || say "Caddy did not take $file: journalctl -u caddy says why."
    fi
    rm -f "$wanted"
}

# As Debian's package brought it: nobody wrote anything into it.
stock() { dpkg-query -W -f '${Conffiles}\n' caddy 2>/dev/null | grep -q "$1 $(md5sum < "$1" | cut -d ' ' -f 1)"; }

running_systemd() { [ -d /run/systemd/system ]; }

start() {
    running_systemd || {
        say "systemd does not run here: the units are in place, start them yourself."
        return 0
    }
    [ "${reload:-no}" = no ] || systemctl daemon-reload
    if [ "$demo" = yes ]; then
        switch_on dzvinok-demo.service
        healthy || fail "The sandbox did not come up: journalctl -u dzvinok-demo says why."
        say "The sandbox is up: ssh -L 8080:127.0.0.1:8080 -L 8090:127.0.0.1:8090 to this box, then http://localhost:8090"
        return 0
    fi
    switch_on dzvinok.socket
    switch_on dzvinok.service
    switch_on dzvinok-backup.timer
    [ "${restart:-no}" = no ] || systemctl restart dzvinok.service
    healthy || fail "The service did not come up: journalctl -u dzvinok says why."
    say "It runs. Open $(sed -n 's|^PUBLIC_URL=||p' "$SETTINGS")/connect in a browser."
}

switch_on() {
    systemctl is-enabled --quiet "$1" 2>/dev/null && systemctl is-active --quiet "$1" && return
    changed=yes
    systemctl enable --quiet --now "$1"
}

healthy() {
    "$HOME_DIR/current/.venv/bin/python" - "$HEALTH" <<'PY'
import os, sys, time, urllib.request
end = time.monotonic() + float(os.environ.get("DZVINOK_PATIENCE", "40"))
while time.monotonic() < end:
    try:
        urllib.request.urlopen(sys.argv[1], timeout=5)
        sys.exit(0)
    except OSError:
        time.sleep(0.3)
sys.exit(1)
PY
}

# The new release beside the old one; if it does not answer, the old one comes back with the database that it knew.
exchange() {
    old=$(readlink -f "$HOME_DIR/current")
    [ "$old" != "$release" ] || { say "$(basename "$old") is installed already."; return 0; }
    running_systemd || fail "systemd does not run here: exchange $HOME_DIR/current by hand, see docs/upgrade.md."
    say "A backup first"
    /usr/local/bin/dzvinok backup --to "$BACKUPS" || fail "The backup failed, so nothing was exchanged."
    stamp="$HOME_DIR/.upgrading"
    touch "$stamp"
    point_at "$release"
    outside
    systemctl daemon-reload
    # In one go: between a stop and a start the next ring would wake the service up by its socket.
    if systemctl restart dzvinok.service && healthy; then
        rm -f "$stamp"
        tidy "$old"
        say "$(basename "$release") runs. The one before stays in $old."
        say "If the register's program changed: dzvinok upload-bundle"
        return 0
    fi
    back "$old"
    fail "$(basename "$release") did not come up: $(basename "$old") runs again. journalctl -u dzvinok says why."
}

back() {
    say "It does not answer: going back"
    # The socket too, or a ring would wake the service up while the database is exchanged; Caddy tries again meanwhile.
    systemctl stop dzvinok.socket dzvinok.service || true
    # The copy that the new one made the moment before it changed the tables; with the same tables there is none.
    kept=$(find "$DATA" -maxdepth 1 -name 'dzvinok.db.before-*' ! -name '*.part' -newer "$HOME_DIR/.upgrading" | head -n 1)
    point_at "$1"
    outside
    systemctl daemon-reload
    [ -z "$kept" ] || { /usr/local/bin/dzvinok restore "$kept" && rm -f "$kept"; }
    rm -f "$HOME_DIR/.upgrading"
    systemctl start dzvinok.socket dzvinok.service
    healthy || fail "The old one does not answer either: journalctl -u dzvinok says why; the backup is in $BACKUPS."
}

# This release and the one before stay, and what they run on.
tidy() {
    for one in "$HOME_DIR"/releases/*; do
        [ "$one" = "$release" ] || [ "$one" = "$1" ] || rm -rf "$one"
    done
    for one in "$HOME_DIR"/venvs/*; do
        [ "$one" = "$(readlink "$release/.venv")" ] || [ "$one" = "$(readlink "$1/.venv")" ] || rm -rf "$one"
    done
}

uninstall() {
    if running_systemd; then
        for unit in dzvinok-demo.service dzvinok-backup.timer dzvinok.socket dzvinok.service; do
            systemctl disable --quiet --now "$unit" 2>/dev/null || true
        done
    fi
    for unit in $UNIT_FILES; do rm -f "$UNITS/$unit"; done
    ! running_systemd || systemctl daemon-reload
    rm -f /usr/local/bin/dzvinok /usr/local/bin/dzvinok-upgrade
    rm -rf "$HOME_DIR"
    if grep -qs '^# TLS in front of Dzvinok' /etc/caddy/Caddyfile; then
        rm -f /etc/caddy/Caddyfile
        ! running_systemd || systemctl stop caddy 2>/dev/null || true
        say "Caddy has nothing to serve any more: apt remove caddy, unless you need it."
    fi
    if [ "$purge" = yes ]; then
        rm -rf "$DATA" /var/lib/dzvinok-demo "$BACKUPS" /etc/dzvinok
        ! getent passwd $NAME >/dev/null || userdel $NAME
        ! getent group $NAME >/dev/null || groupdel $NAME
        say "Gone, with all data."
    else
        say "Gone. The data stays in $DATA, the settings in /etc/dzvinok, backups in $BACKUPS; --purge takes these too."
    fi
}

main "$@"
