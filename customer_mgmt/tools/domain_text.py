"""Changing ids inside the text of a domain, which may be more than a literal: ``uid`` and dates stay as they are."""

import ast
from collections.abc import Callable, Mapping

NESTED = ("any", "not any", "any!", "not any!")


class _Replacer(ast.NodeTransformer):
    """Walks over the conditions of a domain; ``comodel`` says what a path leads to from where the walk is."""

    def __init__(self, comodel: Callable[[str, str], str | None], model: str, target: str, ids: Mapping[int, int]):
        self._comodel, self._model, self._target, self._ids = comodel, model, target, ids
        self.changed = False

    def _visit_condition(self, node):
        if len(node.elts) == 3 and all(
            isinstance(part, ast.Constant) and isinstance(part.value, str) for part in node.elts[:2]
        ):
            found = self._comodel(self._model, node.elts[0].value)
            if node.elts[1].value in NESTED and found:
                inner = _Replacer(self._comodel, found, self._target, self._ids)
                node.elts[2] = inner.visit(node.elts[2])
                self.changed |= inner.changed
            elif found == self._target:
                node.elts[2] = self._replace(node.elts[2])
            return node
        return self.generic_visit(node)

    visit_Tuple = visit_List = _visit_condition  # noqa: N815 (names of the library)

    def _replace(self, node):
        """Replace ids in the value of a condition: one number, or a list of them without repeating any."""
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            new, seen = [], set()
            for part in map(self._replace, node.elts):
                key = ast.dump(part)
                if key not in seen:
                    new.append(part)
                seen.add(key)
            node.elts = new
        elif isinstance(node, ast.Constant) and type(node.value) is int and node.value in self._ids:
            self.changed = True
            return ast.Constant(self._ids[node.value])
        return node


def replace_ids(
    text: str, model: str, target: str, ids: Mapping[int, int], comodel: Callable[[str, str], str | None]
) -> str:
    """Return ``text``, a domain on ``model``, with other ``ids`` ({old: new}) wherever it names records of ``target``.

    ``comodel(model, path)`` says to which model a path leads (to that of the record itself for ``id``), or None.
    What has nothing to replace, and what is no domain, comes back as it was.

    >>> lead = {("p", "tag"): "t", ("t", "id"): "t", ("p", "size"): None}
    >>> replace_ids("[('tag', 'in', [1, 2, 3]), ('size', '=', 1)]", "p", "t", {1: 3}, lambda *path: lead[path])
    "[('tag', 'in', [3, 2]), ('size', '=', 1)]"
    >>> replace_ids("['|', ('tag', 'any', [('id', '=', 1)]), ('size', '=', uid)]", "p", "t", {1: 3}, lambda *p: lead[p])
    "['|', ('tag', 'any', [('id', '=', 3)]), ('size', '=', uid)]"
    >>> replace_ids("[('tag', '=', 2)]  # note", "p", "t", {1: 3}, lambda *path: lead[path])
    "[('tag', '=', 2)]  # note"
    >>> replace_ids("[(", "p", "t", {1: 3}, lambda *path: lead[path])
    '[('
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        return text
    replacer = _Replacer(comodel, model, target, ids)
    tree = replacer.visit(tree)
    return ast.unparse(tree) if replacer.changed else text
