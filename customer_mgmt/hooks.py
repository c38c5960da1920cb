"""What an installation adds to a live database beyond data files, and what an uninstallation takes away again."""


def post_init_hook(env):
    """Give every existing company its sequence of customer numbers; companies created later make their own."""
    env["res.company"].with_context(active_test=False).search([])._ensure_customer_sequences()


def uninstall_hook(env):
    """Remove the companies' sequences, which were made by code and which Odoo therefore does not know as ours."""
    companies = env["res.company"].with_context(active_test=False).search([])
    companies.customer_sequence_id.unlink()
