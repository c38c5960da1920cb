# shellcheck shell=bash
# What every command in setup/ shares: where things are, how it speaks, how a step is timed and reported.

set -euo pipefail
shopt -s inherit_errexit

PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
SETUP=$PROJECT/setup
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

# step LABEL COMMAND...: runs a command with its output in a log file, shows how long it took, and when it fails the
# end of that log with the cause in plain words. Runs in a subshell, so that `set -e` holds inside functions too.
step() {
    local label=$1 started=$SECONDS status
    shift
    local log
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
        tail -n 15 "$log" >&2
        die "$label: $(explain "$log") (whole log: $log)"
    fi
    printf '%s s\n' $((SECONDS - started)) >&2
    printf '%s\t%s\n' "$label" $((SECONDS - started)) >>"$LOG/steps.tsv"
}

# explain LOG: the usual causes of a failed step, said so that one knows what to do.
explain() {
    if grep -qi 'no space left on device' "$1"; then
        echo "the disk is full; free $NEED_MB MB at $STATE and run this again"
    elif grep -qiE 'could not resolve|temporary failure|network is unreachable|failed to fetch|dns error|error sending request|connection refused|connection timed out|cannot initiate the connection|unable to connect|name or service not known' "$1"; then
        echo "no network; check the connection or the proxy settings of apt and pip, then run this again (it goes on where it stopped)"
    elif grep -q 'THESE PACKAGES DO NOT MATCH THE HASHES\|Hash mismatch' "$1"; then
        echo "a downloaded package is not the one recorded in setup/locks; nothing was installed"
    else
        echo "see the lines above"
    fi
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

prepare_state() {
    mkdir -p "$LOG" 2>/dev/null || die "cannot write to $STATE; set ODOO_HOME to a directory of yours"
    [ -w "$STATE" ] || die "cannot write to $STATE; set ODOO_HOME to a directory of yours"
}

check_space() {
    local free
    free=$(df -Pm "$STATE" | awk 'NR == 2 {print $4}')
    [ "$free" -ge $NEED_MB ] || die "$STATE has $free MB free and $NEED_MB MB are needed; free some or set ODOO_HOME"
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
