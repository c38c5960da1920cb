# shellcheck shell=bash
# What must come from the operating system: a Python, Chromium, fonts, three libraries.

# The first Python from 3.10 to 3.13 that can make virtual environments; ODOO_PYTHON overrides the search.
usable_python() { "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
    local candidate
    if [ -n "${ODOO_PYTHON:-}" ]; then
        usable_python "$ODOO_PYTHON" && command -v "$ODOO_PYTHON"
        return
    fi
    for candidate in python3.11 python3.12 python3.13 python3.10 python3; do
        # Links are followed: the Python of an activated virtual environment may be about to be replaced.
        usable_python "$candidate" && realpath "$(command -v "$candidate")" && return
    done
    return 1
}

find_chromium() {
    local name
    for name in chromium google-chrome google-chrome-stable chromium-browser; do
        command -v $name && return
    done
    return 1
}

# The answers are read to their end: `| grep -q` would stop the asked command, which `pipefail` takes for a failure.
has_library() { grep -q "$1" <<<"$({ ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null)"; }

has_chinese_font() { [ -n "$(fc-list :lang=zh-cn 2>/dev/null)" ]; }

missing_packages() {
    find_python >/dev/null || echo python3 python3-venv
    find_chromium >/dev/null || echo chromium fonts-liberation
    has_chinese_font || echo fontconfig fonts-noto-cjk
    [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
    has_library 'libcairo\.so\.2' || echo libcairo2
    has_library 'libmagic\.so\.1' || echo libmagic1
}

apt_install() {
    apt-get -qq -o APT::Update::Error-Mode=any update
    # A machine that has just started may be busy with its own updates: wait for them.
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
}

# Root installs what is missing; anyone else is told the one command to have run.
ensure_system() {
    if [ -n "${ODOO_PYTHON:-}" ] && ! usable_python "$ODOO_PYTHON"; then
        die "ODOO_PYTHON=$ODOO_PYTHON is no Python from 3.10 to 3.13 with venv; name another or unset it"
    fi
    local missing
    read -ra missing <<<"$(missing_packages | tr '\n' ' ')"
    [ ${#missing[@]} = 0 ] && return
    command -v apt-get >/dev/null || die "please install, with your system's package manager: ${missing[*]}"
    [ "$(id -u)" = 0 ] || die "some system packages are missing. Have an administrator run:  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    step "System packages" apt_install "${missing[@]}"
}
