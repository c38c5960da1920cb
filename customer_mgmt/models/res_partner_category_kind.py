"""Tags that become a rule's, or people's again; and what people cannot do with those of a rule."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.commands import EXPLICIT, as_commands


class ResPartnerCategory(models.Model):
    """Keeps who has a tag when its kind changes, and keeps people from giving tags of a rule from the tag's side.

    The same from the customer's side: res_partner_tag_rule.py.
    """

    _inherit = "res.partner.category"

    @api.model_create_multi
    def create(self, vals_list):
        """Make a rule tag without partners: the rule finds them."""
        by_person = self.env["res.partner"]._is_change_by_person()
        for vals in vals_list if by_person else ():
            if vals.get("tag_kind") == "rule" and vals.get("partner_ids"):
                self._refuse_by_hand(vals.get("name") or "")
        return super().create(vals_list)

    def write(self, vals):
        """Write down from when on the tag is given in another way; the holders stay."""
        if "partner_ids" in vals and self.env["res.partner"]._is_change_by_person():
            manual = vals.get("tag_kind") == "manual"
            ruled = self.filtered(lambda tag: not manual and "rule" in (tag.tag_kind, vals.get("tag_kind")))
            if ruled:
                return ruled._write_without_partners(vals) and (self - ruled).write(vals)
        before = {tag: tag.tag_kind for tag in self} if "tag_kind" in vals else {}
        result = super().write(vals)
        if turned := self.filtered(lambda tag: tag in before and before[tag] != tag.tag_kind):
            turned._turn_history(vals["tag_kind"])
        if not vals.get("expiry_days", True):
            self._forget_expired()
        return result

    def _write_without_partners(self, vals):
        """Refuse partners that are named one by one; whoever replaces all of them leaves those of rules alone."""
        if any(command[0] in EXPLICIT for command in as_commands(vals["partner_ids"])):
            self._refuse_by_hand(self[:1].name, self[:1])
        return self.write({name: value for name, value in vals.items() if name != "partner_ids"})

    @api.model
    def _refuse_by_hand(self, name, tag=None):
        """Say that a tag is a rule's."""
        rule = tag and tag.sudo()._rule_labels()  # sudo: the labels of fields alone
        raise UserError(
            self.env._(
                "Tags: “%(tag)s” is given by a rule%(rule)s, so nobody can give or remove it by hand. Change what the "
                "rule looks at; the next evaluation does the rest.",
                tag=name,
                rule=f" ({rule})" if rule else "",
            )
        )

    def _turn_history(self, kind):
        """End the open entries of these tags, and begin new ones of those who have them, in the new ``kind``."""
        self.env.flush_all()
        turned = {
            "rule": self.env._("given by a rule from now on"),
            "manual": self.env._("given by hand from now on"),
        }[kind]
        kept = self.env._("Kept when the way of giving the tag changed")
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                "UPDATE partner_tag_assignment SET until = %s, reason = concat_ws(' · ', reason, %s) "
                "WHERE category_id = ANY(%s) AND until IS NULL",
                now,
                turned,
                self.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO partner_tag_assignment (partner_id, category_id, since, source, user_id, reason) "
                "SELECT partner_id, category_id, %s, %s, %s, %s FROM %s WHERE category_id = ANY(%s) "
                "ON CONFLICT (partner_id, category_id) WHERE until IS NULL DO NOTHING",
                now,
                kind,
                self.env.uid,
                kept,
                self._holders_table(),
                self.ids,
            )
        )
        self._forget_expired()

    def _forget_expired(self):
        """Let whoever lost these tags because their time was up get them again."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE partner_tag_assignment SET has_expired = FALSE WHERE category_id = ANY(%s) AND has_expired",
                self.ids,
            )
        )
        self.env["partner.tag.assignment"].invalidate_model()
