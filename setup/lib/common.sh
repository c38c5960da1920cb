# shellcheck shell=bash
# What every command in setup/ shares: where things are, how it speaks, how a step is timed and reported.

set -euo pipefail
shopt -s inherit_errexit

PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
SETUP=$PROJECT/setup
# shellcheck disable=SC2034 # used by the other parts
LOCKS=$SETUP/locks
STATE=$(realpath -m "${ODOO_HOME:-$PROJECT/.odoo}") # everything we make; removing it is the uninstall
LOG=$STATE/log
NEED_MB=3000 # a whole provisioning takes 1.9 GB, a test run another 0.5 GB

say() { printf '==> %s\n' "$*" >&2; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# usage FILE: the comment block at the head of a command is its help.
usage() {
    sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$1"
    exit 0
}

# checksum: of standard input, short enough to be part of a name.
checksum() { sha256sum | cut -c1-12; }

# step LABEL COMMAND...: runs a command with its output in a log file and shows how long it took; when it fails, says the
# cause and what to do. Runs in a subshell, so that `set -e` holds inside functions too.
step() {
    local label=$1 started=$SECONDS status log
    shift
    log=$LOG/$(tr -cs 'a-zA-Z0-9\n' '-' <<<"$label").log
    printf '==> %s ... ' "$label" >&2
    set +e
    (
        set -e
        "$@"
    ) >"$log" 2>&1
    status=$?
    set -e
    if [ $status != 0 ]; then
        printf 'failed after %s s\n' $((SECONDS - started)) >&2
        explain "$label" "$log"
    fi
    printf '%s s\n' $((SECONDS - started)) >&2
    printf '%s\t%s\n' "$label" $((SECONDS - started)) >>"$LOG/steps.tsv"
}

NETWORK_ERRORS='could not resolve|temporary failure|network is unreachable|failed to fetch|dns error|error sending request'
NETWORK_ERRORS+='|connection timed out|cannot initiate the connection|unable to connect|could not connect to|name or service not known'
NETWORK_ERRORS+='|failed to establish a new connection'

# explain LABEL LOG: ends the command with the cause of a failed step: the usual ones in plain words, of any other the
# end of the log. A full disk also keeps the log from saying so.
explain() {
    if [ "$(free_mb)" -lt 20 ] || grep -qi 'no space left on device' "$2"; then
        die "$1: the disk is full; free some room at $STATE (a whole installation takes $NEED_MB MB) and run this again"
    elif grep -qiE "$NETWORK_ERRORS" "$2"; then
        die "$1: no network; check the connection and the proxy settings of apt and pip, then run this again, it goes on where it stopped (log: $2)"
    elif grep -qi 'do not match the hashes\|hash mismatch' "$2"; then
        die "$1: a downloaded package is not the one recorded in setup/locks; nothing was installed (log: $2)"
    fi
    tail -n 15 "$2" >&2
    die "$1: see the lines above (whole log: $2)"
}

# on_exit COMMAND: what is still to be tidied when this command ends, however it ends; last registered runs first.
EXIT_COMMANDS=()
on_exit() { EXIT_COMMANDS=("$1" "${EXIT_COMMANDS[@]}"); }
run_exit_commands() {
    local status=$? command
    trap '' INT TERM HUP
    for command in "${EXIT_COMMANDS[@]}"; do eval "$command" || true; done
    exit $status
}
trap run_exit_commands EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

free_mb() { df -Pm "$STATE" | awk 'NR == 2 {print $4}'; }

# What an interrupted installation has already written counts as room.
check_space() {
    local needed
    needed=$((NEED_MB - $(du -sm "$STATE" 2>/dev/null | cut -f1)))
    [ "$(free_mb)" -ge $needed ] || die "$STATE has $(free_mb) MB free and needs $needed MB; free some, or set ODOO_HOME to a larger disk"
}

# White space ends the interpreter's name in the first line of a script, a comma an entry of Odoo's addons path.
prepare_state() {
    local strange='[[:space:],"%]'
    [[ ! $PROJECT$STATE =~ $strange ]] ||
        die "a path with a space, comma, quote or percent sign cannot be used: $PROJECT, $STATE; move the project or set ODOO_HOME"
    mkdir -p "$LOG" 2>/dev/null && [ -w "$STATE" ] || die "cannot write to $STATE; set ODOO_HOME to a directory of yours"
}

# Only one command provisions at a time; another waits, and then finds everything done.
lock_state() {
    exec 9>"$STATE/lock"
    if ! flock -n 9; then
        say "another setup command is at work here; waiting for it"
        flock 9
    fi
    : >"$LOG/steps.tsv"
}
unlock_state() { exec 9>&-; }
