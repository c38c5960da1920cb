"""Tags of rules on the partner: people see them, and leave them alone."""

from odoo import api, models
from odoo.fields import Command

from ..tools.commands import EXPLICIT, as_commands


class ResPartner(models.Model):
    """Keeps people from giving and removing tags that rules give.

    Who names such a tag one by one is refused with words. Who replaces all tags (an import, another app) keeps those of
    rules without knowing, and gives none. The system, merges included, is not asked.
    """

    _inherit = "res.partner"

    @api.model
    def default_get(self, fields):
        """Begin without tags of rules, whatever the screen before suggests."""
        values = super().default_get(fields)
        if values.get("category_id") and self._is_change_by_person():
            values["category_id"] = [
                command
                for command in self.browse()._replaced_by_hand(as_commands(values["category_id"]))
                if command[0] not in EXPLICIT or command[1] not in self.env["res.partner.category"]._rule_tag_ids()
            ]
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Make partners without tags of rules; the next evaluation gives them."""
        if self._is_change_by_person():
            nobody = self.browse()
            vals_list = [
                {**vals, "category_id": nobody._tags_by_hand(vals["category_id"])} if "category_id" in vals else vals
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        """Change only the tags that people give."""
        if "category_id" in vals and self._is_change_by_person():
            vals = {**vals, "category_id": self._tags_by_hand(vals["category_id"])}
        return super().write(vals)

    def copy_data(self, default=None):
        """A copy gets from rules what it deserves itself."""
        vals_list = super().copy_data(default=default)
        if "category_id" not in (default or ()):
            ruled = self.env["res.partner.category"]._rule_tag_ids()
            for vals in vals_list if ruled else ():
                if vals.get("category_id"):
                    vals["category_id"] = self.browse()._replaced_by_hand(as_commands(vals["category_id"]))
        return vals_list

    def _tags_by_hand(self, value):
        """Return ``value``, written into the tags of these partners, without what is a rule's; or refuse it."""
        ruled = self.env["res.partner.category"]._rule_tag_ids()
        if not ruled:
            return value
        commands = as_commands(value)
        for command in commands:
            self._refuse_rule_tag(command, ruled)
        return self._replaced_by_hand(commands)

    def _refuse_rule_tag(self, command, ruled):
        """Refuse a ``command`` that gives, removes or makes one of the tags ``ruled`` (ids)."""
        Tag = self.env["res.partner.category"]
        kind, tag_id, vals = command
        if kind == Command.CREATE and vals and vals.get("tag_kind") == "rule":
            Tag._refuse_by_hand(vals.get("name") or "")
        if kind not in EXPLICIT or tag_id not in ruled:
            return
        tag = Tag.sudo().browse(tag_id)  # sudo: only to name it
        # sudo: who has a tag that the user may not see has it all the same
        holding = [tag in partner.category_id for partner in self.sudo().with_context(active_test=False)]
        if kind == Command.DELETE or not holding or any(held != (kind == Command.LINK) for held in holding):
            Tag._refuse_by_hand(tag.name, tag)

    def _replaced_by_hand(self, commands):
        """Return ``commands`` such that those that replace all tags leave the tags of rules as they are."""
        ruled = self.env["res.partner.category"]._rule_tag_ids()
        result = []
        for command in commands:
            if command[0] in (Command.SET, Command.CLEAR):
                chosen = [tag_id for tag_id in command[2] or () if tag_id not in ruled]
                result += self._set_by_hand(chosen, ruled)
            else:
                result.append(command)
        return result

    def _set_by_hand(self, chosen, ruled):
        """Return commands that leave these partners with the tags ``chosen`` (ids) beside those of rules."""
        known = self.with_context(active_test=False)
        # sudo: as above
        if ruled.isdisjoint(known.sudo().category_id.ids):
            return [Command.set(chosen)]
        gone = set(known.category_id.ids) - ruled - set(chosen)
        return [*map(Command.unlink, sorted(gone)), *map(Command.link, chosen)]
