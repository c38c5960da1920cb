"""The one text by which a managed customer, or a contact person of one, is found."""

from odoo import api, fields, models
from odoo.tools import SQL, sql

from ..tools import search_key

# The form of the keys that are stored; see ``search_key.FORM_VERSION``.
FORM_PARAMETER = "customer_mgmt.search_key_form"


class ResPartner(models.Model):
    """Keeps the search key of managed customers and of their contact persons; nobody else has one, or pays for it."""

    _inherit = "res.partner"

    # Never read with the other columns: it is there to be searched.
    partner_search_key = fields.Text(
        string="Search Key",
        compute="_compute_partner_search_key",
        compute_sudo=True,
        store=True,
        prefetch=False,
        exportable=False,
        groups="base.group_user",
        help="Name, former names, numbers, telephone numbers, e-mail address and so on in the forms in which they are "
        "typed into a search. Kept for customers and their contact persons.",
    )

    # Our own instead of index="trigram": that one is made for ilike and, where the database has unaccent, of no use to
    # a search in a text that is normal already.
    _partner_search_key_trigram = models.Index(
        lambda registry: "USING gin (partner_search_key gin_trgm_ops)" if registry.has_trigram else ""
    )
    # The others: those whom Odoo's own search must find, and the customers that the job has yet to look at.
    # The condition is as wide as what Odoo makes of ("partner_search_key", "=", False), or it could not be used.
    _partner_search_key_missing = models.Index(
        "(customer_status) WHERE partner_search_key IS NULL OR partner_search_key = ''"
    )

    def _auto_init(self):
        """Make the column before Odoo does, which would then compute it for every partner there is."""
        if not sql.column_exists(self.env.cr, self._table, "partner_search_key"):
            sql.create_column(self.env.cr, self._table, "partner_search_key", "text")
        return super()._auto_init()

    @api.model
    def _search_key_sources(self):
        """Return {dotted path: kind} of everything a customer is found by; see ``search_key.FORMS`` for the kinds."""
        return {
            "name": "name",
            "complete_name": "name",
            "former_name_ids.name": "name",
            "customer_number": "number",
            "number_alias_ids.number": "number",
            "phone": "phone",
            "phone_sanitized": "phone",
            "email": "text",
            "ref": "text",
            "vat": "text",
            "company_registry": "text",
        }

    @api.depends(lambda self: [*self._search_key_sources(), "customer_status"])
    def _compute_partner_search_key(self):
        """Keep the key of whoever is managed; whoever is not is found as Odoo does."""
        managed = self.filtered("customer_status")
        (self - managed).partner_search_key = False
        for partner, key in managed._build_search_keys():
            partner.partner_search_key = key

    def _build_search_keys(self):
        """Return a list of each partner with its key (str, never empty)."""
        sources = self._search_key_sources().items()
        return [
            (
                partner,
                search_key.build_key(
                    (kind, value) for path, kind in sources for value in partner.mapped(path) if value
                ),
            )
            for partner in self
        ]

    def _refresh_search_keys(self):
        """Make the keys of these partners and of their contacts anew after SQL has changed what they are made of."""
        # sudo: what is found must not depend on who has caused the change
        partners = self.sudo().with_context(active_test=False).search([("id", "child_of", self.ids)])
        partners.invalidate_recordset([path.split(".")[0] for path in self._search_key_sources()])
        self.env.add_to_compute(self._fields["partner_search_key"], partners)

    # -- after an update ---------------------------------------------------------------------------------------------

    @api.model
    def _renew_search_keys(self):
        """Throw away the keys if their form has changed since they were made, and have them made anew soon.

        Called by data/partner_search_key.xml at each installation and update. Until its turn a customer is found by
        Odoo's own search, as everyone without a key.
        """
        # sudo: written by the update itself
        parameters = self.env["ir.config_parameter"].sudo()
        version = str(search_key.FORM_VERSION)
        if parameters.get_param(FORM_PARAMETER) == version:
            return
        parameters.set_param(FORM_PARAMETER, version)
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE res_partner SET partner_search_key = NULL WHERE partner_search_key IS NOT NULL")
        )
        self.env.invalidate_all()
        self._trigger_search_key_job()

    # -- filling what was never computed -----------------------------------------------------------------------------

    @api.model
    def _trigger_search_key_job(self):
        """Have missing keys filled soon; for code that has made customers by SQL."""
        # sudo: the job is the system's
        job = self.env.ref("customer_mgmt.ir_cron_fill_search_keys", raise_if_not_found=False)
        if job:
            job.sudo()._trigger()

    @api.model
    def _cron_fill_search_keys(self, batch_size=2_000):
        """Give a key to every managed partner without one, a batch per transaction."""
        self.env.flush_all()
        missing = SQL("FROM res_partner WHERE customer_status IS NOT NULL AND partner_search_key IS NULL")
        [(remaining,)] = self.env.execute_query(SQL("SELECT count(*) %s", missing))
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        while filled := self._fill_search_keys(missing, batch_size):
            if not self.env["ir.cron"]._commit_progress(filled):
                break

    @api.model
    def _fill_search_keys(self, missing, batch_size):
        """Fill one batch of ``missing`` (SQL) in one statement, and return how many; who is being changed waits."""
        rows = self.env.execute_query(SQL("SELECT id %s LIMIT %s FOR NO KEY UPDATE SKIP LOCKED", missing, batch_size))
        if not rows:
            return 0
        # sudo: the key is the same for everyone
        partners = self.sudo().browse(partner_id for (partner_id,) in rows)
        keys = [SQL("(%s, %s)", partner.id, key) for partner, key in partners._build_search_keys()]
        # Not by the ORM: nobody has changed these partners, so write_date stays.
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET partner_search_key = given.key FROM (VALUES %s) AS given(id, key) "
                "WHERE res_partner.id = given.id",
                SQL(", ").join(keys),
            )
        )
        self.env.invalidate_all()
        return len(rows)
