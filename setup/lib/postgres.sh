# shellcheck shell=bash
# A PostgreSQL server: the one PGHOST names, else a private cluster on a unix socket, from Debian's binaries or, where
# those are missing, from the embedded wheel. Two private clusters: "keep" for what people enter, as safe as any; "test"
# for throw-away databases, without fsync.

PG_WHEEL=$STATE/pgwheel
CLUSTER= # the private cluster; empty when PGHOST names a server

# Where PostgreSQL's programs are, best first. Debian's count only with the contrib extensions that Odoo can ask for.
postgres_binaries() {
    local bin
    while read -r bin; do
        [ ! -x "$bin/initdb" ] || [ ! -e "/usr/share/postgresql/$(basename "${bin%/bin}")/extension/unaccent.control" ] || echo "$bin"
    done < <(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV)
    find "$PG_WHEEL" -path '*pginstall/bin/initdb' -printf '%h\n' 2>/dev/null || true
}

major_version() { "$1/initdb" --version | grep -oE '[0-9]+' | sed -n 1p; }

# A cluster that exists can be run only by the version that made it.
find_postgres() {
    local bin made_by
    made_by=$([ ! -e "$CLUSTER" ] || cat "$CLUSTER/data/PG_VERSION")
    for bin in $(postgres_binaries); do
        if [ -z "$made_by" ] || [ "$(major_version "$bin")" = "$made_by" ]; then
            echo "$bin"
            return
        fi
    done
    return 1
}

install_pg_wheel() {
    rm -rf "$PG_WHEEL" "$PG_WHEEL.partial"
    uv_install "$VENV" --target "$PG_WHEEL.partial" -r "$LOCKS/requirements-pg.txt"
    mv "$PG_WHEEL.partial" "$PG_WHEEL"
}

ensure_pg_binaries() {
    if ! PG_BIN=$(find_postgres); then
        step "PostgreSQL" install_pg_wheel
        PG_BIN=$(find_postgres) ||
            die "the data in $CLUSTER need PostgreSQL $(cat "$CLUSTER/data/PG_VERSION"), which is gone; install postgresql-$(cat "$CLUSTER/data/PG_VERSION"), or move that folder away to begin anew"
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

give_to_postgres() { if [ "$(id -u)" = 0 ] && ! maps_user; then chown 65534:65534 "$@"; fi; }

make_cluster() {
    local partial=$CLUSTER.partial locale=(--locale=C.UTF-8)
    [ "$(major_version "$PG_BIN")" -lt 17 ] || locale+=(--locale-provider=builtin)
    rm -rf "$partial" && mkdir -p "$partial"
    give_to_postgres "$partial"
    as_postgres "$PG_BIN/initdb" -D "$partial/data" -U odoo -A trust -E UTF8 "${locale[@]}"
    mv "$partial" "$CLUSTER"
}

# Socket paths are limited to 107 bytes, so the socket cannot live below a long project path.
socket_directory() { echo "/tmp/.odoo-pg-$(id -u)-$(echo "$CLUSTER" | checksum)"; }

# Asks the server itself: the process number it left behind may belong to another process since.
cluster_runs() { psql -XAtqc 'SELECT 1' postgres >/dev/null 2>&1; }

# The server must not inherit our locks (descriptors 8 and 9): it would hold them as long as it runs.
start_cluster() {
    local options="-c listen_addresses= -k $PGHOST -c shared_buffers=256MB"
    [ "$(basename "$CLUSTER")" != test ] || options+=" -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    mkdir -p "$PGHOST"
    chmod 700 "$PGHOST"
    give_to_postgres "$PGHOST"
    as_postgres "$PG_BIN/pg_ctl" -D "$CLUSTER/data" -w -t 60 -l "$CLUSTER/log" -o "$options" start 8>&- 9>&-
}

stop_cluster() { as_postgres "$PG_BIN/pg_ctl" -D "$CLUSTER/data" -m fast stop >/dev/null 2>&1 && rmdir "$PGHOST"; }

# Every command that uses a cluster holds a shared lock on it; the last one to leave switches it off.
join_cluster() {
    exec 8>>"$CLUSTER/users"
    flock -s 8
    on_exit 'if flock -n -x 8; then stop_cluster; fi'
}

# Says what is wrong with the server at PGHOST, if anything.
complaint() {
    PGCONNECT_TIMEOUT=10 psql -XAtq postgres 2>&1 <<'SQL'
SELECT CASE
    WHEN current_setting('server_version_num')::int < 130000 THEN 'is older than 13, which Odoo 19 needs'
    WHEN current_user = 'postgres' THEN 'was given the user postgres, which Odoo refuses; name another in PGUSER'
    WHEN NOT (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user)
        THEN format('does not let %1$I create databases; have an administrator run: ALTER ROLE %1$I CREATEDB', current_user)
    WHEN NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN 'lacks the extension pg_trgm; install its contrib package'
    END
SQL
}

check_given_server() {
    local problem
    problem=$(complaint) ||
        problem="does not answer: ${problem%%$'\n'*}. Correct PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST to use a private server"
    [ -z "$problem" ] || die "the PostgreSQL server at PGHOST=$PGHOST $problem"
    say "using the PostgreSQL server at $PGHOST"
}

# ensure_postgres keep|test: afterwards psql, createdb and Odoo find the server through PGHOST and PGUSER.
ensure_postgres() {
    if [ -n "${PGHOST:-}" ]; then
        ensure_pg_binaries
        check_given_server
        return
    fi
    CLUSTER=$STATE/pg/$1
    ensure_pg_binaries
    unset PGPORT PGDATABASE PGSERVICE PGOPTIONS # meant for some other server
    PGHOST=$(socket_directory)
    export PGHOST PGUSER=odoo
    mkdir -p "$STATE/pg"
    [ -e "$CLUSTER" ] || step "Database cluster" make_cluster
    join_cluster
    cluster_runs || step "Starting PostgreSQL" start_cluster
}
