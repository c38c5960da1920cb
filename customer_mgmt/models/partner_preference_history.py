"""What newer statements do to older ones."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .partner_preference_kind import TARGET_FIELDS

# Who says so: what people record. The rest is observed.
STATED = ("stated", "imported")
# What a statement says; to change one of these is to say something new.
STATEMENT_FIELDS = frozenset({"partner_id", "kind_id", "strength", *TARGET_FIELDS.values()})


class PartnerPreference(models.Model):
    """Keeps one valid statement per target: the newest closes the older ones, and nothing said is lost.

    Statements and observations never touch each other.
    """

    _inherit = "partner.preference"

    recorded_on = fields.Date(
        default=fields.Date.context_today,
        readonly=True,
        copy=False,
        help="When it was said last; see also who recorded it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Close what the new statements replace."""
        if not self.env.su and any(vals.get("source") == "observed" for vals in vals_list):
            raise UserError(self._explain_observed())
        preferences = super().create(vals_list)
        preferences._replace_older()
        return preferences

    def write(self, vals):
        """Keep what was said before: a statement of an earlier day that a person changes leaves a closed copy."""
        if not self.env.su and (vals.get("source") == "observed" or "observed" in self.mapped("source")):
            raise UserError(self._explain_observed())
        if not self.env.su and vals.keys() & STATEMENT_FIELDS:
            today = fields.Date.context_today(self)
            said_before = self.filtered(lambda preference: preference._says_otherwise(vals, today))
            said_before._keep_copy(today)
            super(PartnerPreference, self - said_before).write(vals)
            anew = {"valid_from": today, "recorded_on": today, "recorded_by_id": self.env.uid}
            super(PartnerPreference, said_before).write({**anew, **vals})
        else:
            super().write(vals)
        if vals.keys() & (STATEMENT_FIELDS | {"valid_from", "valid_until"}):
            self._replace_older()
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_observed(self):
        """Observations come and go with what customers do."""
        if not self.env.su and "observed" in self.mapped("source"):
            raise UserError(self._explain_observed())

    def _explain_observed(self):
        return self.env._(
            "Observed preferences are computed from what customers buy and cannot be recorded, changed or deleted by "
            "hand. Record what the customer says as a preference of its own; a contradiction is shown."
        )

    def _says_otherwise(self, vals, today):
        """Tell whether ``vals`` would change what was said on an earlier day."""
        if self.source not in STATED or self.superseded_by_id or not self.recorded_on or self.recorded_on >= today:
            return False
        return any(
            self._fields[name].convert_to_write(self[name], self) != (vals[name] or False)
            for name in STATEMENT_FIELDS.intersection(vals)
        )

    def _keep_copy(self, today):
        """Write down these statements as they were, closed yesterday and replaced by themselves as they will be."""
        names = [*STATEMENT_FIELDS, "source", "evidence", "valid_from"]
        copies = []
        for preference in self:
            vals = {name: preference._fields[name].convert_to_write(preference[name], preference) for name in names}
            copies.append(
                {
                    **vals,
                    "valid_until": min(filter(None, (preference.valid_until, today - timedelta(days=1)))),
                    "superseded_by_id": preference.id,
                    "recorded_on": preference.recorded_on,
                    "recorded_by_id": preference.recorded_by_id.id,
                }
            )
        # sudo: readonly fields of a row that the user may change
        self.sudo().create(copies)

    def _replace_older(self):
        """Close what these statements replace, by one search for any number of them; of several the last one wins.

        A statement about a time that is over closes nothing.
        """
        today = fields.Date.context_today(self)
        newer = self.filtered(
            lambda preference: (
                preference.source in STATED
                and not preference.superseded_by_id
                and (not preference.valid_until or preference.valid_until >= today)
            )
        )
        if not newer:
            return
        # sudo: what the user may not see is replaced all the same
        others = newer.sudo().search(
            Domain("partner_id", "in", newer.partner_id.ids)
            & Domain("target_key", "in", list(set(newer.mapped("target_key"))))
            & Domain("source", "in", STATED)
            & Domain("superseded_by_id", "=", False),
            order="id",
        )
        by_target = others.grouped(lambda other: (other.partner_id, other.kind_id, other.target_key))
        for preference in newer.sudo().sorted("id"):
            for other in by_target.get((preference.partner_id, preference.kind_id, preference.target_key), ()):
                is_older = other not in newer or other.id < preference.id
                if other != preference and is_older and not other.superseded_by_id and other._overlaps(preference):
                    other._close_for(preference)

    def _overlaps(self, other):
        """Tell whether there is a day on which both are valid."""
        return (not other.valid_until or self.valid_from <= other.valid_until) and (
            not self.valid_until or other.valid_from <= self.valid_until
        )

    def _close_for(self, newer):
        """End this statement the day before ``newer`` begins; if it began later or that day, it was never valid."""
        until = newer.valid_from - timedelta(days=1)
        self.write(
            {
                "valid_until": min(until, self.valid_until) if self.valid_until else until,
                "superseded_by_id": newer.id,
            }
        )

    def _keep_newest_observations(self):
        """Of several observations about one target keep the one with the newest evidence; the job makes it right."""
        observed = self.filtered(lambda preference: preference.source == "observed")
        for group in observed.grouped(lambda preference: (preference.partner_id, preference.target_key)).values():
            newest = group.sorted(lambda preference: (str(preference.last_evidence_on or ""), preference.id))[-1:]
            (group - newest).unlink()

    @api.onchange("kind_id")
    def _onchange_kind_id(self):
        """Begin with the usual strength of the kind, and forget a target of another kind."""
        if self.kind_id:
            self.strength = self.kind_id.default_strength
        for target, name in TARGET_FIELDS.items():
            if target != self.kind_id.target or (name == "option_id" and self.option_id.kind_id != self.kind_id):
                self[name] = False
