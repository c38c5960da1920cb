"""Normal forms of names, telephone numbers and other texts by which a partner is found.

A search key is one text with every form on a line of its own, framed by line ends. A search for a part of a form looks
for that part, a search for the whole form looks for it between two line ends: one trigram index serves both.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator

import opencc
import phonenumbers
from phonenumbers import PhoneNumberFormat
from pypinyin import lazy_pinyin

CHINESE = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_CHINESE_RUN = re.compile(f"[{CHINESE}]+")
_WORD_OR_CHINESE_RUN = re.compile(f"[{CHINESE}]+|[a-z0-9]+")
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_PHONE_LOOKING = re.compile(r"[\d\s+.()/‐‑‒–—-]+")
_LATIN_WORDS = re.compile(r"[a-z0-9]+([ '’][a-z0-9]+)+")


# Raised with every change of what a key looks like: keys of before are then made anew (res_partner_search_key.py).
FORM_VERSION = 3

# What nobody sees, though to Unicode it is a mark or a letter: fillers, and what chooses the look of a sign before it.
_UNSEEN = frozenset(map(chr, (0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10))))
_UNSEEN |= frozenset(map(chr, range(0xE0100, 0xE01F0)))


def normalize(text: str) -> str:
    """Return ``text`` as it is compared: without differences of case, width, accents, white space and script.

    >>> normalize("  ＡＢＣ  Société\\tGénérale ")
    'abc societe generale'
    >>> normalize("Straße"), normalize("北京　科技"), normalize("がㅎ")
    ('strasse', '北京 科技', 'がᄒ')

    Invisible marks, which come along when a number is copied from a telephone, are dropped.

    >>> normalize("\\u202d138 0013\\u200b 8000\\u202c")
    '138 0013 8000'

    So is what only chooses the look of a sign, which telephones add by themselves, and what fills an empty place.

    >>> normalize("VIP\\u2764\\ufe0f") == normalize("vip\\u2764"), normalize("\\u3164")
    (True, '')

    Traditional Chinese characters become simplified ones, each by itself, so that a part is found in its whole.

    >>> normalize("臺灣電腦"), normalize("台湾电脑")
    ('台湾电脑', '台湾电脑')
    """
    return _simplify(_fold(text))


def _fold(text: str) -> str:
    """Return ``text`` as ``normalize`` does, in whichever script it is written."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if not text.isascii():
        letters = (
            letter
            for letter in unicodedata.normalize("NFD", text)
            if not ("\u0300" <= letter <= "\u036f" or letter in _UNSEEN or unicodedata.category(letter) == "Cf")
        )
        text = unicodedata.normalize("NFC", "".join(letters))
    return " ".join(text.split())


# -- Chinese ---------------------------------------------------------------------------------------------------------

_TO_SIMPLIFIED = opencc.OpenCC("t2s")


@functools.cache  # at most as many entries as there are characters
def _simplify_character(character: str) -> str:
    """Return the simplified form of one Chinese character.

    What 薴 becomes is written like another traditional character, which a search would take it for: both become one.

    >>> _simplify_character("薴"), _simplify_character("苧"), _simplify_character("苎")
    ('苎', '苎', '苎')
    """
    return _TO_SIMPLIFIED.convert(_TO_SIMPLIFIED.convert(character))


def _simplify(text: str) -> str:
    """Return ``text`` with simplified characters."""
    return text if text.isascii() else _CHINESE_RUN.sub(lambda run: "".join(map(_simplify_character, run[0])), text)


@functools.cache  # at most as many entries as there are characters
def _read_character(character: str) -> str:
    """Return the most common reading of one Chinese character; empty if it has none."""
    return "".join(lazy_pinyin(character, errors="ignore"))


@functools.lru_cache(maxsize=4096)  # a company's name comes again with each of its contact persons
def _read_run(run: str) -> tuple[str, ...]:
    """Return the reading of each character in the words that ``run`` is made of."""
    return tuple(lazy_pinyin(run, errors="ignore"))


def _syllables(normal: str, read=_read_run) -> list[str]:
    """Return the syllables of Chinese characters, and other words and numbers as they are."""
    syllables = []
    for part in _WORD_OR_CHINESE_RUN.findall(normal):
        syllables += read(part) if _CHINESE_RUN.match(part) else (part,)
    return syllables


def _initials(normal: str, read) -> str:
    """Return the first letter of every syllable, and other words and numbers whole."""
    parts = _WORD_OR_CHINESE_RUN.findall(normal)
    return "".join(
        "".join(syllable[:1] for syllable in read(part)) if _CHINESE_RUN.match(part) else part for part in parts
    )


def _read_characters(run: str) -> list[str]:
    """Return the reading that each character of ``run`` has on its own."""
    return [_read_character(character) for character in run]


def reading(text: str) -> str:
    """Return ``text`` read character by character, without blanks; empty without Chinese characters.

    The reading of a part is a part of the reading, whatever stands around it. That makes it a companion of every
    search in Chinese: trigrams need three characters, which Chinese words seldom have and their readings always have.

    >>> reading("华信"), reading("IBM 中国"), reading("Acme")
    ('huaxin', 'ibmzhongguo', '')
    """
    normal = normalize(text)
    return "".join(_syllables(normal, _read_characters)) if _CHINESE_RUN.search(normal) else ""


def pinyin_forms(name: str) -> list[str]:
    """Return how a Chinese name is typed without Chinese characters: in full, and by initials.

    >>> pinyin_forms("北京科技")
    ['beijingkeji', 'bjkj']
    >>> pinyin_forms("IBM（中国） 2 部"), pinyin_forms("Acme Ltd")
    (['ibmzhongguo2bu', 'ibmzg2b'], [])

    A character with several readings is found by the one it has in its word, and by its most common one.

    >>> pinyin_forms("重庆银行")
    ['chongqingyinhang', 'cqyh', 'zhongqingyinxing', 'zqyx']

    A traditional name is also found by the reading it has as it is written: 乾 is 干, but not in 乾隆.

    >>> pinyin_forms("乾隆")
    ['ganlong', 'gl', 'qianlong', 'ql']
    """
    folded = _fold(name)
    if not _CHINESE_RUN.search(folded):
        return []
    forms = []
    for text in dict.fromkeys((_simplify(folded), folded)):
        for read in (_read_run, _read_characters):
            forms += ["".join(_syllables(text, read)), _initials(text, read)]
    return list(dict.fromkeys(filter(None, forms)))


# -- telephone numbers -----------------------------------------------------------------------------------------------


def _digits(normal: str) -> str:
    """Return the digits of a telephone number, without the marks for dialling abroad and the optional trunk zero.

    >>> _digits("+49 (0)89 1234-567"), _digits("0086 138"), _digits("001")
    ('49891234567', '86138', '001')
    """
    digits = re.sub(r"\D", "", _TRUNK_ZERO.sub("", normal))
    return digits[2:] if digits.startswith("00") and len(digits) >= 5 else digits


@functools.lru_cache(maxsize=4096)  # the number as typed and its E.164 form are often the same but for blanks
def _international_forms(number: str) -> tuple[str, ...]:
    """Return the E.164 digits and the national form of "+" and digits; nothing if there is no such number."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ()
    if not phonenumbers.is_valid_number(parsed):
        return ()
    formats = (PhoneNumberFormat.E164, PhoneNumberFormat.NATIONAL)
    return tuple(re.sub(r"\D", "", phonenumbers.format_number(parsed, format_)) for format_ in formats)


def _full_number(normal: str) -> str:
    """Return "+" and the digits of a number that says its country; empty for any other."""
    return f"+{_digits(normal)}" if normal.startswith(("+", "00")) else ""


def phone_forms(number: str, e164: str | None = None) -> list[str]:
    """Return the digits of a number as typed, of its E.164 form, and as dialled within its country.

    >>> phone_forms("010 6250 0000", "+861062500000")
    ['01062500000', '861062500000']
    >>> phone_forms("+86 10 6250 0000"), phone_forms("0086 138 0013 8000")
    (['861062500000', '01062500000'], ['8613800138000', '13800138000'])

    A number of which nothing is known is found by its digits, and by what else was typed.

    >>> phone_forms("６２５０ 0000"), phone_forms("12 Wang"), phone_forms("none"), phone_forms("-")
    (['62500000'], ['12', '12 wang'], ['none'], [])
    """
    normal = normalize(number)
    forms = [_digits(normal)]
    if full := e164 or _full_number(normal):
        forms += _international_forms(full)
    if any(map(str.isalpha, normal)):
        forms.append(normal)
    return list(dict.fromkeys(filter(None, forms)))


# -- keys and queries ------------------------------------------------------------------------------------------------


def text_forms(text: str) -> list[str]:
    """Return the normal form of any text, and its reading if it is Chinese.

    >>> text_forms("Info@Example.com"), text_forms("沪-001")
    (['info@example.com'], ['沪-001', 'hu001'])
    """
    return list(filter(None, (normalize(text), reading(text))))


def name_forms(name: str) -> list[str]:
    """Return the normal form of a name and how it is typed without Chinese characters.

    >>> name_forms("华信"), name_forms("Acme")
    (['华信', 'huaxin', 'hx'], ['acme'])
    """
    return list(filter(None, (normalize(name), *pinyin_forms(name))))


FORMS = {"name": name_forms, "text": text_forms, "number": text_forms, "phone": phone_forms}


def build_key(values: Iterable[tuple[str, str]]) -> str:
    """Return the search key of ``values``, pairs of a kind (one of FORMS) and a text.

    >>> build_key([("name", "华信"), ("name", "华信"), ("number", "C0001"), ("phone", "021-62500000")])
    '\\n华信\\nhuaxin\\nhx\\nc0001\\n02162500000\\n'
    >>> build_key([])
    '\\n'
    """
    terms = dict.fromkeys(form for kind, text in dict.fromkeys(values) for form in FORMS[kind](text))
    return "".join(f"\n{term}" for term in terms) + "\n"


def _phone_queries(normal: str, exact: bool) -> Iterator[str]:
    """Yield the parts of a key that a typed telephone number finds."""
    yield _digits(normal)
    if full := _full_number(normal):
        # The same number may be on file without its country: then it must be all that is there.
        e164, *national = _international_forms(full) or ("",)
        yield e164
        yield from national if exact else (f"\n{form}\n" for form in national)


def query_forms(text: str, exact: bool = False) -> list[tuple[str, ...]]:
    """Return what a typed text is looked up as: alternatives, each a tuple of parts that a key must all contain.

    >>> query_forms("Société")
    [('societe',)]
    >>> query_forms("华信")
    [('华信', 'huaxin')]
    >>> query_forms("beijing keji"), query_forms("xi'an")
    ([('beijing keji',), ('beijingkeji',)], [("xi'an",), ('xian',)])

    What looks like a telephone number is looked up by its digits too.

    >>> query_forms("１３８ 0013-8000")
    [('13800138000',), ('138 0013-8000',)]
    >>> query_forms("+86 (0)10 6250 0000")
    [('861062500000',), ('\\n01062500000\\n',), ('+86 (0)10 6250 0000',)]
    >>> query_forms("12"), query_forms(" ")
    ([('12',)], [])

    With ``exact`` a key must have the text as a whole.

    >>> query_forms("华信", exact=True), query_forms("0086 138", exact=True)
    ([('\\n华信\\n', '\\nhuaxin\\n')], [('\\n86138\\n',), ('\\n0086 138\\n',)])
    """
    normal = normalize(text)
    if _PHONE_LOOKING.fullmatch(normal) and sum(map(str.isdigit, normal)) >= 3:
        forms = [(form,) for form in (*_phone_queries(normal, exact), normal) if form]
    elif _LATIN_WORDS.fullmatch(normal):
        forms = [(normal,), (re.sub(r"\W", "", normal),)]
    else:
        forms = [tuple(filter(None, (normal, reading(normal))))]
    forms = [form for form in dict.fromkeys(forms) if form]
    return [tuple(f"\n{part}\n" for part in form) for form in forms] if exact else forms
