"""The words of a message, without its layout and without what it quotes."""

import re

from lxml import html

from odoo.tools.mail import is_html_empty

# Odoo marks what a mail repeats of earlier ones, and signatures.
QUOTED = "//blockquote | //*[@data-o-mail-quote] | //*[@data-o-mail-quote-container] | //style | //script"
# Elements behind which a line ends, those that begin one as well, and those that stand beside each other.
LINES = "//br | //p | //div | //li | //tr | //pre | //h1 | //h2 | //h3 | //h4 | //h5 | //h6"
BLOCKS = "//p | //div | //li | //table | //pre | //h1 | //h2 | //h3 | //h4 | //h5 | //h6"
CELLS = "//td | //th"
# The names and numbers of those who meet, which Odoo adds to the description of a meeting: a bold title, a name, links.
DETAILS = (
    "//strong[following-sibling::*[1][self::br] and following-sibling::*[2][self::br] and "
    "following-sibling::*[3][self::a[starts-with(@href, 'mailto:') or starts-with(@href, 'tel:')]]]"
)
_BREAKS = re.compile(r"\s*\n\s*")


def words_of(body, is_meeting=False):
    """Return the plain text (str) of ``body`` (HTML or None), in lines as it shows.

    Of the description of a meeting (``is_meeting``) without the details of who meets, which Odoo adds to it.

    >>> words_of("<p>We take <b>three</b>.</p><blockquote><p>How many?</p></blockquote>")
    'We take three.'
    >>> words_of("One<br>Two<p>Three &amp; four</p>five")
    'One\\nTwo\\nThree & four\\nfive'
    >>> words_of("Prices:<table><tr><th>Van</th><td>9</td></tr><tr><th>Bus</th></tr></table><h4>Terms</h4>none")
    'Prices:\\nVan 9\\nBus\\nTerms\\nnone'
    >>> details = "<br><strong>Guest</strong><br>Ann<br><a href='tel:1'>1</a><br>"
    >>> words_of(f"<div><p>Drove it.</p>{details}{details}<p>Call her.</p></div>", is_meeting=True)
    'Drove it.\\nCall her.'
    >>> words_of("<p><br></p>"), words_of(None)
    ('', '')
    """
    if is_html_empty(body):
        return ""
    tree = html.fragment_fromstring(str(body), create_parent="div")
    for quoted in tree.xpath(QUOTED):
        quoted.drop_tree()
    if is_meeting:
        _drop_details(tree)
    for element in tree.xpath(LINES):
        element.tail = "\n" + (element.tail or "")
    for element in tree.xpath(BLOCKS):
        element.text = "\n" + (element.text or "")
    for element in tree.xpath(CELLS):
        element.tail = " " + (element.tail or "")
    return _BREAKS.sub("\n", tree.text_content().replace("\xa0", " ")).strip()


def _drop_details(tree):
    """Remove the details of who meets from the description of a meeting, up to the next paragraph."""
    for title in tree.xpath(DETAILS):
        for element in [title, *title.itersiblings()]:
            # The second title is gone with the first.
            if element.getparent() is None or element.tag not in ("strong", "br", "a"):
                break
            element.tail = None
            element.drop_tree()


def beginning(text, length):
    """Return ``text`` (str) on one line, cut behind a word so that it has at most ``length`` characters.

    >>> beginning("They take  three\\nvans.", 12)
    'They take…'
    >>> beginning("要七座车型要七座车型", 6)
    '要七座车型…'
    """
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    at_word, _space, rest = cut.rpartition(" ")
    # Not every script puts spaces between words.
    return (at_word if at_word and len(rest) < length / 2 else cut).rstrip() + "…"
