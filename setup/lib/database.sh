# shellcheck shell=bash
# Databases: made once from our addons, then copied. A name without ".partial" means a whole database.

# Every directory with a manifest is an addon of ours.
addons() { (cd "$PROJECT" && dirname -- */__manifest__.py | paste -sd,); }

# What a database depends on: Odoo and the addons' code and data; not their tests, texts and pictures.
addons_checksum() {
    {
        odoo_stamp
        cd "$PROJECT"
        addons | tr , '\n' | xargs -I{} find {} -type f -not -path '*/tests/*' -not -path '*/readme/*' \
            -not -path '*/static/*' -not -path '*/__pycache__/*' -print0 | sort -z | xargs -0 sha256sum
    } | checksum
}

# write_config keep|test: the Odoo configuration of that side; each has its own filestore.
write_config() {
    export ODOO_RC=$STATE/$1/odoo.conf
    DATA=$STATE/$1/data
    mkdir -p "$DATA"
    cat >"$ODOO_RC" <<CONF
[options]
addons_path = $PROJECT${CORE_ADDONS:+,$CORE_ADDONS}
data_dir = $DATA
http_interface = 127.0.0.1
CONF
}

sql() { psql -XAtq -v ON_ERROR_STOP=1 "$@"; }

database_exists() { [ "$(sql -c "SELECT 1 FROM pg_database WHERE datname = '$1'" postgres)" = 1 ]; }

drop_database() {
    PGOPTIONS=--client-min-messages=error dropdb --if-exists --force "$1"
    rm -rf "${DATA:?}/filestore/$1"
}

# LC_CTYPE decides what a letter is: without C.UTF-8 Chinese text has no trigrams and every search scans the table.
create_database() {
    createdb -T template0 -E UTF8 --lc-collate=C --lc-ctype=C.UTF-8 "$1"
    sql -c 'CREATE EXTENSION IF NOT EXISTS pg_trgm' "$1"
    [ "$(sql -c "SELECT show_trgm('北京科技') <> '{}'" "$1")" = t ] ||
        { echo "the database server does not treat Chinese characters as letters (LC_CTYPE must be C.UTF-8)"; return 1; }
}

# The name comes last: an interruption leaves a database that is known to be unfinished.
rename_database() {
    [ ! -d "$DATA/filestore/$1" ] || mv "$DATA/filestore/$1" "$DATA/filestore/$2"
    sql -c "ALTER DATABASE \"$1\" RENAME TO \"$2\"" postgres
}

# Files of a filestore are never changed in place, so a copy can share them.
copy_database() {
    createdb -T "$1" "$2"
    [ ! -d "$DATA/filestore/$1" ] || cp -al "$DATA/filestore/$1" "$DATA/filestore/$2"
}

# The comment on a database says which code it was made for, and that it is ours to update or drop.
mark_database() { sql -c "COMMENT ON DATABASE \"$1\" IS 'setup $(addons_checksum)'" postgres; }
database_mark() { sql -c "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$1'" postgres; }

# install_modules DATABASE MODULES [OPTION...]: fails on a WARNING or ERROR of the server too.
install_modules() {
    local database=$1 modules=$2
    shift 2
    "$VENV/bin/odoo" -d "$database" -i "$modules" --load-language=en_US,zh_CN --stop-after-init --max-cron-threads=0 --no-http "$@" 2>&1 | tee "$LOG/$database.log"
    "$VENV/bin/python" "$SETUP/check_log.py" "$LOG/$database.log"
}

# build_database NAME MODULES [OPTION...]: as a step; a database of that name is replaced when the new one is whole.
build_database() {
    local partial=$1.partial
    # shellcheck disable=SC2064 # expanded now: the local variable is gone when the step ends
    trap "drop_database '$partial'" EXIT
    drop_database "$partial"
    create_database "$partial"
    install_modules "$partial" "${@:2}"
    mark_database "$partial"
    drop_database "$1"
    rename_database "$partial" "$1"
}

# template_name LABEL MODULES [OPTION...]: changes with all that goes into the database.
template_name() {
    echo "$1-$({ odoo_stamp; echo "$2 ${*:3}"; [[ ,$2 != *,customer_mgmt* ]] || addons_checksum; } | checksum)"
}

# template LABEL MODULES [OPTION...]: prints the name of a database with these modules installed, made if it does not
# exist yet for this very code; older ones of the same label are dropped. MODULES "ours" stands for our addons.
template() {
    local label=$1 modules=${2/#ours/$(addons)} name old
    name=$(template_name "$label" "$modules" "${@:3}")
    (
        flock 7
        if ! database_exists "$name"; then
            for old in $(sql -c "SELECT datname FROM pg_database WHERE datname LIKE '$label-____________%'" postgres); do drop_database "$old"; done
            step "Database \"$label\"" build_database "$name" "$modules" "${@:3}"
        fi
    ) 7>"$STATE/template-$label.lock"
    echo "$name"
}
