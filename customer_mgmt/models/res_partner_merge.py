"""What a merge leaves of a customer: a trace that leads to the survivor."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .res_partner_status import UNCHECKED


class KeptSources(frozenset):
    """Ids of the partners that a running merge archives instead of deleting.

    Passed in the context; its type is what no client can send.
    """


class ResPartner(models.Model):
    """Archives a merged customer with a link to its survivor, so that old numbers and papers still lead somewhere."""

    _inherit = "res.partner"

    merged_into_id = fields.Many2one(
        "res.partner",
        string="Merged into",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The partner that took over everything this one had. Recorded by the merge; if that partner is merged "
        "again, this leads to the new one.",
        prefetch="customer_file",
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"merged_into_id"}

    def _keeps_identity_after_merge(self):
        """Return those of these partners that a merge must archive instead of deleting.

        Managed customers, managed suppliers where that addon is installed, and whoever a merge kept before. Addons that
        record more on a partner extend this.
        """
        status_fields = {"customer_status", "supplier_status"} & self._fields.keys()
        return self.filtered(
            lambda partner: (
                partner.merged_into_id
                or (partner.commercial_partner_id == partner and any(partner[name] for name in status_fields))
            )
        )

    def _archive_merged(self, survivor):
        """Set these merged partners aside: archived, leading to ``survivor``, no customers any more."""
        # Odoo's merge has moved the link to themselves along with all others.
        self.env.add_to_compute(self._fields["commercial_partner_id"], self)
        self.with_context(customer_unchecked=UNCHECKED).write({"active": False, "merged_into_id": survivor.id})
        note = self.env._("Merged into %s, which has everything this one had.", survivor._get_html_link())
        self._message_log_batch(bodies={partner.id: note for partner in self})

    def unlink(self):
        """Let the sources survive that a running merge has just archived; everything else goes as ever."""
        kept = self.env.context.get("customer_merge_kept")
        if isinstance(kept, KeptSources):
            return super(ResPartner, self.filtered(lambda partner: partner.id not in kept)).unlink()
        return super().unlink()

    def write(self, vals):
        """Let nobody bring a merged partner back by the way: two files of one customer would grow again."""
        if not (vals.get("active") or vals.get("customer_status")):
            return super().write(vals)
        merged = self.sudo().filtered(lambda partner: partner.merged_into_id and not partner.active)
        if not merged or self.env.context.get("customer_unchecked") is UNCHECKED:
            return super().write(vals)
        may = self.env.su or self.env.user.has_group("customer_mgmt.group_customer_merge")
        if not (may and vals.get("active")):
            raise UserError(
                self.env._(
                    "%(customer)s was merged into %(survivor)s and stays archived. Use that one, or ask somebody with "
                    "the right “Merge Customers” to take it out of the archive.",
                    customer=merged[0].name,
                    survivor=merged[0].merged_into_id.name,
                )
            )
        result = super().write(vals)
        merged._end_merged()
        return result

    def _end_merged(self):
        """Make partners of their own again of merged ones, and say so on both sides."""
        bodies, survivors = {}, {}
        for partner in self:
            survivor = partner.merged_into_id
            bodies[partner.id] = self.env._(
                "Taken out of the archive: no longer part of %s. Everything that was moved stays there.",
                survivor._get_html_link(),
            )
            survivors[survivor.id] = self.env._(
                "%s, once merged into this one, was taken out of the archive.", partner._get_html_link()
            )
        partners = self.browse([*survivors, *bodies])
        self.write({"merged_into_id": False})
        partners._message_log_batch(bodies={**survivors, **bodies})

    def _partner_history_counts(self):
        """Count also the customers that were merged into these: deleting the survivor would cut off their trace."""
        counts = super()._partner_history_counts()
        # sudo: only the numbers leave
        Partner = self.sudo().with_context(active_test=False)
        groups = Partner._read_group(Domain("merged_into_id", "in", self.ids), ["merged_into_id"], ["__count"])
        if groups:
            counts[self.env._("Merged Customers")] = {survivor.id: count for survivor, count in groups}
        return counts

    def action_open_merged_into(self):
        """Open the partner that took this one over."""
        self.ensure_one()
        self.check_access("read")
        return self.merged_into_id.action_open_customer_form()
