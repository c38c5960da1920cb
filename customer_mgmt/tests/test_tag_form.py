import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as some

from odoo.tests import BaseCase, tagged

from odoo.addons.customer_mgmt.tools import search_key, tag

TEXTS = some.text(max_size=80)
WORDS = some.text("abcdefghij 客户貴賓電腦", min_size=1, max_size=12)
# Traditional and simplified of one character each, and together.
SCRIPTS = [
    ("電", "电"),
    ("腦", "脑"),
    ("貴", "贵"),
    ("賓", "宾"),
    ("臺", "台"),
    ("灣", "湾"),
    ("體", "体"),
    ("戶", "户"),
]
# Also with what chooses a colourful look, and what nobody sees.
SYMBOLS = "!?.,-…★☆·—！？ ❤\ufe0f\u200b\u3164"
REPEATABLE = settings(derandomize=True, deadline=None, max_examples=200, database=None)


@tagged("post_install", "-at_install")
class TestTagForm(BaseCase):
    """What holds for the normal form of every name there could be."""

    def test_every_chinese_character(self):
        """No character is left whose simplified form has another normal form than itself."""
        simplify = search_key._TO_SIMPLIFIED.convert
        chinese = re.compile(f"[{search_key.CHINESE}]").fullmatch
        characters = [character for character in map(chr, range(0x3000, 0x32400)) if chinese(character)]
        self.assertGreater(len(characters), 90_000)
        forms = {character: tag.normal_form(character) for character in characters}
        self.assertEqual([one for one in characters if tag.normal_form(simplify(one)) != forms[one]], [])
        self.assertEqual([one for one, form in forms.items() if tag.normal_form(form) != form], [])

    @REPEATABLE
    @given(TEXTS)
    def test_normal_forms_are_normal(self, text):
        """The normal form of a normal form is itself."""
        form = tag.normal_form(text)
        self.assertEqual(tag.normal_form(form), form)

    @REPEATABLE
    @given(WORDS)
    def test_case_width_and_blanks_say_nothing(self, text):
        """A name written large, wide or with blanks around it is the same name."""
        wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)
        for other in (text.upper(), text.title(), wide, f"  {text}\u3000", text.replace(" ", " \t "), f"\u200b{text}"):
            self.assertEqual(tag.normal_form(other), tag.normal_form(text))

    @REPEATABLE
    @given(some.lists(some.sampled_from(SCRIPTS), max_size=8), TEXTS)
    def test_scripts_say_nothing(self, characters, around):
        """Traditional and simplified characters make the same name, whatever stands around them."""
        traditional, simplified = (around + "".join(pair[script] for pair in characters) for script in (0, 1))
        self.assertEqual(tag.normal_form(traditional), tag.normal_form(simplified))

    @REPEATABLE
    @given(TEXTS, TEXTS)
    def test_parts_stay_parts(self, one, other):
        """Simplifying looks at no neighbours: a search for a part finds the whole."""
        one, other = unicodedata.normalize("NFC", one), unicodedata.normalize("NFC", other)
        self.assertEqual(search_key._simplify(one + other), search_key._simplify(one) + search_key._simplify(other))

    @REPEATABLE
    @given(some.text(SYMBOLS, max_size=80), some.sampled_from("a1贵ж٣हあ"), some.integers(0, 80))
    def test_symbols(self, symbols, letter, place):
        """Symbols and what nobody sees are no name; one letter or digit of any script among them makes it one."""
        self.assertTrue(tag.is_symbol_only(symbols))
        self.assertFalse(tag.is_symbol_only(symbols[:place] + letter + symbols[place:]))

    @REPEATABLE
    @given(TEXTS, TEXTS)
    def test_nothing_is_too_strange(self, one, other):
        """Whatever was typed, there is an answer."""
        self.assertIsInstance(tag.is_symbol_only(one), bool)
        self.assertIsInstance(tag.is_near(one, other), bool)

    @REPEATABLE
    @given(WORDS, WORDS)
    def test_near_is_mutual(self, one, other):
        """Near names are near each other, and none is near itself."""
        self.assertEqual(tag.is_near(one, other), tag.is_near(other, one))
        self.assertFalse(tag.is_near(one, one))

    @REPEATABLE
    @given(some.text("abcdefgh", min_size=4, max_size=20), some.integers(0, 19), some.sampled_from("xyz"))
    def test_one_slip_is_near(self, text, place, letter):
        """One letter more, or another one in its place, is a near name, from either side."""
        place %= len(text)
        for other in (text[:place] + letter + text[place:], text[:place] + letter + text[place + 1 :]):
            self.assertTrue(tag.is_near(text, other))
            self.assertTrue(tag.is_near(other, text))
