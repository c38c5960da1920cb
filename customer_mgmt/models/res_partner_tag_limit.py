"""How many tags of a group one partner can have."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import SQL

MAX_PARTNERS_IN_MESSAGE = 5


class ResPartner(models.Model):
    """Holds people to the most tags per customer that a group allows; rules, merges and other jobs are never refused.

    Two questions for any number of partners, and only where tags are written. Who has more already (the group was
    changed later, a merge) may lose tags one by one.
    """

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        """Look at partners that come with tags."""
        partners = super().create(vals_list)
        if self._is_change_by_person() and self._brings_tags(vals_list):
            partners._check_tag_limits({})
        return partners

    def write(self, vals):
        """Look at tags before and after."""
        if "category_id" not in vals or not self._is_change_by_person():
            return super().write(vals)
        before = self._count_limited_tags()
        result = super().write(vals)
        self._check_tag_limits(before)
        return result

    @api.model
    def _brings_tags(self, vals_list):
        """Tell whether new partners have tags from the start, by default or of their own; costs no query."""
        given = [vals.get("category_id") for vals in vals_list]
        # Odoo cannot say defaults of several records, on which a client may call create.
        given.append(self.browse().default_get(["category_id"]).get("category_id"))
        return any(not _gives_nothing(command) for commands in given for command in commands or ())

    def _count_limited_tags(self):
        """Return {(partner id, group id): (number of active tags, the most allowed)} where it is more than allowed."""
        self.env.flush_all()
        return {
            (partner_id, group_id): (number, most)
            for partner_id, group_id, number, most in self.env.execute_query(
                SQL(
                    "SELECT rel.partner_id, shelf.id, count(*), shelf.max_per_partner "
                    "FROM res_partner_res_partner_category_rel rel "
                    "JOIN res_partner_category tag ON tag.id = rel.category_id AND tag.active "
                    "JOIN partner_tag_group shelf ON shelf.id = tag.tag_group_id AND shelf.max_per_partner > 0 "
                    "WHERE rel.partner_id = ANY(%s) GROUP BY rel.partner_id, shelf.id "
                    "HAVING count(*) > shelf.max_per_partner",
                    self.ids,
                )
            )
        }

    def _check_tag_limits(self, before):
        """Refuse what is more than allowed and more than ``before`` (as ``_count_limited_tags`` gave it)."""
        worse = {
            key: (number, most)
            for key, (number, most) in self._count_limited_tags().items()
            if number > before.get(key, (0, 0))[0]
        }
        if not worse:
            return
        (_partner_id, group_id), (number, most) = next(iter(worse.items()))
        # sudo: the group is named to whoever runs into its limit
        group = self.env["partner.tag.group"].sudo().browse(group_id)
        ids = sorted(partner_id for partner_id, other_id in worse if other_id == group_id)
        names = self.browse(ids[:MAX_PARTNERS_IN_MESSAGE]).mapped("display_name")
        if len(ids) > MAX_PARTNERS_IN_MESSAGE:
            names.append(self.env._("… and %s more", len(ids) - MAX_PARTNERS_IN_MESSAGE))
        raise ValidationError(
            self.env._(
                "Tags: %(partners)s would have %(count)s tags of the group “%(group)s”, which allows %(max)s. Take one "
                "of them away first: %(tags)s.",
                partners=", ".join(names),
                count=number,
                group=group.name,
                max=most,
                tags=", ".join(
                    self.browse(ids[0]).sudo().category_id.filtered(lambda t: t.tag_group_id == group).mapped("name")
                ),
            )
        )


def _gives_nothing(command):
    """Tell whether a command of a many2many adds no record to a new one."""
    return isinstance(command, list | tuple) and (
        command[0] == Command.CLEAR or (command[0] == Command.SET and not command[2])
    )
