"""Builds each addon's README.md and its user guide in the app from the fragments in ``readme/``.

The guide is one page per language below ``static/description/``: English as index.html, which Odoo's Apps shows too,
Chinese as index_zh_CN.html. Usage: build_docs.py [--check]; with --check nothing is written and stale files are named.
"""

import ast
import pathlib
import sys

import markdown

PROJECT = pathlib.Path(__file__).resolve().parents[1]
# Fragment and its heading in each language, in reading order.
FRAGMENTS = {
    "DESCRIPTION": {"en_US": "", "zh_CN": ""},
    "CONTEXT": {"en_US": "Why", "zh_CN": "为什么"},
    "USAGE": {"en_US": "Usage", "zh_CN": "使用"},
    "CONFIGURE": {"en_US": "Configuration", "zh_CN": "配置"},
    "ROADMAP": {"en_US": "Known limits", "zh_CN": "已知限制"},
    "HISTORY": {"en_US": "What is new", "zh_CN": "更新记录"},
}
TITLES = {"customer_mgmt": {"en_US": "Customer Management", "zh_CN": "客户管理"}}
# Odoo's Apps shows only the body, without the style sheet: the page must read well both ways.
PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="guide.css">
</head>
<body>
<main class="container">
<p><a href="index.html">English</a> · <a href="index_zh_CN.html">中文</a></p>
{body}
</main>
</body>
</html>
"""


def text_of(addon, lang):
    """Return the whole guide of ``addon`` (directory) in ``lang`` as Markdown (str)."""
    folder = addon / "readme" / ("" if lang == "en_US" else lang)
    parts = [f"# {TITLES[addon.name][lang]}"]
    for fragment, headings in FRAGMENTS.items():
        path = folder / f"{fragment}.md"
        if path.is_file():
            parts += [f"## {headings[lang]}"] * bool(headings[lang]) + [path.read_text().strip()]
    return "\n\n".join(parts) + "\n"


def readme_of(addon):
    """Return the README.md of ``addon``: the English guide, with the pictures where they lie, and the licence."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    text = text_of(addon, "en_US").replace("](", "](static/description/")
    return f"{text}\n## Licence\n\n{manifest['license']}. Odoo {manifest['version'][:4]}, Community edition.\n"


def page_of(addon, lang):
    """Return the guide of ``addon`` in ``lang`` as an HTML page (str)."""
    body = markdown.markdown(text_of(addon, lang), extensions=["tables", "toc"], output_format="html")
    return PAGE.format(lang=lang.replace("_", "-"), title=TITLES[addon.name][lang], body=body)


def outputs():
    """Yield (path, content) of every generated file."""
    for addon in (path.parent for path in sorted(PROJECT.glob("*/__manifest__.py"))):
        yield addon / "README.md", readme_of(addon)
        for lang, name in (("en_US", "index.html"), ("zh_CN", "index_zh_CN.html")):
            yield addon / "static" / "description" / name, page_of(addon, lang)


def main(check):
    """Write what is stale, or only name it; return the names."""
    stale = [(path, text) for path, text in outputs() if not path.is_file() or path.read_text() != text]
    for path, text in stale:
        if not check:
            path.write_text(text)
    return [str(path.relative_to(PROJECT)) for path, _text in stale]


if __name__ == "__main__":
    names = main(check := "--check" in sys.argv[1:])
    print("\n".join(names))
    sys.exit(bool(names and check))
