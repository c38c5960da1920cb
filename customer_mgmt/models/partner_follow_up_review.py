"""What a leader thinks of a follow-up."""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .partner_follow_up import DONE
from .partner_follow_up_correction import REVIEW_FIELDS

STARS = [("0", "Not Scored"), ("1", "Poor"), ("2", "Weak"), ("3", "Fair"), ("4", "Good"), ("5", "Excellent")]
REVIEW_SUBTYPE = "customer_mgmt.mail_message_subtype_follow_up_review"
# What a leader says within this time is one review.
ONE_REVIEW = timedelta(hours=1)
DAY = timedelta(days=1)


class PartnerFollowUp(models.Model):
    """Lets the leader of a team read the team's day, comment on it and score it; the author is told.

    Who may do so is decided in partner_follow_up_correction.py, for every way of writing.
    """

    _inherit = "partner.follow.up"

    score_stars = fields.Selection(
        STARS,
        string="Stars",
        compute="_compute_score_stars",
        readonly=False,
        help="The manager's score as stars; a click saves it, a second one takes it back.",
    )
    flag_names = fields.Char(
        string="Flags",
        compute="_compute_flag_names",
        help="Why it does not count in figures: copied text, says nothing, recorded late.",
    )
    is_in_day_book = fields.Boolean(
        string="In My Day-book",
        compute="_compute_is_in_day_book",
        search="_search_is_in_day_book",
        help="It took place, and the user leads its team or sees the customers of everybody.",
    )
    contact_day = fields.Date(
        compute="_compute_contact_day",
        search="_search_contact_day",
        help="The day on which it took place, in the time zone of whoever reads it.",
    )

    @api.depends("score")
    def _compute_score_stars(self):
        for follow_up in self:
            follow_up.score_stars = str(follow_up.score)

    @api.depends("is_copied", "is_short", "is_late")
    @api.depends_context("lang")
    def _compute_flag_names(self):
        names = {
            name: self._fields[name]._description_string(self.env) for name in ("is_copied", "is_short", "is_late")
        }
        for follow_up in self:
            follow_up.flag_names = ", ".join(label for name, label in names.items() if follow_up[name]) or False

    @api.depends("state", "team_id")
    @api.depends_context("uid")
    def _compute_is_in_day_book(self):
        # sudo: who leads a team is no secret
        found = self.sudo().filtered_domain(self._day_book_domain())
        for follow_up in self:
            follow_up.is_in_day_book = follow_up.id in found._ids

    @api.model
    def _search_is_in_day_book(self, operator, value):
        """Find what is true of it; Odoo turns the question round where it is about the others."""
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return self._day_book_domain()

    @api.model
    def _day_book_domain(self):
        """Return which follow-ups the user looks through as a leader (Domain)."""
        took_place = Domain("state", "in", DONE)
        if self.env.user.has_group("customer_mgmt.group_customer_all"):
            return took_place
        return took_place & Domain("team_id.user_id", "=", self.env.uid)

    @api.depends("date")
    @api.depends_context("tz")
    def _compute_contact_day(self):
        for follow_up in self:
            local = follow_up.date and fields.Datetime.context_timestamp(follow_up, follow_up.date)
            follow_up.contact_day = local and local.date()

    @api.model
    def _search_contact_day(self, operator, value):
        """Find by the stored moment; Odoo lets a day begin at midnight of the reader."""
        if operator in ("<", "<=", ">", ">="):
            return Domain("date", operator, value)
        if operator != "in":
            return NotImplemented
        return Domain.OR(Domain("date", ">=", day) & Domain("date", "<", day + DAY) for day in value if day)

    # -- the review ---------------------------------------------------------------------------------------------------

    def write(self, vals):
        """A comment or score is told to the author, and what is taken back altogether is no review any more."""
        vals = self._read_stars(vals)
        if self.env.su or not REVIEW_FIELDS & vals.keys():
            return super().write(vals)
        before = {follow_up.id: (follow_up.score, follow_up.comment) for follow_up in self}
        # The message to the author is the trace of a review.
        quiet = self.with_context(mail_notrack=True) if vals.keys() <= REVIEW_FIELDS else self
        result = super(PartnerFollowUp, quiet).write(vals)
        changed = self.filtered(lambda follow_up: (follow_up.score, follow_up.comment) != before[follow_up.id])
        empty = changed.filtered(lambda follow_up: not follow_up.score and not follow_up.comment)
        # sudo: the system's own note
        empty.sudo().write({"reviewed_on": False, "reviewed_by_id": False})
        changed._take_back_note()
        (changed - empty)._tell_author()
        return result

    def _take_back_note(self):
        """Delete what the user told the authors a moment ago: the next note says it together with what is new.

        Stars save themselves, the comment follows. Whoever has read or got the first note by mail keeps it.
        """
        since = fields.Datetime.now() - ONE_REVIEW
        # sudo: the user's own notes, whoever may delete messages
        Message = self.env["mail.message"].sudo()
        notes = Message.search(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                ("subtype_id", "=", self.env["ir.model.data"]._xmlid_to_res_id(REVIEW_SUBTYPE)),
                ("author_id", "=", self.env.user.partner_id.id),
                ("date", ">=", since),
            ]
        )
        told = notes.notification_ids.filtered(lambda told: told.is_read or told.notification_type == "email")
        (notes - told.mail_message_id).unlink()

    @api.model
    def _read_stars(self, vals):
        """Return ``vals`` with the score that the stars stand for; refuse what is none."""
        if "score_stars" in vals:
            stars = vals["score_stars"] or "0"
            vals = {name: value for name, value in vals.items() if name != "score_stars"}
            vals["score"] = int(stars) if stars in dict(STARS) else stars
        if (vals.get("score") or 0) not in range(6):
            raise ValidationError(
                self.env._("Score: “%(score)s” is none. Choose one to five stars.", score=vals["score"])
            )
        return vals

    def action_review(self, score=None, comment=None):
        """Save the user's ``score`` (1 to 5) and ``comment`` (str), or only that it was looked at; tell the author.

        For the leader of the follow-up's team and administrators of the customer file, and never for own ones.
        """
        self.check_access("write")
        self._check_may_review()
        for follow_up in self:
            if follow_up.state not in DONE:
                raise UserError(
                    self.env._(
                        "Follow-up “%(follow_up)s”: only what took place is reviewed, not drafts and cancelled ones.",
                        follow_up=follow_up.display_name,
                    )
                )
        vals = {name: value for name, value in (("score", score), ("comment", comment)) if value is not None}
        if vals:
            self.write(vals)
        # sudo: the system's own note on what the user was allowed to do
        unread = self.sudo().filtered(lambda follow_up: not follow_up.reviewed_on)
        unread.write({"reviewed_on": fields.Datetime.now(), "reviewed_by_id": self.env.uid})
        return True

    def _tell_author(self):
        """Write the review into the chatter, to the author."""
        labels = dict(self._fields["score_stars"]._description_selection(self.env))
        for follow_up in self:
            lines = []
            if follow_up.score:
                stars = "★" * follow_up.score + "☆" * (5 - follow_up.score)
                lines.append(Markup("<p>%s %s</p>") % (stars, labels[str(follow_up.score)]))
            if follow_up.comment:
                lines.append(Markup("<p>%s</p>") % follow_up.comment)
            follow_up.message_post(
                body=Markup().join(lines),
                partner_ids=follow_up.user_id.sudo().partner_id.ids,  # sudo: a colleague's own partner
                subtype_xmlid=REVIEW_SUBTYPE,
            )
