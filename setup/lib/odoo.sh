# shellcheck shell=bash
# The Odoo source tree: Debian's odoo-19 package, unpacked in our own folder, or the tree named by ODOO_SOURCE.
# Nothing here touches the system's apt or dpkg.

DEBS=$STATE/debs
ODOO_ROOT=$STATE/root
ODOO_TREE=$ODOO_ROOT/usr/lib/python3/dist-packages # holds the package "odoo"
CORE_ADDONS= # a checkout keeps most of Odoo's addons beside the package

# DEBIAN_MIRROR, else where the machine's own apt gets Debian from; before its first update only its sources know.
debian_mirror() {
    [ -z "${DEBIAN_MIRROR:-}" ] || { echo "$DEBIAN_MIRROR"; return; }
    # shellcheck disable=SC2016 # $(REPO_URI) is for apt-get to fill in
    { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 2>/dev/null || true; apt_sources; } | sed -n 1p
}

apt_sources() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
        grep -v '^#' | grep -oE '(https?|file|copy)://[^ ]*/debian/?' || true
}

# A private apt: signatures are checked against the keys in setup/locks, /etc/apt and /var/lib/apt are left alone.
# Only the dates are not checked, because a mirror may lag; the recorded checksum makes up for it.
private_apt_config() {
    local apt=$STATE/apt mirror arch suite
    arch=$(dpkg --print-architecture)
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || { echo "Debian's archive is unknown on this machine; name it in DEBIAN_MIRROR"; return 1; }
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    : >"$apt/status"
    for suite in trixie sid; do
        echo "deb [arch=$arch signed-by=$LOCKS/debian-archive.asc] $mirror $suite main"
    done >"$apt/sources.list"
    cat >"$apt/apt.conf" <<CONF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Architectures;
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Sandbox::User "";
APT::Default-Release "";
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::Etc::Trusted "/dev/null";
Dir::Etc::TrustedParts "/dev/null";
Dir::State "$apt";
Dir::State::Lists "$apt/lists";
Dir::State::Status "$apt/status";
Dir::Cache "$apt/cache";
Dir::Log "$apt";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::Check-Valid-Until "false";
Acquire::Check-Date "false";
Acquire::AllowInsecureRepositories "false";
CONF
}

# Lines "package suite version sha256", Odoo first.
recorded_debs() { grep -v '^#' "$LOCKS/debs.txt" | grep .; }

download_debs() {
    private_apt_config
    local partial=$DEBS.partial
    rm -rf "$partial" && mkdir -p "$partial"
    apt-get -qq -c="$STATE/apt/apt.conf" -o APT::Update::Error-Mode=any update
    (cd "$partial" && recorded_debs | awk '{print $1 "/" $2}' | xargs apt-get -qq -c="$STATE/apt/apt.conf" download)
    rm -rf "$DEBS" && mv "$partial" "$DEBS"
}

is_as_recorded() { [ "$(cat "$DEBS/$1"_*.deb 2>/dev/null | sha256sum | cut -d' ' -f1)" = "$2" ]; }

# Odoo itself must be the very package the tests ran on. Fonts and scripts may move with Debian's point releases:
# apt has checked their signatures, so a newer one is only mentioned.
ensure_debs() {
    local name _suite version sum
    read -r name _suite version sum < <(recorded_debs)
    if ! is_as_recorded "$name" "$sum"; then
        command -v apt-get >/dev/null ||
            die "Odoo comes from Debian's archive, which needs apt-get here; elsewhere name an Odoo 19 source tree in ODOO_SOURCE"
        step "Downloading Odoo 19 (130 MB)" download_debs
        is_as_recorded "$name" "$sum" ||
            die "Debian's $name is no longer the recorded $version (checksum differs). Record the new one with setup/lock --debs and run the tests, or use an Odoo of yours with ODOO_SOURCE"
    fi
    while read -r name _suite version sum; do
        is_as_recorded "$name" "$sum" || say "note: $name is newer than the recorded $version; its signature was checked"
    done < <(recorded_debs)
}

unpack_debs() {
    local partial=$ODOO_ROOT.partial deb tree
    rm -rf "$partial" && mkdir -p "$partial"
    for deb in "$DEBS"/*.deb; do dpkg-deb -x "$deb" "$partial"; done
    tree=$partial/usr/lib/python3/dist-packages
    rm -rf "$tree/addons" "$tree/doc" "$tree/setup" # stray duplicates that shadow top-level import names
    # The package leaves this file out but still names it in an asset bundle, which breaks every browser test.
    local stub=$tree/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js
    mkdir -p "$(dirname "$stub")"
    [ -e "$stub" ] || echo '/* not in the Debian package: no background blur in calls */' >"$stub"
    local dangling
    dangling=$(find -L "$tree" -type l -print -quit)
    [ -z "$dangling" ] || { echo "a link in the Odoo tree leads nowhere: $dangling"; return 1; }
    rm -rf "$ODOO_ROOT" && mv "$partial" "$ODOO_ROOT"
}

use_odoo_source() {
    ODOO_TREE=$(realpath -m "$ODOO_SOURCE")
    grep -q '^version_info = (19, 0' "$ODOO_TREE/odoo/release.py" 2>/dev/null ||
        die "ODOO_SOURCE=$ODOO_SOURCE holds no Odoo 19.0 (odoo/release.py is missing or names another version)"
    # shellcheck disable=SC2034 # used in database.sh
    [ ! -d "$ODOO_TREE/addons" ] || CORE_ADDONS=$ODOO_TREE/addons
}

# What stands for the code of Odoo in the names of databases and folders.
odoo_stamp() {
    {
        cat "$LOCKS/debs.txt"
        declare -f unpack_debs
        [ -z "${ODOO_SOURCE:-}" ] || { echo "$ODOO_TREE"; git -C "$ODOO_TREE" rev-parse HEAD 2>/dev/null || true; }
    } | checksum
}

ensure_odoo() {
    if [ -n "${ODOO_SOURCE:-}" ]; then
        use_odoo_source
        return
    fi
    [ ! -e "$ODOO_ROOT/stamp-$(odoo_stamp)" ] || return 0
    check_space
    ensure_debs
    step "Unpacking Odoo" unpack_debs
    touch "$ODOO_ROOT/stamp-$(odoo_stamp)"
}
