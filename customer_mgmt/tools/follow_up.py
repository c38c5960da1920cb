"""What makes a follow-up worth counting, without the ORM."""

import hashlib
import re
import unicodedata
from datetime import timedelta

# A contact that was recorded later than this after it took place is flagged.
RECORDED_WITHIN = timedelta(hours=48)
# A text of fewer characters says nothing.
MINIMUM_LENGTH = 5
# The same text about that many customers within that time was copied.
COPIES, COPIED_WITHIN = 3, timedelta(hours=24)
# Moved so often to a later day, a next step counts as late even when it is done on the last one.
POSTPONED_LATE = 2

_SPACES = re.compile(r"\s+")


def plain(text):
    """Return ``text`` (str or None) without differences of width, case and white space.

    >>> plain(" Ｃalled  him\\n twice ")
    'called him twice'
    >>> plain(None)
    ''
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text or "")).strip().casefold()


def text_key(text):
    """Return what the copies of a text have in common (str), or False for a text that says nothing.

    >>> text_key("Wants  a van") == text_key("wants a VAN")
    True
    >>> text_key("ok")
    False
    """
    said = plain(text)
    return hashlib.sha256(said.encode()).hexdigest()[:32] if len(said) >= MINIMUM_LENGTH else False


def is_short(text):
    """Tell whether ``text`` has fewer than five characters that say something.

    >>> is_short("ok!!"), is_short("要七座车型")
    (True, False)
    """
    return len(plain(text)) < MINIMUM_LENGTH


def is_late(took_place, recorded):
    """Tell whether a contact (datetime) was recorded (datetime) more than 48 hours after it.

    >>> from datetime import datetime
    >>> monday = datetime(2026, 3, 2, 9)
    >>> is_late(monday, datetime(2026, 3, 4, 9)), is_late(monday, datetime(2026, 3, 4, 10))
    (False, True)
    """
    return recorded - took_place > RECORDED_WITHIN
