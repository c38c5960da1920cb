"""Follow-ups in the history of a partner."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .res_partner_history import PartnerLink


class ResPartner(models.Model):
    """Counts follow-ups also for the persons whom they were with, and keeps those persons."""

    _inherit = "res.partner"

    @api.model
    def _partner_links(self):
        """Add the persons of follow-ups, which no column names."""
        condition = SQL(
            "EXISTS (SELECT FROM partner_follow_up_contact_rel met "
            "WHERE met.follow_up_id = record.id AND met.contact_id = family.member)"
        )
        return [*super()._partner_links(), PartnerLink("partner.follow.up", "document", condition)]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_follow_ups(self):
        """Refuse to delete whom a follow-up was with: it would not say any more who that was.

        The superuser passes, as for customers: a merge has moved everything before, the privacy look-up obeys the law.
        """
        if self.env.su:
            return
        # sudo: also follow-ups that the user may not see; only the number leaves. Archived persons are named as well
        FollowUp = self.env["partner.follow.up"].sudo().with_context(active_test=False)
        found = FollowUp.search(["|", ("contact_ids", "in", self.ids), ("partner_id", "in", self.ids)])
        for person in self if found else ():
            if named := found.filtered(lambda one, person=person: person in one.partner_id | one.contact_ids):
                raise UserError(
                    self.env._(
                        "%(partner)s: not deleted, because follow-ups name it (%(count)s). Archive it instead.",
                        partner=person.display_name,
                        count=len(named),
                    )
                )
