"""Segments that are built of others, and personal facts that go from one to the next."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .partner_condition_mixin import BAD_CONDITION


class PartnerSegment(models.Model):
    """Knows which segments a condition uses, refuses circles, and keeps personal what is built of personal facts."""

    _inherit = "partner.segment"

    is_personal = fields.Boolean(
        string="Personal Facts",
        compute="_compute_is_personal",
        store=True,
        help="The condition asks for personal facts (a birth date, say), itself or through another segment: only those "
        "who may know these see the segment. It stays so while the segment is frozen.",
    )
    members_personal = fields.Boolean(
        string="Members by Personal Facts", help="Frozen while its condition asked for personal facts."
    )

    @api.depends("domain", "members_personal")
    def _compute_is_personal(self):
        for segment in self:
            segment.is_personal = segment.members_personal or self._is_personal_condition(segment.domain)

    # -- built of others ---------------------------------------------------------------------------------------------

    @api.model
    def _used_ids(self, domain):
        """Return the segments (set of ids) that ``domain`` on partners names; raise UserError if not by themselves."""
        used = set()
        for condition, _fields, comodels in self._walk_conditions(self._rule_partners(), domain):
            if not any(model._name == self._name for model in comodels):
                continue
            ids, texts = self._condition_values(condition)
            target = self._leads_to(condition, comodels)
            if (
                target is None
                or target._name != self._name
                or texts
                or condition.operator not in ("in", "not in", "=", "!=")
            ):
                raise UserError(self.env._("a segment is asked for by a part of it; choose the segment itself"))
            used.update(ids)
        return used

    def _used_segments(self):
        """Return the segments that the conditions of these ones name, frozen or not."""
        used = set()
        for segment in self:
            try:
                used |= self._used_ids(self._parse_condition(segment.domain or "[]"))
            except BAD_CONDITION:  # what is wrong with it is told elsewhere
                continue
        return self.browse(used).exists()

    def _all_used(self):
        """Return the segments that these ones use, however far down; themselves too if they stand in a circle."""
        found, latest = self.browse(), self
        while latest := latest._used_segments() - found:
            found |= latest
        return found

    def _using_segments(self):
        """Return the other segments whose conditions use these ones, at first hand or further up."""
        # sudo: of everybody
        known = self.sudo().with_context(active_test=False)
        candidates = known.search([("domain", "like", "segment_ids"), ("id", "not in", self.ids)])
        return candidates.filtered(lambda segment: segment._all_used() & known)

    def _explain_bad_condition(self, text):
        """Refuse also circles, and what is built of a segment that is gone or broken itself."""
        return self._explain_structure(text) or super()._explain_bad_condition(text)

    def _explain_structure(self, text):
        """Return what can be said to be wrong with ``text`` (str) without searching by it, or None."""
        try:
            domain = self._parse_condition(text)
            reason = self._explain_bad_field(self._rule_partners(), domain)
            ids = set() if reason else self._used_ids(domain)
        except UserError as error:
            return str(error)
        except BAD_CONDITION as error:
            return self.env._("it is not understood (%s)", error)
        return reason or self._explain_bad_use(ids)

    def _explain_bad_use(self, ids):
        """Return why this segment cannot use the segments ``ids`` (str), or None."""
        # sudo: whoever uses a segment is told what is wrong with it; its name only if he may know it
        used = self.sudo().browse(ids).exists()
        if len(used) < len(ids):
            return self.env._("a segment that it uses does not exist any more")
        own = self._origin.sudo()
        for segment in used:
            if own and (segment == own or own in segment._all_used()):
                return self.env._("it uses itself through the segment “%s”", segment._name_for(self.env))
            reason = segment.mode == "live" and segment._explain_structure(segment.domain)
            if reason:
                return self.env._(
                    "the segment “%(segment)s” that it uses cannot be used: %(reason)s",
                    segment=segment._name_for(self.env),
                    reason=reason,
                )
        return None

    def _name_for(self, env):
        """Return the name of this segment, if the user of ``env`` may know it."""
        readable = self.with_env(env(su=False))._filtered_access("read")
        return self.name if readable else self.env._("(hidden)")

    # -- what changes with it ----------------------------------------------------------------------------------------

    def write(self, vals):
        """Look anew at what is built of these segments, whose facts may have become personal."""
        personal = {segment: segment.is_personal for segment in self}
        result = super().write(vals)
        changed = self.filtered(lambda segment: segment.is_personal != personal[segment])
        if changed:
            changed._using_segments()._refresh_personal()
            changed._refresh_personal_tags()
        return result

    def _refresh_personal(self):
        """Look anew whether these segments are personal; what is built of them follows by the write, however far up."""
        for segment in self:
            personal = segment.members_personal or self._is_personal_condition(segment.domain)
            if segment.is_personal != personal:
                segment.is_personal = personal

    def _refresh_personal_tags(self):
        """Compute anew which tags are personal because their rules ask for segments."""
        # sudo: of everybody
        Tag = self.env["res.partner.category"].sudo().with_context(active_test=False)
        tags = Tag.search([("rule_domain", "like", "segment_ids")])
        self.env.add_to_compute(Tag._fields["is_personal"], tags)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Refuse to delete what others are built of."""
        using = self._using_segments()
        if using:
            raise UserError(
                self.env._(
                    "Segment: “%(segment)s” is used in the condition of “%(others)s”. Change that one first, or "
                    "archive this one.",
                    segment=", ".join(self.mapped("name")),
                    others=", ".join(segment._name_for(self.env) for segment in using),
                )
            )
