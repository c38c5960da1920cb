# shellcheck shell=bash
# The one entry for commands: `. lib/provision.sh; provision keep|test` and everything they need stands.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$SETUP/lib/system.sh"
. "$SETUP/lib/odoo.sh"
. "$SETUP/lib/python.sh"
. "$SETUP/lib/postgres.sh"
. "$SETUP/lib/database.sh"

# provision SIDE: "keep" is the data people work on, "test" is thrown away. Leaves the state locked until the command
# has made its databases and calls unlock_state.
provision() {
    prepare_state
    lock_state
    ensure_system
    ensure_odoo
    ensure_python
    ensure_postgres "$1"
    write_config "$1"
    export PATH=$VENV/bin:$PATH
}
