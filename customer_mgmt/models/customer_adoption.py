"""Adopting existing partners as customers: what is adopted, how far it has come, and who started it."""

from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

# What a person decides; fixed once the adoption has begun, because the record tells what was adopted.
PLAN_FIELDS = {"preset", "tag_ids", "domain", "company_id", "customer_status", "category_id"}
# What only the system writes; a client that could would adopt with another person's rights.
SYSTEM_FIELDS = {"state", "total", "started_by_id", "started_on", "finished_on", "batch_ids"}


class CustomerAdoption(models.Model):
    """Makes managed customers of partners that are there already, in the background, while everyone goes on working.

    The record stays as the log of what was adopted. How far it has come is told by the partners themselves: whoever
    has a customer status is done, so it can be stopped and resumed at any time, and run twice without harm.
    """

    _name = "customer.adoption"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Adoption of Customers"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        copy=False,
        default=lambda self: self.env._("Adoption of %s", format_date(self.env, fields.Date.context_today(self))),
    )
    preset = fields.Selection(
        selection="_selection_preset",
        string="Adopt",
        required=True,
        default=lambda self: self._selection_preset()[0][0],
        help="Which partners become customers. Where a contact person meets the condition, its company is adopted.",
    )
    tag_ids = fields.Many2many("res.partner.category", string="Tags", help="One of these, or of the tags below them.")
    domain = fields.Char(string="Filter", default="[]")
    company_id = fields.Many2one(
        "res.company",
        string="Only of Company",
        help="Only partners (and orders) of this company, besides partners that are shared by all. "
        "Empty: of all companies of the user who starts it.",
    )
    customer_status = fields.Selection(
        [("active", "Active"), ("prospect", "Prospect")],
        string="Become",
        required=True,
        default="active",
        help="The customer status that the partners get.",
    )
    category_id = fields.Many2one(
        "customer.category",
        check_company=True,
        ondelete="restrict",
        help="Given to customers that have none. Where it belongs to a company, only partners of that company are "
        "adopted.",
    )
    to_adopt_count = fields.Integer(
        string="Customers to Adopt",
        compute="_compute_counts",
        help="Companies and persons on their own that meet the condition and are no customers yet. Never adopted: our "
        "own companies and the partners of internal users.",
    )
    contact_count = fields.Integer(
        string="Contacts That Follow", compute="_compute_counts", help="The contact persons of the customers to adopt."
    )
    managed_count = fields.Integer(
        string="Customers Already",
        compute="_compute_counts",
        help="Meet the condition and are customers already: they are left alone.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("stopped", "Stopped"), ("done", "Done")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    batch_ids = fields.One2many("customer.adoption.batch", "adoption_id", string="Steps", readonly=True, copy=False)
    total = fields.Integer(
        readonly=True, copy=False, help="Customers to adopt when it was started, and those that were adopted before."
    )
    done = fields.Integer(string="Adopted", compute="_compute_progress", help="Partners that have become customers.")
    done_contacts = fields.Integer(
        string="Adopted Contacts", compute="_compute_progress", help="Contact persons that have followed their company."
    )
    progress = fields.Float(compute="_compute_progress", help="Adopted / total, in percent.")
    started_by_id = fields.Many2one("res.users", string="Started By", readonly=True, copy=False)
    started_on = fields.Datetime(readonly=True, copy=False)
    finished_on = fields.Datetime(readonly=True, copy=False)

    @api.model
    def _selection_preset(self):
        """Offer what the installed apps know about; the search by any filter is always there."""
        presets = []
        if "customer_rank" in self.env["res.partner"]._fields:
            presets.append(("customer_rank", self.env._("Partners invoiced as customers")))
        if "sale.order" in self.env:
            presets.append(("sale_order", self.env._("Partners with confirmed sales orders")))
        return [
            *presets,
            ("tags", self.env._("Partners with certain tags")),
            ("domain", self.env._("Partners that match a filter")),
        ]

    @api.depends("batch_ids", "total", "state")
    def _compute_progress(self):
        """Add up the steps in one query for all adoptions."""
        groups = self.env["customer.adoption.batch"]._read_group(
            [("adoption_id", "in", self.ids)], ["adoption_id"], ["customer_count:sum", "contact_count:sum"]
        )
        sums = {adoption: counts for adoption, *counts in groups}
        for adoption in self:
            adoption.done, adoption.done_contacts = sums.get(adoption._origin, (0, 0))
            adoption.progress = 100 * min(1, adoption.done / adoption.total) if adoption.total else 0
            if adoption.state == "done":
                adoption.progress = 100

    @api.depends("preset", "tag_ids", "domain", "company_id", "category_id", "state")
    def _compute_counts(self):
        """Count what would happen, while something can still happen; nothing for a condition that is incomplete."""
        for adoption in self:
            counts = (0, 0, 0)
            if adoption.state != "done" and not adoption._explain_bad_condition():
                counts = adoption._count_partners()
            adoption.to_adopt_count, adoption.contact_count, adoption.managed_count = counts

    def _count_partners(self):
        """Return how many (customers to adopt, contacts that follow, customers already)."""
        query = self._query_to_adopt()
        [(to_adopt, contacts)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FILTER (WHERE id = commercial_partner_id), "
                "count(*) FILTER (WHERE id != commercial_partner_id) "
                "FROM res_partner WHERE commercial_partner_id IN %s",
                query.subselect(),
            )
        )
        managed = self._partner_model()._customer_domain() & self._condition_domain()
        return to_adopt, contacts, self._partner_model().search_count(managed)

    # -- the condition -----------------------------------------------------------------------------------------------

    def _partner_model(self):
        """Return the partners as whoever has started the adoption, or is about to, may see them in all companies."""
        user = self.started_by_id or self.env.user
        return self.env["res.partner"].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def _preset_domain(self):
        """Return the condition as a domain on any partner, contact persons included."""
        match self.preset:
            case "customer_rank":
                return Domain("customer_rank", ">", 0)
            case "sale_order":
                companies = (self.started_by_id or self.env.user).company_ids
                companies = companies & self.company_id if self.company_id else companies
                orders = Domain("state", "=", "sale") & Domain("company_id", "in", companies.ids)
                # any!: whoever adopts customers need not be allowed to see orders
                return Domain("sale_order_ids", "any!", orders)
            case "tags":
                return Domain("category_id", "child_of", self.tag_ids.ids)
            case _:
                return Domain(literal_eval(self.domain or "[]"))

    def _condition_domain(self):
        """Return the condition as a domain on commercial entities, each for itself and its contact persons."""
        matching = self._partner_model()._search(self._preset_domain())
        domain = Domain("id", "in", matching.subselect(SQL.identifier(matching.table, "commercial_partner_id")))
        if self.category_id.company_id:
            return domain & Domain("company_id", "=", self.category_id.company_id.id)
        if self.company_id:
            return domain & Domain("company_id", "in", [self.company_id.id, False])
        return domain

    def _query_to_adopt(self):
        """Return the query of the partners to adopt, the oldest first."""
        Partner = self._partner_model()
        return Partner._search(self._condition_domain() & Partner._adoptable_domain(), order="create_date, id")

    def _explain_bad_condition(self):
        """Return why the condition cannot be searched (str), or False."""
        self.ensure_one()
        if self.preset == "tags" and not self.tag_ids:
            return self.env._("Tags: none is chosen. Choose the tags of the partners to adopt.")
        if self.preset not in dict(self._selection_preset()):
            return self.env._("Adopt: nothing is chosen, or its app is not installed any more. Choose a condition.")
        try:
            self._partner_model()._search(self._preset_domain())
        except (ValueError, SyntaxError, TypeError, KeyError, UserError) as error:
            return self.env._("Filter: it is not understood (%s). Correct it, or build it anew.", error)
        return False

    @api.constrains("preset", "domain")
    def _check_condition(self):
        """Refuse a filter that cannot be searched; that tags are missing matters only at the start."""
        for adoption in self.filtered(lambda adoption: adoption.preset == "domain"):
            if reason := adoption._explain_bad_condition():
                raise ValidationError(reason)

    # -- what people may do ------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Begin as a draft, whatever the client says."""
        for vals in vals_list:
            self._refuse_system_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Keep what was adopted, by whom and how far as it was."""
        self._refuse_system_fields(vals)
        started = self.filtered(lambda adoption: adoption.state != "draft")
        if started and vals.keys() & PLAN_FIELDS:
            raise UserError(
                self.env._(
                    "“%s” has been started and stays as the record of what was adopted. Make a new adoption for other "
                    "partners.",
                    started[0].name,
                )
            )
        return super().write(vals)

    def _refuse_system_fields(self, vals):
        """Refuse values that only the system may write."""
        if not self.env.su and any(vals.get(name) not in (None, False, "draft", []) for name in SYSTEM_FIELDS):
            raise UserError(
                self.env._("An adoption is started and stopped by its buttons; its progress is written by the system.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        """Keep the log of what was adopted."""
        for adoption in self:
            if adoption.state != "draft":
                raise UserError(
                    self.env._("“%s” has been started and stays as the record of what was adopted.", adoption.name)
                )

    def action_start(self):
        """Begin, or go on after a stop; the job does the work."""
        self.check_access("write")
        for adoption in self.filtered(lambda adoption: adoption.state in ("draft", "stopped")):
            if reason := adoption._explain_bad_condition():
                raise ValidationError(reason)
            # sudo: the checked method may write what a client may not
            adoption.sudo().write(
                {
                    "state": "running",
                    "started_by_id": self.env.uid,
                    "started_on": adoption.started_on or fields.Datetime.now(),
                }
            )
            adoption.sudo().total = adoption.done + adoption.to_adopt_count
        # sudo: as above; the job is the system's
        self.env.ref("customer_mgmt.ir_cron_adopt_customers").sudo()._trigger()

    def action_stop(self):
        """Stop after the step that is under way; whoever has been adopted stays a customer."""
        self.check_access("write")
        # sudo: the checked method may write what a client may not
        self.filtered(lambda adoption: adoption.state == "running").sudo().state = "stopped"

    def action_refresh(self):
        """Show how far it has come: the client reloads the form after any button."""
        self.check_access("read")

    def action_open_partners(self):
        """Show the partners that would be adopted, before it is done."""
        self.ensure_one()
        self.check_access("read")
        if reason := self._explain_bad_condition():
            raise ValidationError(reason)
        query = self._query_to_adopt()
        query.limit = 1_000  # a look, no list to work with
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers to Adopt (at most %s)", query.limit),
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": [("id", "in", list(query))],
        }
