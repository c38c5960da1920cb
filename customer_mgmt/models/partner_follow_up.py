"""What was said with a customer, and what comes next."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

OUTCOMES = [
    ("reached", "Reached"),
    ("agreed", "Agreed"),
    ("refused", "Refused"),
    ("no_answer", "No Answer"),
    ("wrong_number", "Wrong Number"),
]
# Outcomes of contacts in which the customer spoke to us.
REACHED = ("reached", "agreed", "refused")
# A follow-up in one of these states took place.
DONE = ("done", "corrected")
STATES = [("draft", "Draft"), ("done", "Done"), ("corrected", "Corrected"), ("cancelled", "Cancelled")]
SENTIMENTS = [("-2", "Angry"), ("-1", "Unhappy"), ("0", "Neutral"), ("1", "Pleased"), ("2", "Delighted")]
# A next step further away than this has to be confirmed.
FAR_AWAY = timedelta(days=365)
# Clocks differ a little; everything later is a plan and no contact.
CLOCK_TOLERANCE = timedelta(minutes=10)


class PartnerFollowUp(models.Model):
    """One contact with a customer, and what it promised: the permanent record that statuses and figures count.

    Here is what it consists of. What happens when it is saved is in partner_follow_up_done.py, how it may be changed
    afterwards in partner_follow_up_correction.py, what makes it count in partner_follow_up_quality.py, what the dialog
    shows beside it in partner_follow_up_briefing.py. The promise itself is a partner.follow.up.step.
    """

    _name = "partner.follow.up"
    _inherit = ["partner.part.mixin", "mail.thread"]
    _description = "Follow-up"
    _order = "date desc, id desc"
    _rec_name = "key_points"
    # Who may see a customer may talk to it, also as a substitute.
    _part_change_takes = "read"

    partner_id = fields.Many2one(string="Customer", ondelete="restrict", tracking=True)
    contact_ids = fields.Many2many(
        "res.partner",
        "partner_follow_up_contact_rel",
        "follow_up_id",
        "contact_id",
        string="Contact Persons",
        domain="[('commercial_partner_id', '=', partner_id), ('id', '!=', partner_id)]",
        help="Whom of the customer's people it was with.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        ondelete="restrict",
        tracking=True,
        help="Who had the contact.",
    )
    team_id = fields.Many2one(
        "crm.team",
        compute="_compute_team_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        help="The team of the customer when it was recorded, else the one of the person who had the contact.",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, index="btree_not_null"
    )
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)
    document_name = fields.Char(readonly=True, help="What the linked document was called then.")
    topic_id = fields.Many2one(
        "partner.follow.up.topic",
        default=lambda self: self._default_topic_id(),
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    method_id = fields.Many2one(
        "partner.follow.up.method",
        required=True,
        default=lambda self: self._default_method_id(),
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    direction = fields.Selection(
        [("out", "We Contacted Them"), ("in", "They Contacted Us")], required=True, default="out"
    )
    date = fields.Datetime(
        string="Took Place at", required=True, default=lambda self: fields.Datetime.now(), tracking=True, index=True
    )
    duration = fields.Float(string="Duration (Hours)", help="How long it took, in hours.")
    outcome = fields.Selection(OUTCOMES, tracking=True)
    is_reached = fields.Boolean(
        string="Customer Reached",
        compute="_compute_is_reached",
        store=True,
        precompute=True,
        help="The outcome is Reached, Agreed or Refused: somebody of the customer spoke to us.",
    )
    key_points = fields.Text(tracking=True, help="What was said, as short as whoever comes next can use it.")
    feedback = fields.Text(string="Customer's Feedback", tracking=True)
    objection_ids = fields.Many2many("partner.follow.up.objection", string="Objections")
    need_change_ids = fields.One2many("partner.follow.up.need.change", "follow_up_id", string="Changes of Needs")
    sentiment = fields.Selection(SENTIMENTS, help="How the customer felt about us.")
    attachment_ids = fields.Many2many("ir.attachment", "partner_follow_up_attachment_rel", string="Attachments")
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False, tracking=True)
    done_on = fields.Datetime(string="Recorded at", readonly=True, copy=False)

    next_date = fields.Datetime(string="Next Step at", tracking=True, copy=False)
    next_plan = fields.Char(string="Next Step", tracking=True, copy=False)
    next_method_id = fields.Many2one("partner.follow.up.method", ondelete="restrict", copy=False)
    next_user_id = fields.Many2one(
        "res.users",
        string="Next Step by",
        domain="[('share', '=', False)]",
        ondelete="restrict",
        copy=False,
        help="Empty: whoever had this contact.",
    )
    next_far_confirmed = fields.Boolean(
        string="More than a Year Away: Yes, Really", copy=False, help="Asked for where the next step is that far away."
    )
    is_next_far = fields.Boolean(
        compute="_compute_is_next_far", help="The next step is more than 365 days away and has to be confirmed."
    )
    plan_id = fields.Many2one(
        "mail.activity.plan",
        string="Plan Template",
        domain="[('res_model', '=', 'res.partner')]",
        ondelete="set null",
        copy=False,
        help="Fills in the next step from the first line of the plan. Its other lines become the steps after it.",
    )
    step_id = fields.Many2one(
        "partner.follow.up.step", string="Promised Step", readonly=True, copy=False, index="btree_not_null"
    )
    finished_step_id = fields.Many2one(
        "partner.follow.up.step",
        string="Open Step",
        copy=False,
        index="btree_not_null",
        help="The step that this contact was planned as.",
    )
    finish_step = fields.Boolean(
        string="This Finishes the Open Step", default=True, help="Untick it if the open step is still to be done."
    )
    activity_id = fields.Many2one(related="step_id.activity_id", string="Activity of the Next Step")

    # What a program reads of one customer, of one person, of one document.
    _partner_index = models.Index("(partner_id, date DESC, id DESC)")
    _reached_index = models.Index("(partner_id, date DESC) WHERE is_reached AND state IN ('done', 'corrected')")
    _user_index = models.Index("(user_id, date DESC)")
    _draft_index = models.Index("(user_id) WHERE state = 'draft'")
    _document_index = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    @api.model
    def _default_topic_id(self):
        return self.env["partner.follow.up.topic"].search(Domain.TRUE, limit=1)

    @api.model
    def _default_method_id(self):
        """Return the method that the user recorded last, else the first of the list."""
        last = self.search([("user_id", "=", self.env.uid), ("method_id.active", "=", True)], order="id desc", limit=1)
        return last.method_id or self.env["partner.follow.up.method"].search(Domain.TRUE, limit=1)

    @api.model
    def _linkable_models(self):
        """Return the names of the models whose records a follow-up may be linked to; other addons add theirs."""
        mixin = self.env.registry["partner.follow.up.mixin"]
        return [name for name, model in self.env.registry.items() if issubclass(model, mixin) and not model._abstract]

    @api.depends("partner_id", "user_id")
    def _compute_team_id(self):
        # sudo: the team of a colleague is read for the record alone
        for follow_up in self.filtered(lambda follow_up: follow_up.state in (False, "draft")):
            known = follow_up.sudo()
            follow_up.team_id = known.partner_id.team_id or known.user_id.sale_team_id

    @api.depends("partner_id.company_id")
    def _compute_company_id(self):
        for follow_up in self:
            follow_up.company_id = follow_up.partner_id.company_id

    @api.depends("outcome")
    def _compute_is_reached(self):
        for follow_up in self:
            follow_up.is_reached = follow_up.outcome in REACHED

    @api.depends("next_date")
    def _compute_is_next_far(self):
        limit = fields.Datetime.now() + FAR_AWAY
        for follow_up in self:
            follow_up.is_next_far = bool(follow_up.next_date) and follow_up.next_date > limit

    @api.depends("partner_id", "method_id", "date")
    @api.depends_context("tz", "lang")
    def _compute_display_name(self):
        """Name a follow-up by how, with whom and when it was."""
        for follow_up in self:
            day = follow_up.date and fields.Datetime.context_timestamp(self, follow_up.date).date().isoformat()
            name = filter(None, (follow_up.method_id.name, follow_up.partner_id.display_name, day))
            follow_up.display_name = " · ".join(name)

    # -- bad input ----------------------------------------------------------------------------------------------------

    @api.constrains("partner_id", "contact_ids")
    def _check_contacts(self):
        """Refuse persons of another customer; import and RPC do not ask the field's domain."""
        for follow_up in self:
            strangers = follow_up.contact_ids.filtered(
                lambda contact, partner=follow_up.partner_id: contact.commercial_partner_id != partner
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "Contact Persons: %(contact)s does not belong to %(customer)s. Choose one of its contacts.",
                        contact=strangers[0].display_name,
                        customer=follow_up.partner_id.display_name,
                    )
                )

    @api.constrains("date", "duration")
    def _check_date(self):
        """Refuse contacts that have not taken place."""
        limit = fields.Datetime.now() + CLOCK_TOLERANCE
        for follow_up in self:
            if follow_up.date > limit:
                raise ValidationError(
                    self.env._(
                        "Took Place at: a contact with %(customer)s cannot have taken place in the future. Plan it as "
                        "the next step instead.",
                        customer=follow_up.partner_id.display_name,
                    )
                )
            if not 0 <= follow_up.duration <= 24:
                raise ValidationError(
                    self.env._(
                        "Duration: the contact with %(customer)s took between 0 and 24 hours. Correct the hours.",
                        customer=follow_up.partner_id.display_name,
                    )
                )

    @api.constrains("next_user_id", "partner_id", "topic_id")
    def _check_next_user(self):
        """Refuse to promise for somebody who cannot do it."""
        for follow_up in self.filtered(lambda follow_up: follow_up.next_user_id and follow_up.state == "draft"):
            self.env["partner.follow.up.step"]._check_owner(
                follow_up.next_user_id, follow_up.partner_id, follow_up.topic_id
            )

    @api.constrains("res_model", "res_id", "partner_id")
    def _check_document(self):
        """Refuse documents of other customers, and kinds of documents that nobody registered."""
        for follow_up in self.filtered(lambda follow_up: follow_up.res_model or follow_up.res_id):
            document = self._find_document(follow_up.res_model, follow_up.res_id)
            # sudo: of the document's customer only whether it is this one
            if document and document.sudo()._follow_up_partner() != follow_up.partner_id:
                raise ValidationError(
                    self.env._(
                        "Document: %(document)s does not belong to %(customer)s.",
                        document=document.display_name,
                        customer=follow_up.partner_id.display_name,
                    )
                )

    @api.model
    def _find_document(self, res_model, res_id):
        """Return the document that a follow-up is to be linked to; refuse what is none, or may not be read."""
        if res_model and res_model not in self._linkable_models():
            raise ValidationError(self.env._("Document: follow-ups cannot be linked to records of “%s”.", res_model))
        document = self.env[res_model].browse(res_id).exists() if res_model and res_id else None
        if document:
            document.check_access("read")
        elif not self.env.su:  # The system goes on with what is linked to a document that only the database deleted.
            raise ValidationError(
                self.env._("Document: it does not exist (any more). Record the follow-up on the customer alone.")
            )
        return document

    def _check_next_date(self):
        """Refuse a next step in the past, and one that is far away unless somebody says that it is meant."""
        now = fields.Datetime.now()
        for follow_up in self.filtered("next_date"):
            if follow_up.next_date < now:
                raise ValidationError(
                    self.env._(
                        "Next Step at: the next step for %(customer)s lies in the past. Choose a later time.",
                        customer=follow_up.partner_id.display_name,
                    )
                )
            if follow_up.next_date > now + FAR_AWAY and not follow_up.next_far_confirmed:
                raise ValidationError(
                    self.env._(
                        "Next Step at: the next step for %(customer)s is more than a year away. Choose an earlier day, "
                        "or confirm that it is meant.",
                        customer=follow_up.partner_id.display_name,
                    )
                )

    @api.model
    def _check_partners(self, partners):
        """Refuse new follow-ups of partners that were merged or archived."""
        # sudo: the one that a customer was merged into is named even where it is out of sight
        for partner in partners.sudo():
            if partner.merged_into_id:
                raise ValidationError(
                    self.env._(
                        "Customer: %(customer)s was merged into %(survivor)s. Record the follow-up there.",
                        customer=partner.display_name,
                        survivor=partner.merged_into_id.display_name,
                    )
                )
            if not partner.active:
                raise ValidationError(
                    self.env._(
                        "Customer: %(customer)s is archived. Restore it before you record a follow-up.",
                        customer=partner.display_name,
                    )
                )

    # -- making them --------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Put what was recorded on a person on the customer; a record that comes as done goes the way of all."""
        vals_list, as_done = [dict(vals) for vals in vals_list], []
        for vals in vals_list:
            self._check_own_fields(vals)
            state = vals.pop("state", "draft")
            if state not in ("draft", "done"):
                raise UserError(
                    self.env._("State: a follow-up begins as draft or done. “%s” is what it becomes later.", state)
                )
            as_done.append(state == "done")
            defaults = {name: self.env.context.get(f"default_{name}") for name in ("partner_id", "res_model", "res_id")}
            known = {**defaults, **vals}
            if known["partner_id"]:
                vals["partner_id"] = known["partner_id"]
                self._put_on_entity(vals)
            if known["res_model"] or known["res_id"]:
                document = self._find_document(known["res_model"], known["res_id"])
                vals.setdefault("document_name", document.display_name if document else False)
        follow_ups = super(PartnerFollowUp, self.with_context(mail_create_nosubscribe=True)).create(vals_list)
        follow_ups = follow_ups.with_env(self.env)
        if not self.env.su:  # What an activity of an archived customer leaves behind is kept, too.
            self._check_partners(follow_ups.partner_id | follow_ups.contact_ids)
        follow_ups._check_next_date()
        follow_ups._adopt_attachments()
        self.browse(one.id for one, done in zip(follow_ups, as_done, strict=True) if done).action_done()
        return follow_ups

    def write(self, vals):
        """Let files that are added later be seen with the follow-up, too."""
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._adopt_attachments()
        return result

    def _adopt_attachments(self):
        """Let whoever reads these follow-ups read the files that the user has uploaded to them.

        Odoo shows files that belong to no record, as those of a new record do, to whoever uploaded them alone.
        """
        for follow_up in self:
            # sudo: the files are the user's own
            files = follow_up.sudo().attachment_ids
            uploaded = files.filtered(lambda file: not file.res_id and file.create_uid == self.env.user)
            uploaded.write({"res_model": self._name, "res_id": follow_up.id})

    @api.model
    def _put_on_entity(self, vals):
        """Let ``vals`` name the customer where they name one of its persons, and the person as who it was with."""
        partner = self.env["res.partner"].browse(vals["partner_id"])
        entity = partner.commercial_partner_id
        if entity != partner:
            vals["partner_id"] = entity.id
            vals.setdefault("contact_ids", [fields.Command.link(partner.id)])

    @api.model
    def default_get(self, fields_list):
        """Open the dialog on what is known: the customer of a person, its open step, and what that step planned."""
        values = super().default_get(fields_list)
        partner = self.env["res.partner"].browse(values.get("partner_id") or ())
        entity = partner.commercial_partner_id
        if partner and entity != partner:
            values["partner_id"] = entity.id
            values.setdefault("contact_ids", [fields.Command.set(partner.ids)])
        if entity and "finished_step_id" in fields_list:
            step = self.env["partner.follow.up.step"].browse(values.get("finished_step_id") or ())
            step = step.exists() or self._open_step(entity, values)
            values["finished_step_id"] = step.id
            if step:
                values.update(step._dialog_values(fields_list))
        return values

    @api.model
    def _open_step(self, partner, values=None):
        """Return what the user promised this customer, on the same document."""
        values = values or {}
        return self.env["partner.follow.up.step"].search(
            [
                ("partner_id", "=", partner.id),
                ("user_id", "=", self.env.uid),
                ("state", "=", "open"),
                ("res_model", "=", values.get("res_model") or False),
                ("res_id", "=", values.get("res_id") or False),
            ],
            limit=1,
        )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Let contacts and the open step follow a customer that is chosen in the dialog."""
        person, entity = self.partner_id, self.partner_id.commercial_partner_id
        if person != entity:
            self.partner_id, self.contact_ids = entity, person
        self.contact_ids = self.contact_ids.filtered(lambda contact: contact.commercial_partner_id == entity)
        if self.state == "draft" and self.finished_step_id.partner_id != entity:
            link = {"res_model": self.res_model, "res_id": self.res_id}
            self.finished_step_id = self._open_step(entity, link) if entity else False

    @api.model
    def _dialog(self, **context):
        """Return the action that opens the dialog, with ``context`` as its defaults.

        Refuses before a word is typed what could not be saved: who may not record, customers that take no follow-ups.
        """
        self.check_access("create")
        self._check_partners(self.env["res.partner"].browse(context.get("default_partner_id") or ()))
        action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_follow_up_action_record")
        return {**action, "context": context}
