"""Every text of ours is exported, and every one is translated into Chinese."""

import polib
import pytest

from tests.support.addons import ADDONS
from tests.support.databases import PROJECT
from tests.support.server import run_command

# Names that Chinese uses as they are; a translation equal to its text is left empty by the checker of po files.
SAME_IN_CHINESE = {"Facebook", "Instagram", "KakaoTalk", "LINE", "QQ", "Telegram", "WhatsApp"}


@pytest.mark.parametrize("addon", ADDONS)
def test_pot_is_current(addon, template, tmp_path):
    """The committed template of translations holds exactly the texts that Odoo finds in the addon now."""
    run_command("i18n", "export", "-d", template, addon, "-l", "pot", "-o", str(tmp_path / "now.pot"))
    now = {entry.msgid for entry in polib.pofile(str(tmp_path / "now.pot"))}
    committed = {entry.msgid for entry in polib.pofile(str(PROJECT / addon / "i18n" / f"{addon}.pot"))}
    assert committed == now, f"run: setup/odoo i18n export -d customer_mgmt_demo {addon} -l pot"


@pytest.mark.parametrize("addon", ADDONS)
def test_chinese_is_complete(addon):
    """zh_CN translates every text; none is fuzzy, and none is an accidental copy of a whole English sentence."""
    texts = {entry.msgid for entry in polib.pofile(str(PROJECT / addon / "i18n" / f"{addon}.pot"))}
    chinese = {entry.msgid: entry for entry in polib.pofile(str(PROJECT / addon / "i18n" / "zh_CN.po"))}
    assert set(chinese) == texts
    lacking = {msgid for msgid, entry in chinese.items() if not entry.msgstr or entry.fuzzy} - SAME_IN_CHINESE
    copied = [msgid for msgid, entry in chinese.items() if entry.msgstr == msgid and " " in msgid.strip()]
    assert not lacking and not copied
