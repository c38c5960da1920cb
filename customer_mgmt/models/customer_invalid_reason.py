"""Why customers are set aside."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CustomerInvalidReason(models.Model):
    """A reason to mark a customer invalid, so that a year later one can still tell a closed shop from a mistake."""

    _name = "customer.invalid.reason"
    _description = "Reason for Invalid Customers"
    _rec_names_search = ["name", "code"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="A short, stable key for imports and reports. Unique.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code) WHERE code IS NOT NULL", "Code: another reason has this code already.")

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a code that is taken before anything is written."""
        self.browse()._refuse_taken_codes([vals["code"] for vals in vals_list if vals.get("code")])
        return super().create(vals_list)

    def write(self, vals):
        """Refuse a code that is taken before anything is written."""
        if vals.get("code"):
            self._refuse_taken_codes([vals["code"]] * len(self))
        return super().write(vals)

    def _refuse_taken_codes(self, codes):
        """Name the reason that has a code already; the index would say so later, with an error in the log."""
        domain = [("code", "in", codes), ("id", "not in", self.ids)]
        twin = self.with_context(active_test=False).search(domain, limit=1) if codes else self.browse()
        double = twin.code or next((code for code in codes if codes.count(code) > 1), None)
        if double:
            raise ValidationError(
                self.env._(
                    "Code: “%(code)s” already belongs to the reason “%(reason)s”. Choose another code.",
                    code=double,
                    reason=twin.name or self.env._("another one of this list"),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Say what stands in the way, and what to do instead."""
        # sudo: a reason is in use also where the user may not look
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        groups = Partner._read_group([("invalid_reason_id", "in", self.ids)], ["invalid_reason_id"], ["__count"])
        for reason, count in groups:
            raise UserError(
                self.env._(
                    "Reason: “%(reason)s” is still in use (customers: %(count)s). Archive it instead.",
                    reason=reason.name,
                    count=count,
                )
            )
