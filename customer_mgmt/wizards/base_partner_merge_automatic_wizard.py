"""Merging customers with Odoo's own wizard."""

from ast import literal_eval

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..models.res_partner_merge import KeptSources
from ..models.res_partner_status import UNCHECKED

# The survivor takes the status that says most about the customer.
STATUS_RANK = {False: 0, "invalid": 1, "prospect": 2, "active": 3}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Lets only those merge customers who may, keeps numbers, statuses and sources, and writes the journal.

    Partners that are no customers are merged exactly as Odoo does.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    move_preview = fields.Html(
        compute="_compute_move_preview",
        sanitize=False,
        help="Records that point at the other partners now and will point at the destination; and which of the others "
        "are archived instead of deleted.",
    )

    @api.depends("partner_ids", "dst_partner_id")
    @api.depends_context("lang")
    def _compute_move_preview(self):
        """Show what the journal will say."""
        for wizard in self:
            partners = wizard.partner_ids._origin
            sources = partners - wizard.dst_partner_id._origin
            if not sources or sources == partners:
                wizard.move_preview = False
                continue
            counts = partners._count_merge_links(sources)
            labels = partners._model_labels(counts)
            rows = sorted(f"{labels[model]}: {count}" for model, count in counts.items())
            if kept := sources.sudo()._keeps_identity_after_merge():
                rows.append(
                    self.env._("Archived with a link to the destination: %s", ", ".join(kept.mapped("display_name")))
                )
            wizard.move_preview = Markup("<ul>%s</ul>") % Markup().join(Markup("<li>%s</li>") % row for row in rows)

    # -- who may merge ---------------------------------------------------------------------------------------------

    @api.model
    def _may_merge_customers(self):
        """Tell whether the user, or code that acts for the system, may merge customers."""
        return self.env.su or self.env.user.has_group("customer_mgmt.group_customer_merge")

    def _check_customer_merge(self, partners, survivor):
        """Refuse before anything happens: whoever may not merge customers, and a survivor that is none."""
        customers = partners._managed_customers()
        if customers and not self._may_merge_customers():
            raise AccessError(
                self.env._(
                    "%(customers)s: customers are merged only by users with the right “Merge Customers”. "
                    "Ask one of them, or an administrator for the right.",
                    customers=customers._quote_names(),
                )
            )
        if customers:
            customers.check_access("write")
        survivor = (survivor if survivor in partners else self._get_ordered_partner(partners.ids)[-1]).sudo()
        if survivor.merged_into_id:
            raise UserError(
                self.env._(
                    "Destination Contact: %(partner)s was merged into %(survivor)s before. Choose that one.",
                    partner=survivor.name,
                    survivor=survivor.merged_into_id.name,
                )
            )

    def _process_query(self, query):
        """Propose no customers to whoever may not merge them; an automatic run would stop half-way."""
        super()._process_query(query)
        if self._may_merge_customers():
            return
        ids_by_line = {line: literal_eval(line.aggr_ids) for line in self.line_ids}
        partners = self.env["res.partner"].browse([pid for ids in ids_by_line.values() for pid in ids])
        customer_ids = set(partners._managed_customers().ids)
        refused = [line.id for line, ids in ids_by_line.items() if customer_ids.intersection(ids)]
        self.line_ids.browse(refused).unlink()
        self.number_group = len(self.line_ids)

    # -- the merge, step by step -----------------------------------------------------------------------------------

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Check the right to merge, and note which sources Odoo must not delete."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if len(partners) > 1:
            self._check_customer_merge(partners, dst_partner)
        # sudo: what a source is decides, not what the user may read of it
        kept = KeptSources(partners.sudo()._keeps_identity_after_merge().ids)
        marks = {"customer_merge_kept": kept, "customer_unchecked": UNCHECKED}
        wizard = self.with_context(**marks)
        # The survivor keeps the environment that the caller chose for it: Odoo writes on it with that one's rights.
        survivor = dst_partner and dst_partner.with_context(**marks)
        return super(BasePartnerMergeAutomaticWizard, wizard)._merge(partner_ids, survivor, extra_checks)

    def _merge_bank_accounts(self, src_partners, dst_partner):
        """Write the journal first: this is the first step of Odoo's that moves anything."""
        partners = (src_partners | dst_partner).sudo()
        if self._kept_among(src_partners) or any(partner.customer_status for partner in partners):
            self.env["partner.merge.log"]._record_merge(src_partners, dst_partner)
            self._before_customers_merge(src_partners, dst_partner)
        self._cut_links_among(partners, src_partners)
        return super()._merge_bank_accounts(src_partners, dst_partner)

    def _before_customers_merge(self, sources, survivor):
        """Prepare rows that could not stand side by side on the survivor; extended where there are such rows."""

    def _kept_among(self, partners):
        """Return those of ``partners`` that the running merge archives instead of deleting."""
        kept = self.env.context.get("customer_merge_kept", ())
        return partners.filtered(lambda partner: partner.id in kept)

    def _cut_links_among(self, partners, sources):
        """Cut the links among ``partners``, which would make of the survivor its own parent, and of ``sources``' trace.

        Odoo refuses to merge a contact with its own company; that link needs no care.
        """
        names = [name for name in partners._partner_self_links() if name not in ("parent_id", "merged_into_id")]
        partners.flush_recordset()
        for name in names:
            column = SQL.identifier(name)
            ids = tuple(partners.ids)
            self.env.cr.execute(
                SQL("UPDATE res_partner SET %s = NULL WHERE id IN %s AND %s IN %s", column, ids, column, ids)
            )
        # What was merged before gets its new link in the end; Odoo would copy the old one to the survivor.
        self.env.cr.execute(SQL("UPDATE res_partner SET merged_into_id = NULL WHERE id IN %s", tuple(sources.ids)))
        partners.invalidate_recordset([*names, "merged_into_id"])

    def _update_values(self, src_partners, dst_partner):
        """Take number and status off the sources before Odoo copies values, and hand them over afterwards.

        Two partners cannot have the same number for a moment, and a contact's status is its company's, not its own.
        """
        sources, survivor = src_partners.sudo(), dst_partner.sudo()
        customers = (survivor | sources).filtered_domain(survivor._customer_domain())
        # Of several with the same status the survivor comes first.
        leader = max(customers, key=lambda customer: STATUS_RANK[customer.customer_status], default=None)
        facts = leader and {
            name: leader._fields[name].convert_to_write(leader[name], leader)
            for name in ["customer_status", "customer_status_before_invalid", *leader._invalid_fields()]
        }
        numbers = {partner.customer_number: (partner.company_id.id, partner.name) for partner in sources}
        numbers.pop(False, None)
        if released := sources.filtered("customer_status"):
            released._release_customer()
        result = super()._update_values(src_partners, dst_partner)
        if leader:
            self._hand_over_customer(survivor, facts, numbers)
        return result

    def _hand_over_customer(self, survivor, facts, numbers):
        """Give the survivor (its company, for a contact person) the status, and a number if it has none.

        The other ``numbers``, {number: (company id, name) of who had it}, lead to it as aliases, and are noted.
        """
        entity = survivor.commercial_partner_id
        if entity != survivor and survivor.customer_number:
            # It became a contact just now; the number goes to its company.
            numbers = {survivor.customer_number: (survivor.company_id.id, survivor.name), **numbers}
            survivor._release_customer()
        # A source of another company may bring a number that the survivor's company has given to someone else.
        taken = entity._find_taken_numbers(entity.company_id.id, numbers) if numbers else {}
        free = next((number for number in numbers if number not in taken), None)
        if free and not entity.customer_number:
            numbers.pop(free)
            # The plain column: the ORM would draw a fresh number first.
            self.env.cr.execute(SQL("UPDATE res_partner SET customer_number = %s WHERE id = %s", free, entity.id))
            entity.invalidate_recordset(["customer_number"])
        if STATUS_RANK[entity.customer_status or False] <= STATUS_RANK[facts["customer_status"]]:
            entity.with_context(customer_unchecked=UNCHECKED).write(facts)
        entity.invalidate_recordset(["child_ids"])  # the sources' contacts are the survivor's by now
        entity._commercial_sync_to_descendants(entity._customer_commercial_fields())
        for number, (company_id, name) in numbers.items():
            entity._add_number_aliases([number], company_id, reason=self.env._("Merged: %s", name))
        entity._refresh_search_keys()
        if numbers:
            entity._message_log(body=self.env._("Customer numbers of the merged partners: %s", ", ".join(numbers)))

    def _log_merge_operation(self, src_partners, dst_partner):
        """Archive what is kept, now that everything has moved and nothing is deleted yet."""
        result = super()._log_merge_operation(src_partners, dst_partner)
        if kept := self._kept_among(src_partners):
            # sudo: as Odoo's own deletion of the sources
            kept.sudo()._archive_merged(dst_partner)
        return result
