"""The bench: what our addons cost, measured against the same Odoo with the same partners but without them."""
