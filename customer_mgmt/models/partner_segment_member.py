"""Who is in a frozen segment."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class PartnerSegment(models.Model):
    """Freezes segments, lets people change who is in a frozen one, and makes it live again."""

    _inherit = "partner.segment"

    member_ids = fields.Many2many(
        "res.partner",
        "partner_segment_member_rel",
        "segment_id",
        "partner_id",
        string="Members",
        help="Who is in the frozen segment. Who is no customer or contact any more stays here but is not counted.",
    )
    frozen_on = fields.Datetime(copy=False, help="Since when the condition has not been asked any more.")

    @api.model_create_multi
    def create(self, vals_list):
        """Note when a segment that is filled by hand began, and look at whom it is filled with."""
        segments = super().create(vals_list)
        frozen = segments.filtered(lambda segment: segment.mode == "frozen")
        frozen.write({"frozen_on": fields.Datetime.now()})
        frozen._refuse_strangers({})
        return segments

    def write(self, vals):
        """Freeze and make live also for whoever changes the mode itself, and refuse members who cannot be counted."""
        turned = self.filtered(lambda segment: vals.get("mode") not in (None, segment.mode))
        if turned and vals["mode"] == "frozen" and "member_ids" not in vals:
            # What else changes comes first: it may say who is in it.
            super().write({name: value for name, value in vals.items() if name != "mode"})
            turned._keep_members()
            vals = {"mode": "frozen"}
        before = {}
        if "member_ids" in vals:
            # sudo: also those whom the user may not see
            before = {segment.id: set(segment.sudo().member_ids.ids) for segment in self}
        if turned and vals["mode"] == "live":
            turned._refuse_without_condition(vals)
        result = super().write(vals)
        if turned and vals["mode"] == "frozen":
            super(PartnerSegment, turned).write({"frozen_on": fields.Datetime.now()})
            for segment in turned.filtered(lambda segment: segment.is_personal != segment.members_personal):
                super(PartnerSegment, segment).write({"members_personal": segment.is_personal})
        elif turned:
            super(PartnerSegment, turned).write(
                {"frozen_on": False, "members_personal": False, "member_ids": [fields.Command.clear()]}
            )
        if before:
            self._refuse_strangers(before)
        return result

    def _refuse_without_condition(self, vals):
        """Refuse to make live what was filled by hand: nothing would say who is in it."""
        for segment in self:
            if self._parse_condition(vals.get("domain") or segment.domain).is_true():
                raise UserError(
                    self.env._(
                        "Segment: “%s” was filled by hand and has no condition that could say who is in it. Make a new "
                        "segment for the condition.",
                        segment.name,
                    )
                )

    def _refuse_strangers(self, before):
        """Refuse whoever has become a member and is not one of those whom the segment consists of.

        ``before`` is {segment id: who was a member}; they stay, whatever has become of them.
        """
        for segment in self.filtered(lambda segment: segment.mode == "frozen"):
            # sudo: the population is the same for everybody
            known = segment.sudo().with_context(active_test=False)
            added = set(known.member_ids.ids) - before.get(segment.id, set())
            Partner = known.env["res.partner"]
            strangers = Partner.browse(added) - Partner.search(
                segment._population_domain() & Domain("id", "in", list(added))
            )
            if strangers:
                kinds = dict(segment._fields["applies_to"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "Members: “%(partner)s” cannot be in the segment “%(segment)s”, which consists of: %(kind)s. "
                        "Leave it out.",
                        partner=strangers[0].display_name,
                        segment=segment.name,
                        kind=kinds[segment.applies_to],
                    )
                )

    def action_freeze(self):
        """Keep who is in these segments now, of those whom the user may see."""
        self.check_access("write")
        self.filtered(lambda segment: segment.mode == "live").write({"mode": "frozen"})

    def action_make_live(self):
        """Let the condition decide again; whoever was put in by hand leaves."""
        self.check_access("write")
        self.filtered(lambda segment: segment.mode == "frozen").write({"mode": "live"})

    def _keep_members(self):
        """Write down who is in these live segments, by one statement each."""
        self._refuse_broken()
        self.check_access("write")
        for segment in self:
            query = self.env["res.partner"].with_context(active_test=True)._search(segment._segment_domain())
            self.env.flush_all()
            self.env.cr.execute(
                SQL("DELETE FROM partner_segment_member_rel WHERE segment_id = %(segment)s", segment=segment.id)
            )
            self.env.cr.execute(
                SQL(
                    "INSERT INTO partner_segment_member_rel (segment_id, partner_id) "
                    "SELECT %(segment)s, members.id FROM %(members)s AS members",
                    segment=segment.id,
                    members=query.subselect(),
                )
            )
        self.invalidate_recordset(["member_ids"])
