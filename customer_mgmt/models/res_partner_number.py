"""The customer number."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, groupby


class ResPartner(models.Model):
    """Numbers managed customers: at once, in batches, uniquely within their company, and for good.

    The number stands on the commercial entity only. Partners of a company draw from that company's sequence, partners
    without one from the shared sequence; the category may put its own prefix in front. A number brought along (an
    import from the old system) is kept.
    """

    _inherit = "res.partner"

    customer_number = fields.Char(
        copy=False,
        groups="base.group_user",
        help="Given when the partner becomes a customer, and never changed or used again.",
        prefetch="customer_file",
    )
    commercial_customer_number = fields.Char(
        string="Customer Number of the Company",
        related="commercial_partner_id.customer_number",
        groups="base.group_user",
    )

    # Also the access path of every search by number or by its beginning, whatever the collation.
    _customer_number_unique = models.UniqueIndex(
        "(customer_number text_pattern_ops, COALESCE(company_id, 0)) WHERE customer_number IS NOT NULL",
        "Customer Number: another customer of the company has this number already.",
    )

    @api.model
    def _get_shared_customer_sequence(self):
        """Return the sequence of the customers that belong to no company."""
        sequence = self.env.ref("customer_mgmt.sequence_customer_number", raise_if_not_found=False)
        if not sequence:
            raise UserError(
                self.env._(
                    "Customer Number: the sequence for shared customers was deleted. Update the app "
                    "“Customer Management” to get it back."
                )
            )
        return sequence

    # -- giving numbers --------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Number new customers within the one INSERT; a second statement per customer would double the cost."""
        vals_list = [dict(vals) for vals in vals_list]  # a caller may pass one dict several times
        names = ["customer_status", "customer_category_id", "is_company", "parent_id", "company_id"]
        defaults = self.default_get(names)
        customers = [vals for vals in vals_list if self._will_be_customer({**defaults, **vals})]
        given = [vals for vals in vals_list if vals.get("customer_number")]
        for vals in given:
            vals["customer_number"] = self._clean_number(vals["customer_number"])
        self._refuse_bad_numbers([(defaults | vals) for vals in given])
        unnumbered = [vals for vals in customers if not vals.get("customer_number")]
        keys = [self._number_key(defaults | vals) for vals in unnumbered]
        for vals, number in zip(unnumbered, self._draw_customer_numbers(keys), strict=True):
            vals["customer_number"] = number
        return super().create(vals_list)

    def write(self, vals):
        """Keep given numbers frozen and unique, and number whoever becomes a customer by this change."""
        if "customer_number" in vals:
            vals = {**vals, "customer_number": self._clean_number(vals["customer_number"])}
            self._check_number_change(vals)
        elif vals.get("company_id"):
            self._check_company_change(vals["company_id"])
        result = super().write(vals)
        if vals.keys() & {"customer_status", "parent_id", "is_company", "company_type"}:
            self._number_customers()
        return result

    @api.model
    def _clean_number(self, number):
        """Return a typed or imported number as it is stored: without outer blanks, in capitals, empty as False."""
        return (number or "").strip().upper() or False

    @api.model
    def _will_be_customer(self, vals):
        """Tell whether ``vals`` (with defaults) create a customer that counts: managed, and no contact person."""
        is_company = vals.get("is_company") or vals.get("company_type") == "company"
        return bool(vals.get("customer_status")) and (is_company or not vals.get("parent_id"))

    @api.model
    def _number_key(self, vals):
        """Return what decides the look of a number: (company id or False, category id or False)."""
        return vals.get("company_id") or False, vals.get("customer_category_id") or False

    def _number_customers(self):
        """Number those of these partners that are customers and have no number yet, in one statement."""
        # sudo: who may change a partner need not be allowed to read all of it
        customers = self.sudo().filtered(
            lambda partner: (
                partner.customer_status and not partner.customer_number and partner.commercial_partner_id == partner
            )
        )
        if not customers:
            return
        keys = [(customer.company_id.id, customer.customer_category_id.id) for customer in customers]
        rows = [
            SQL("(%s, %s)", customer.id, number)
            for customer, number in zip(customers, self._draw_customer_numbers(keys), strict=True)
        ]
        self.flush_model(["customer_number"])
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET customer_number = given.number FROM (VALUES %s) AS given(id, number) "
                "WHERE res_partner.id = given.id",
                SQL(", ").join(rows),
            )
        )
        customers.invalidate_recordset(["customer_number"])
        self.env["res.partner"].browse(customers.ids).modified(["customer_number"])

    @api.model
    def _draw_customer_numbers(self, keys):
        """Return one new number (str) per key (company id, category id), in the order of ``keys``."""
        numbers = [None] * len(keys)
        for company_id, group in groupby(enumerate(keys), key=lambda item: item[1][0]):
            positions = [position for position, _key in group]
            categories = [keys[position][1] for position in positions]
            for position, number in zip(positions, self._draw_for_company(company_id, categories), strict=True):
                numbers[position] = number
        return numbers

    @api.model
    def _draw_for_company(self, company_id, category_ids):
        """Return one unused number (str) of the company (id or False) per category id (or False), in order."""
        # sudo: sequences, and categories of a parent company, are the business of the system
        company = self.env["res.company"].sudo().browse(company_id)
        company._ensure_customer_sequences()
        sequence = company.customer_sequence_id if company else self._get_shared_customer_sequence().sudo()
        prefixes = {
            category.id: category._get_number_prefix()
            for category in self.env["customer.category"].sudo().browse(filter(None, set(category_ids)))
        }
        drawn = {}  # position: number; each position keeps its category, whichever of the others must draw again
        missing = list(range(len(category_ids)))
        rounds = 0
        while missing:
            # Imported numbers may stand in the way. After three attempts each round leaps twice as far, so that even a
            # sequence that begins again at 1 below a million numbers gets past them in some twenty rounds.
            step = 1 << max(0, rounds - 2)
            numbers = sequence._draw_numbers(len(missing) * step)[-len(missing) :]
            candidates = {
                position: (prefixes.get(category_ids[position]) or prefix) + digits
                for position, (prefix, digits) in zip(missing, sequence._format_numbers(numbers), strict=True)
            }
            taken = self._find_taken_numbers(company_id, candidates.values())
            drawn |= {position: number for position, number in candidates.items() if number not in taken}
            missing = [position for position in missing if position not in drawn]
            rounds += 1
        return [drawn[position] for position in range(len(category_ids))]

    # -- keeping them unique and frozen ----------------------------------------------------------------------------

    @api.model
    def _find_taken_numbers(self, company_id, numbers):
        """Return {number: partner id} for those of ``numbers`` that a partner of the company (or none) has or had."""
        self.flush_model(["customer_number", "company_id"])
        self.env["partner.number.alias"].flush_model(["number", "kind", "company_id", "partner_id"])
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT number, partner_id FROM partner_number_alias WHERE kind = 'customer' "
                    "AND number IN %(numbers)s AND COALESCE(company_id, 0) = %(company)s UNION ALL "
                    "SELECT customer_number, id FROM res_partner "
                    "WHERE customer_number IN %(numbers)s AND COALESCE(company_id, 0) = %(company)s",
                    numbers=tuple(numbers),
                    company=company_id or 0,
                )
            )
        )

    @api.model
    def _refuse_bad_numbers(self, vals_list):
        """Refuse given numbers that no customer can have: of a contact, of nobody's customer, double, or taken."""
        for company_id, group in groupby(vals_list, key=lambda vals: vals.get("company_id") or False):
            numbers = [vals["customer_number"] for vals in group]
            taken = self._find_taken_numbers(company_id, numbers)
            for vals in group:
                number = vals["customer_number"]
                if not self._will_be_customer(vals):
                    raise ValidationError(
                        self.env._(
                            "Customer Number: “%(name)s” is no customer of its own, so it cannot have the number "
                            "%(number)s. Set its customer status first; a contact uses its company's number.",
                            name=vals.get("name"),
                            number=number,
                        )
                    )
                if number in taken or numbers.count(number) > 1:
                    self._raise_number_taken(number, taken.get(number))

    def _raise_number_taken(self, number, partner_id=None):
        """Say who has the number already, as far as the user may know."""
        owner = self.browse(partner_id).exists()._filtered_access("read")
        raise ValidationError(
            self.env._(
                "Customer Number: %(number)s already belongs to %(owner)s. Choose another or leave it empty.",
                number=number,
                owner=owner.display_name or self.env._("another customer"),
            )
        )

    def _check_number_change(self, vals):
        """Refuse to change a number once given, and to take one that is taken."""
        number = vals["customer_number"]
        changing = self.sudo().filtered(lambda partner: partner.customer_number != number)
        if numbered := changing.filtered("customer_number")[:1]:
            raise UserError(
                self.env._(
                    "Customer Number: %(customer)s keeps the number %(number)s for good; it stands on documents.",
                    customer=numbered.display_name,
                    number=numbered.customer_number,
                )
            )
        names = ["name", "customer_status", "is_company", "parent_id", "company_id"]
        self._refuse_bad_numbers(
            [partner._convert_to_write({name: partner[name] for name in names}) | vals for partner in changing]
        )

    def _check_company_change(self, company_id):
        """Refuse to move a customer to a company where another customer has the same number."""
        moving = self.sudo().filtered(lambda partner: partner.customer_number and partner.company_id.id != company_id)
        if moving:
            taken = self._find_taken_numbers(company_id, moving.mapped("customer_number"))
            for number, partner_id in taken.items():
                self._raise_number_taken(number, partner_id)

    def _release_customer(self):
        """Make plain partners of customers, without drawing attention: they are merged, or their company is deleted."""
        self.flush_recordset()
        columns = ["customer_number", "customer_status", "customer_status_before_invalid", *self._invalid_fields()]
        assignments = SQL(", ").join(SQL("%s = NULL", SQL.identifier(column)) for column in columns)
        self.env.cr.execute(SQL("UPDATE res_partner SET %s WHERE id IN %s", assignments, tuple(self.ids)))
        self.invalidate_recordset(columns)
        self.modified(columns)
