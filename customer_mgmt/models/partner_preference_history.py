"""What newer statements do to older ones."""

from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .partner_preference_kind import TARGET_FIELDS

# Who says so: what people record. The rest is observed.
STATED = ("stated", "imported")
# What a statement says; to change one of these is to say something new.
STATEMENT_FIELDS = frozenset({"partner_id", "kind_id", "strength", *TARGET_FIELDS.values()})
PERIOD_FIELDS = frozenset({"valid_from", "valid_until"})
# What follows from recording, replacing and observing, and is never said itself.
SYSTEM_FIELDS = frozenset(
    {"recorded_on", "recorded_by_id", "superseded_by_id", "order_count", "spend_share", "lift", "last_evidence_on"}
)


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
        self._check_system_fields(set().union(*vals_list))
        preferences = super().create(vals_list)
        # Asked afterwards: the source may also come from the defaults.
        preferences._check_recorded_by_people()
        preferences._replace_older()
        return preferences

    def write(self, vals):
        """Keep what was said before: a statement of an earlier day that a person changes leaves a closed copy.

        It becomes a new statement of today; one about the past or for later keeps its time.
        """
        self._check_recorded_by_people()
        self._check_system_fields(vals.keys())
        if self.env.su or not vals.keys() & (STATEMENT_FIELDS | PERIOD_FIELDS | {"source"}):
            super().write(vals)
        else:
            self._check_not_replaced(vals)
            today = fields.Date.context_today(self)
            said_before = self.filtered(lambda preference: preference._says_otherwise(vals, today))
            of_today = said_before.filtered("is_current")
            said_before._keep_copies(vals.get("valid_from"), today)
            anew = {"recorded_on": today, "recorded_by_id": self.env.uid, **vals}
            super(PartnerPreference, self - said_before).write(vals)
            super(PartnerPreference, said_before - of_today).write(anew)
            super(PartnerPreference, of_today).write({"valid_from": today, **anew})
            self._check_recorded_by_people()
        if vals.keys() & (STATEMENT_FIELDS | PERIOD_FIELDS):
            self._replace_older()
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_observed(self):
        """Observations come and go with what customers do."""
        self._check_recorded_by_people()

    def _check_recorded_by_people(self):
        """Refuse that a person records, changes or deletes observations."""
        if not self.env.su and "observed" in self.mapped("source"):
            raise UserError(
                self.env._(
                    "Observed preferences are computed from what customers buy and cannot be recorded, changed or "
                    "deleted by hand. Record what the customer says as a preference of its own; a contradiction is "
                    "shown."
                )
            )

    @api.model
    def _check_system_fields(self, names):
        """Refuse that a person, a file or a program sets what the system writes; screens show it readonly."""
        given = sorted(SYSTEM_FIELDS.intersection(names))
        if given and not self.env.su:
            raise UserError(
                self.env._(
                    "%(field)s: this field of a preference is written by the system. Leave it out.",
                    field=self._fields[given[0]]._description_string(self.env),
                )
            )

    def _check_not_replaced(self, vals):
        """Refuse that ``vals`` change what was said before something newer was said."""
        # sudo: what replaced it is named by its day alone
        for preference in self.sudo().filtered("superseded_by_id"):
            if preference._would_change(vals, STATEMENT_FIELDS | PERIOD_FIELDS):
                raise UserError(
                    self.env._(
                        "“%(preference)s” of %(customer)s has been replaced from %(day)s on, and what was said stays "
                        "as it was. Change the newer statement, or record another one.",
                        preference=preference.target_name,
                        customer=preference.partner_id.name,
                        day=preference.superseded_by_id.valid_from,
                    )
                )

    def _would_change(self, vals, names):
        """Tell whether ``vals`` hold another value of one of the fields ``names``."""
        for name in names & vals.keys():
            field = self._fields[name]
            value = field.convert_to_record(field.convert_to_cache(vals[name], self), self)
            if (value or False) != (self[name] or False):
                return True
        return False

    def _says_otherwise(self, vals, today):
        """Tell whether ``vals`` would change what was said on an earlier day."""
        if self.superseded_by_id or not self.recorded_on or self.recorded_on >= today:
            return False
        return self._would_change(vals, STATEMENT_FIELDS)

    def _keep_copies(self, begin, today):
        """Write down these statements as they were, replaced by themselves as they will be from ``begin`` on.

        Without ``begin`` (date or False) they begin anew today, or, where they are not valid today, when they did.
        """
        names = [*STATEMENT_FIELDS, "source", "evidence", "valid_from", "recorded_on"]
        copies = []
        for preference in self:
            vals = {name: preference._fields[name].convert_to_write(preference[name], preference) for name in names}
            since = fields.Date.to_date(begin) or (today if preference.is_current else preference.valid_from)
            until = since - timedelta(days=1)
            copies.append(
                {
                    **vals,
                    "valid_until": min(until, preference.valid_until or until),
                    "superseded_by_id": preference.id,
                    "recorded_by_id": preference.recorded_by_id.id,
                }
            )
        # sudo: readonly fields of a row that the user may change
        self.sudo().create(copies)

    def _replace_older(self):
        """Close what these statements replace, by one search for any number of them; what was said last wins.

        A statement about a time that is over closes nothing. What holds until an announced change is replaced, too.
        """
        today = fields.Date.context_today(self)
        # sudo: what the user may not see is replaced all the same
        newer = self.sudo().filtered(
            lambda preference: (
                preference.source in STATED
                and not preference.superseded_by_id
                and (not preference.valid_until or preference.valid_until >= today)
            )
        )
        if not newer:
            return
        others = newer.search(
            Domain("partner_id", "in", newer.partner_id.ids)
            & Domain("target_key", "in", list(set(newer.mapped("target_key"))))
            & Domain("source", "in", STATED)
            & (Domain("superseded_by_id", "=", False) | Domain("valid_until", ">=", today))
        )
        by_target = others.grouped(lambda other: (other.partner_id, other.kind_id, other.target_key))
        for preference in newer.sorted(self._said_order):
            for other in by_target.get((preference.partner_id, preference.kind_id, preference.target_key), ()):
                # Among these the later one wins; before anything else these were said just now.
                is_older = other not in self or self._said_order(other) < self._said_order(preference)
                if is_older and other._overlaps(preference):
                    other._close_for(preference)

    @api.model
    def _said_order(self, preference):
        """Return what sorts statements by the time they were made."""
        return preference.recorded_on or date.min, preference.id

    def _overlaps(self, other):
        """Tell whether there is a day on which both are valid."""
        ends = [preference.valid_until for preference in (self, other) if preference.valid_until]
        return not ends or max(self.valid_from, other.valid_from) <= min(ends)

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
