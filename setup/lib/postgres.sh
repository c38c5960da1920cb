# shellcheck shell=bash
# A PostgreSQL server: the one PGHOST names, else a private cluster on a unix socket, from Debian's binaries or, where
# those are missing, from the embedded wheel. Two private clusters: "keep" for what people enter, as safe as any; "test"
# for throw-away databases, without fsync.

PG_VENV=$STATE/pgvenv

# Debian's binaries count only with the contrib extensions that Odoo can ask for.
debian_postgres() {
    local bin
    for bin in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
        [ -x "$bin/initdb" ] && [ -e "/usr/share/postgresql/$(basename "$(dirname "$bin")")/extension/unaccent.control" ] && echo "$bin" && return
    done
    return 1
}

wheel_postgres() {
    local initdb
    initdb=$(find "$PG_VENV/lib" -path '*pginstall/bin/initdb' 2>/dev/null | head -n 1)
    [ -n "$initdb" ] && dirname "$initdb"
}

install_pg_wheel() {
    rm -rf "$PG_VENV"
    "$UV" venv -q --python "$VENV/bin/python" "$PG_VENV"
    uv_install "$PG_VENV" -r "$LOCKS/requirements-pg.txt"
}

ensure_pg_binaries() {
    PG_BIN=${PG_BIN:-$(debian_postgres || wheel_postgres || true)}
    if [ -z "$PG_BIN" ]; then
        step "PostgreSQL" install_pg_wheel
        PG_BIN=$(wheel_postgres)
    fi
    export PATH=$PG_BIN:$PATH
}

maps_user() { unshare --user --map-user=65534 --map-group=65534 true 2>/dev/null; }

# PostgreSQL refuses to run as root: root becomes "nobody" for it, by a user namespace where that is allowed (the files
# stay root's), else by dropping the user id while keeping access to files below a closed home.
as_postgres() {
    if [ "$(id -u)" != 0 ]; then
        "$@"
    elif maps_user; then
        unshare --user --map-user=65534 --map-group=65534 -- "$@"
    else
        setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+dac_override --ambient-caps=+dac_override \
            --securebits=+no_setuid_fixup -- "$@"
    fi
}

# Socket paths are limited to 107 bytes, so the socket cannot live below a long project path.
socket_directory() { echo "/tmp/.odoo-pg-$(id -u)-$(echo "$CLUSTER" | checksum)"; }

make_cluster() {
    local partial=$CLUSTER.partial locale=(--locale=C.UTF-8)
    [ "$("$PG_BIN/initdb" --version | grep -oE '[0-9]+' | head -n 1)" -lt 17 ] || locale+=(--locale-provider=builtin)
    rm -rf "$partial" && mkdir -p "$partial"
    give_to_postgres "$partial"
    as_postgres "$PG_BIN/initdb" -D "$partial/data" -U odoo -A trust -E UTF8 "${locale[@]}"
    mv "$partial" "$CLUSTER"
}

give_to_postgres() { if [ "$(id -u)" = 0 ] && ! maps_user; then chown 65534:65534 "$@"; fi; }

cluster_runs() { as_postgres "$PG_BIN/pg_ctl" -D "$CLUSTER/data" status >/dev/null 2>&1; }

# The server must not inherit our locks (descriptors 8 and 9): it would hold them as long as it runs.
start_cluster() {
    local options="-c listen_addresses= -k $PGHOST -c shared_buffers=256MB"
    [ "$(basename "$CLUSTER")" != test ] || options+=" -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    as_postgres "$PG_BIN/pg_ctl" -D "$CLUSTER/data" -w -t 60 -l "$CLUSTER/log" -o "$options" start 8>&- 9>&-
}

stop_cluster() { as_postgres "$PG_BIN/pg_ctl" -D "$CLUSTER/data" -m fast stop >/dev/null 2>&1; }

# Every command that uses a cluster holds a shared lock on it; the last one to leave switches it off.
join_cluster() {
    exec 8>>"$CLUSTER/users"
    flock -s 8
    on_exit 'if flock -n -x 8; then stop_cluster; fi'
}

check_given_server() {
    local answer
    answer=$(PGCONNECT_TIMEOUT=10 psql -XAtqc 'SHOW server_version_num' postgres 2>&1) ||
        die "the PostgreSQL server at PGHOST=$PGHOST does not answer: $(head -n 1 <<<"$answer"). Correct PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST to use a private server"
    [ "$answer" -ge 130000 ] || die "the PostgreSQL server at PGHOST=$PGHOST is older than 13, which Odoo 19 needs"
    say "using the PostgreSQL server at $PGHOST"
}

# ensure_postgres keep|test: afterwards psql, createdb and Odoo find the server through PGHOST and PGUSER.
ensure_postgres() {
    ensure_pg_binaries
    if [ -n "${PGHOST:-}" ]; then
        check_given_server
        return
    fi
    CLUSTER=$STATE/pg/$1
    PGHOST=$(socket_directory)
    export PGHOST PGUSER=odoo
    mkdir -p "$STATE/pg" "$PGHOST"
    chmod 700 "$PGHOST"
    give_to_postgres "$PGHOST"
    [ -e "$CLUSTER/data/PG_VERSION" ] || step "Database cluster" make_cluster
    join_cluster
    cluster_runs || step "Starting PostgreSQL" start_cluster
}
