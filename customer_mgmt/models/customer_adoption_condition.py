"""Which partners an adoption takes."""

from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerAdoption(models.Model):
    """Turns the choice of a person into one search of commercial entities, for the preview and for the job alike."""

    _inherit = "customer.adoption"

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

    def _partner_model(self):
        """Return the partners as whoever has started the adoption, or is about to, may see them in all companies."""
        user = self.started_by_id or self.env.user
        return self.env["res.partner"].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def _preset_domain(self):
        """Return the condition as a domain on any partner, contact persons included."""
        if self.preset == "customer_rank":
            return Domain("customer_rank", ">", 0)
        if self.preset == "sale_order":
            companies = (self.started_by_id or self.env.user).company_ids
            companies = companies & self.company_id if self.company_id else companies
            orders = Domain("state", "=", "sale") & Domain("company_id", "in", companies.ids)
            # any!: whoever adopts customers need not be allowed to see orders
            return Domain("sale_order_ids", "any!", orders)
        if self.preset == "tags":
            return Domain("category_id", "child_of", self.tag_ids.ids)
        return Domain(literal_eval(self.domain or "[]"))

    def _condition_domain(self):
        """Return the condition as a domain on commercial entities, each for itself and its contact persons."""
        self.env["res.partner"].flush_model(["commercial_partner_id"])
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
