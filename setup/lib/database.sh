# shellcheck shell=bash
# Databases: made once from our addons, then copied. A name without ".partial" means a whole database.

# Every directory with a manifest is an addon of ours.
addons() { (cd "$PROJECT" && for manifest in */__manifest__.py; do dirname "$manifest"; done | paste -sd,); }

# What a database depends on: Odoo and the addons' code and data; not their tests, texts and pictures.
addons_checksum() {
    {
        odoo_stamp
        (cd "$PROJECT" && find $(addons | tr , ' ') -type f -not -path '*/tests/*' -not -path '*/readme/*' \
            -not -path '*/static/*' -not -path '*/__pycache__/*' -print0 | sort -z | xargs -0 sha256sum)
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
    dropdb --if-exists --force "$1" 2>/dev/null
    rm -rf "${DATA:?}/filestore/$1"
}

# LC_CTYPE decides what a letter is: without C.UTF-8 Chinese text has no trigrams and every search scans the table.
create_database() {
    createdb -T template0 -E UTF8 --lc-collate=C --lc-ctype=C.UTF-8 "$1"
    sql -c 'CREATE EXTENSION IF NOT EXISTS pg_trgm' "$1"
    [ "$(sql -c "SELECT show_trgm('北京科技') <> '{}'" "$1")" = t ] ||
        { echo "the database server does not treat Chinese characters as letters (LC_CTYPE must be C.UTF-8)"; return 1; }
}

rename_database() {
    sql -c "ALTER DATABASE \"$1\" RENAME TO \"$2\"" postgres
    [ ! -d "$DATA/filestore/$1" ] || mv "$DATA/filestore/$1" "$DATA/filestore/$2"
}

# Files of a filestore are never changed in place, so a copy can share them.
copy_database() {
    createdb -T "$1" "$2"
    [ ! -d "$DATA/filestore/$1" ] || cp -al "$DATA/filestore/$1" "$DATA/filestore/$2"
}

# install_modules DATABASE MODULES [OPTION...]: fails on a WARNING or ERROR of the server too.
install_modules() {
    local database=$1 modules=$2
    shift 2
    "$VENV/bin/odoo" -d "$database" -i "$modules" --load-language=en_US,zh_CN --stop-after-init --max-cron-threads=0 --no-http "$@" 2>&1 | tee "$LOG/$database.log"
    "$VENV/bin/python" "$SETUP/check_log.py" "$LOG/$database.log"
}

# build_database NAME MODULES [OPTION...]
build_database() {
    local partial=$1.partial
    drop_database "$partial"
    create_database "$partial"
    install_modules "$partial" "${@:2}"
    rename_database "$partial" "$1"
}

# template LABEL MODULES [OPTION...]: prints the name of a database with these modules installed, made if it does not
# exist yet for this very code; older ones of the same label are dropped. MODULES "ours" stands for our addons.
template() {
    local label=$1 modules=$2 name old
    shift 2
    [ "$modules" != ours ] || modules=$(addons)
    name=$label-$({ odoo_stamp; echo "$modules $*"; case ,$modules, in *,customer_mgmt*) addons_checksum ;; esac; } | checksum)
    (
        flock 7
        if ! database_exists "$name"; then
            for old in $(sql -c "SELECT datname FROM pg_database WHERE datname LIKE '$label-____________%'" postgres); do drop_database "$old"; done
            step "Database \"$label\"" build_database "$name" "$modules" "$@"
        fi
    ) 7>"$STATE/template-$label.lock"
    echo "$name"
}
