"""What an installation adds to a live database beyond data files, and what an uninstallation takes away again."""

from .models.partner_dimension_type import CONFIRMED
from .models.res_partner_search_key import FORM_PARAMETER


def post_init_hook(env):
    """Give existing companies their sequences of customer numbers, and begin the history of the tags that there are.

    Companies created later make their own.
    """
    env["res.company"].with_context(active_test=False).search([])._ensure_customer_sequences()
    env["partner.tag.assignment"]._trigger_night_job()


def uninstall_hook(env):
    """Remove what Odoo does not know as ours, and would leave behind."""
    _remove_follow_ups(env)
    # An index on Odoo's own column, which outlives the field's declaration.
    env.cr.execute("DROP INDEX IF EXISTS calendar_attendee__partner_id_index")
    _remove_dimensions(env)
    _remove_sequences(env)
    env["ir.config_parameter"].search([("key", "=", FORM_PARAMETER)]).unlink()
    _forget_borrowed_parts(env)


def _remove_dimensions(env):
    """Remove all dimension types with their columns, which are custom fields to Odoo, and what fails without these.

    Views that somebody made and that show a column are archived: nobody can use them, but they can be read.
    """
    types = env["partner.dimension.type"].with_context(active_test=False, dimension_delete=CONFIRMED).search([])
    for view in types._mentioning("ir.ui.view", "arch_db"):
        view.active = False
    types._mentioning("ir.exports.line", "name").unlink()
    types.unlink()


def _remove_sequences(env):
    """Remove the companies' sequences, which were made by code."""
    companies = env["res.company"].with_context(active_test=False).search([])
    companies.customer_sequence_id.unlink()


def _forget_borrowed_parts(env):
    """Remove the external ids under which other modules know parts of our models: what these inherit from a mixin."""
    Data = env["ir.model.data"]
    named = Data.search([("module", "=", "customer_mgmt"), ("model", "=", "ir.model")]).mapped("res_id")
    shared = Data.search([("module", "!=", "customer_mgmt"), ("model", "=", "ir.model"), ("res_id", "in", named)])
    models = list(set(named) - set(shared.mapped("res_id")))
    fields = env["ir.model.fields"].search([("model_id", "in", models)])
    parts = {
        "ir.model.fields.selection": [("field_id", "in", fields.ids)],
        "ir.model.inherit": [("model_id", "in", models)],
    }
    for model, domain in parts.items():
        ids = env[model].search(domain).ids
        Data.search([("module", "!=", "customer_mgmt"), ("model", "=", model), ("res_id", "in", ids)]).unlink()


def _remove_follow_ups(env):
    """Remove the activities that show next steps; messages and papers of our records Odoo removes with their models.

    Activities that people planned with our types become to-dos, and stay.
    """
    steps = env["partner.follow.up.step"].search([("activity_id", "!=", False)])
    activities = steps.activity_id.with_context(active_test=False)
    steps.write({"activity_id": False})
    activities.unlink()
    data = env["ir.model.data"].search([("module", "=", "customer_mgmt"), ("model", "=", "mail.activity.type")])
    left = (
        env["mail.activity"].with_context(active_test=False).search([("activity_type_id", "in", data.mapped("res_id"))])
    )
    left.write({"activity_type_id": env.ref("mail.mail_activity_data_todo").id})
