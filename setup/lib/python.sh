# shellcheck shell=bash
# The virtual environment that runs Odoo and the tests, installed from locks with hashes.

VENV=$STATE/venv
UV=$STATE/tools/bin/uv
export UV_CACHE_DIR=${UV_CACHE_DIR:-$STATE/uv} # links into the environments: takes no room of its own

install_uv() {
    rm -rf "$STATE/tools"
    "$1" -m venv "$STATE/tools"
    "$STATE/tools/bin/pip" install -q --no-cache-dir --disable-pip-version-check --require-hashes -r "$LOCKS/requirements-uv.txt"
}

# ensure_uv PYTHON
ensure_uv() { "$UV" --version >/dev/null 2>&1 || step "Package installer" install_uv "$1"; }

# uv_install VENV OPTION...; --no-deps: the locks are complete, and one override (pycairo, source only) must stay out.
uv_install() { "$UV" pip install -q --no-deps --require-hashes --python "$1/bin/python" "${@:2}"; }

install_venv() {
    rm -rf "$VENV"
    "$UV" venv -q --python "$1" "$VENV"
    uv_install "$VENV" -r "$LOCKS/requirements.txt" -r "$LOCKS/requirements-test.txt" -r "$LOCKS/requirements-data.txt"
    "$VENV/bin/python" "$SETUP/register_odoo.py" "$ODOO_TREE"
    # The PDF engine Odoo calls: our front end for Chromium, run by this very Python.
    sed "1s|.*|#!$VENV/bin/python|" "$SETUP/wkhtmltopdf" >"$VENV/bin/wkhtmltopdf"
    chmod +x "$VENV/bin/wkhtmltopdf"
}

venv_stamp() {
    { cat "$LOCKS"/requirements*.txt "$SETUP/register_odoo.py" "$SETUP/wkhtmltopdf" "$SETUP/lib/python.sh"; "$1" -V; echo "$ODOO_TREE"; } | checksum
}

ensure_python() {
    local python
    python=$(find_python) || die "no Python from 3.10 to 3.13 on this machine; install one and name it in ODOO_PYTHON"
    [ ! -e "$VENV/stamp-$(venv_stamp "$python")" ] || return 0
    check_space
    ensure_uv "$python"
    step "Python packages" install_venv "$python"
    touch "$VENV/stamp-$(venv_stamp "$python")" # last: an interrupted installation has no stamp and is made anew
}
