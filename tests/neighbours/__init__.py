"""Proof that Odoo's own tests behave with our addons installed exactly as they do without them."""
