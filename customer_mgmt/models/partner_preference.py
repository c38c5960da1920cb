"""What a customer or a contact likes, avoids or refuses."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import search_key
from .partner_preference_kind import TARGET_FIELDS
from .partner_preference_option import CHANNELS

STRENGTHS = [
    ("2", "Always"),
    ("1", "Likes"),
    ("0", "Neutral"),
    ("-1", "Dislikes"),
    ("-2", "Never"),
]


class PartnerPreference(models.Model):
    """One statement or observation about one target, for a time.

    What follows from newer and from opposite ones is in partner_preference_history.py, what a refused channel means in
    partner_preference_channel.py, how observations come about in partner_preference_observed.py.
    """

    _name = "partner.preference"
    _inherit = ["partner.personal.mixin", "partner.part.mixin", "partner.dimension.mixin"]
    _description = "Preference"
    _order = "valid_from desc, id desc"
    _rec_name = "target_name"

    partner_id = fields.Many2one(string="Who", help="The customer or the contact person.")
    commercial_partner_id = fields.Many2one(
        string="Customer of the Preference",
        related="partner_id.commercial_partner_id",
        store=True,
        precompute=True,
        index=True,
    )
    kind_id = fields.Many2one("partner.preference.kind", required=True, index=True, ondelete="restrict")
    target_type = fields.Selection(related="kind_id.target")
    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="restrict")
    product_category_id = fields.Many2one("product.category", index="btree_not_null", ondelete="restrict")
    option_id = fields.Many2one(
        "partner.preference.option",
        domain="[('kind_id', '=', kind_id)]",
        index="btree_not_null",
        ondelete="restrict",
    )
    text = fields.Char(help="In the customer's own words, as short as possible.")
    target_key = fields.Char(
        compute="_compute_target_key",
        store=True,
        precompute=True,
        help="What tells targets apart: the record, or the text without differences of case, width and white space.",
    )
    target_name = fields.Char(
        string="Target",
        compute="_compute_target_name",
        store=True,
        precompute=True,
        help="What the target is called, in the language of the main company, so that reports group by one name.",
    )
    strength = fields.Selection(STRENGTHS, required=True, default="1")
    strength_value = fields.Integer(
        string="Average Strength",
        compute="_compute_strength_value",
        store=True,
        precompute=True,
        aggregator="avg",
        help="From -2 (never) to +2 (always); the average over the preferences counted.",
    )
    source = fields.Selection(
        [("stated", "Stated"), ("observed", "Observed"), ("imported", "Imported")],
        required=True,
        default=lambda self: "imported" if self.env.context.get("import_file") else "stated",
        help="Stated: somebody said so. Observed: computed from what the customer bought, never from what was said.",
    )
    evidence = fields.Text(help="How we know: the conversation, the survey, the orders.")
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_until = fields.Date(help="The last day on which it holds. Empty: until further notice.")
    is_current = fields.Boolean(
        string="Valid Now",
        compute="_compute_is_current",
        search="_search_is_current",
        help="Today lies between “Valid from” and “Valid until”, both included.",
    )
    superseded_by_id = fields.Many2one(
        "partner.preference",
        string="Replaced by",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="The newer statement about the same target that closed this one.",
    )
    recorded_by_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, readonly=True, copy=False, ondelete="set null"
    )
    is_personal = fields.Boolean(string="Is Personal", related="kind_id.is_personal", store=True, precompute=True)
    blocked_channel = fields.Selection(
        CHANNELS,
        string="Do Not Contact by",
        compute="_compute_blocked_channel",
        store=True,
        precompute=True,
        help="The channel of the option, where the strength is “Never” and somebody said so.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="Of the customer, else of the product; empty: shared by all companies.",
    )

    # Written by the job alone, on observed preferences.
    order_count = fields.Integer(string="Orders", readonly=True, aggregator=None, help="Orders with this category.")
    spend_share = fields.Float(
        readonly=True, aggregator="avg", help="Spend of the customer in this category / all its spend."
    )
    lift = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the customer's spend in this category / share of all customers' spend in it. Above 1: more than "
        "others.",
    )
    last_evidence_on = fields.Date(string="Last Evidence", readonly=True, help="The newest order that shows it.")

    # What is known of one target: to close older statements and to see conflicts.
    _target_index = models.Index("(partner_id, kind_id, target_key)")
    _text_index = models.Index("(target_key, id) WHERE text IS NOT NULL")
    # Whom one must not contact: asked wherever somebody writes or calls.
    _blocked_index = models.Index("(partner_id, blocked_channel) WHERE blocked_channel IS NOT NULL")

    @api.depends("kind_id.target", *TARGET_FIELDS.values())
    def _compute_target_key(self):
        for preference in self:
            field = TARGET_FIELDS.get(preference.kind_id.target)
            target = field and preference[field]
            if not target:
                preference.target_key = False
            elif field == "text":
                preference.target_key = f"text:{search_key.normalize(target)}"
            else:
                preference.target_key = f"{preference.kind_id.target}:{target.id}"

    @api.depends(
        "kind_id.target",
        "text",
        "option_id.name",
        "product_id.name",
        "product_id.default_code",
        "product_category_id.name",
    )
    def _compute_target_name(self):
        """Call a text as whoever used it first did: “volvo” and “Volvo” are one target, and one line of a report."""
        lang = self.env["partner.condition.mixin"]._rule_lang()
        spellings = self._known_spellings()
        # sudo: a name that the user may not see must not become another one
        for preference in self.sudo().with_context(lang=lang, display_default_code=False):
            field = TARGET_FIELDS.get(preference.kind_id.target)
            target = field and preference[field]
            if target and field == "text":
                preference.target_name = spellings.setdefault(preference.target_key, target)
            else:
                preference.target_name = (target and target.display_name) or False

    def _known_spellings(self):
        """Return {key of a text: how the oldest other preference about it has it}, by one query or none."""
        # Without a key: a form on which the text is still to be typed.
        texts = self.filtered(lambda preference: preference.kind_id.target == "text" and preference.target_key)
        keys = texts.mapped("target_key")
        if not keys:
            return {}
        # Without flushing, which would come back here: what is being made at the same time is seen by the caller.
        self.env.cr.execute(
            SQL(
                "SELECT DISTINCT ON (target_key) target_key, target_name FROM partner_preference "
                "WHERE text IS NOT NULL AND target_key = ANY(%s) AND id != ALL(%s) ORDER BY target_key, id",
                keys,
                self._origin.ids,
            )
        )
        return dict(self.env.cr.fetchall())

    @api.depends("strength")
    def _compute_strength_value(self):
        for preference in self:
            preference.strength_value = int(preference.strength or 0)

    @api.depends("strength", "source", "option_id.channel")
    def _compute_blocked_channel(self):
        for preference in self:
            refuses = preference.strength == "-2" and preference.source != "observed"
            preference.blocked_channel = refuses and preference.option_id.channel

    @api.depends("partner_id.company_id", "product_id.company_id")
    def _compute_company_id(self):
        for preference in self:
            preference.company_id = preference.partner_id.company_id or preference.product_id.company_id

    @api.depends("valid_from", "valid_until")
    def _compute_is_current(self):
        today = fields.Date.context_today(self)
        for preference in self:
            preference.is_current = bool(
                preference.valid_from
                and preference.valid_from <= today
                and (not preference.valid_until or preference.valid_until >= today)
            )

    @api.model
    def _current_domain(self, day=None):
        """Return the Domain of what is valid on ``day`` (default: today)."""
        day = day or fields.Date.context_today(self)
        open_ended = Domain("valid_until", "=", False) | Domain("valid_until", ">=", day)
        return Domain("valid_from", "<=", day) & open_ended

    @api.model
    def _search_is_current(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return self._current_domain()

    @api.depends("strength", "target_name")
    def _compute_display_name(self):
        strengths = dict(self._fields["strength"]._description_selection(self.env))
        for preference in self:
            preference.display_name = f"{strengths.get(preference.strength, '')}: {preference.target_name or ''}"

    @api.constrains("kind_id", *TARGET_FIELDS.values())
    def _check_target(self):
        """Refuse a preference that names nothing, or something of another kind."""
        for preference in self:
            if not preference.target_key:
                raise ValidationError(
                    self.env._(
                        "Preference of %(customer)s: “%(kind)s” names nothing. Fill in the field “%(field)s”.",
                        customer=preference.partner_id.display_name,
                        kind=preference.kind_id.name,
                        field=self._fields[TARGET_FIELDS[preference.kind_id.target]]._description_string(self.env),
                    )
                )
            if preference.option_id and preference.option_id.kind_id != preference.kind_id:
                raise ValidationError(
                    self.env._(
                        "Option: “%(option)s” is an option of “%(other)s”, not of “%(kind)s”. Choose one of this kind.",
                        option=preference.option_id.name,
                        other=preference.option_id.kind_id.name,
                        kind=preference.kind_id.name,
                    )
                )

    @api.constrains("valid_from", "valid_until", "superseded_by_id")
    def _check_period(self):
        """Refuse a validity that ends before it begins; one that was replaced on its first day has none at all."""
        for preference in self:
            if preference.superseded_by_id or not preference.valid_until:
                continue
            if preference.valid_until < preference.valid_from:
                raise ValidationError(
                    self.env._(
                        "Valid until: the preference “%(preference)s” of %(customer)s would end on %(until)s, before "
                        "it begins on %(since)s. Correct one of the two days.",
                        preference=preference.target_name,
                        customer=preference.partner_id.display_name,
                        until=preference.valid_until,
                        since=preference.valid_from,
                    )
                )

    @api.constrains("partner_id", "product_id")
    def _check_product_company(self):
        """Refuse a product of another company; import and RPC do not ask the field's domain."""
        # sudo: the product may be hidden from the user for the same reason
        for preference in self.sudo():
            ours, theirs = preference.partner_id.company_id, preference.product_id.company_id
            if ours and theirs and ours != theirs:
                raise ValidationError(
                    self.env._(
                        "Product: “%(product)s” belongs to %(theirs)s, but %(customer)s is a customer of %(ours)s. "
                        "Choose a product of this company or of all.",
                        product=preference.product_id.name,
                        theirs=theirs.name,
                        customer=preference.partner_id.name,
                        ours=ours.name,
                    )
                )
