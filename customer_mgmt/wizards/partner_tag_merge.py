"""The dialog that makes one tag of several."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PartnerTagMerge(models.TransientModel):
    """Says what a merge of tags will move, and does it; what that means is in res_partner_category_merge.py."""

    _name = "partner.tag.merge"
    _description = "Merge Tags"

    tag_ids = fields.Many2many("res.partner.category", string="Tags to Merge", context={"active_test": False})
    target_id = fields.Many2one(
        "res.partner.category",
        string="Kept Tag",
        domain="[('id', 'in', tag_ids), ('active', '=', True)]",
        ondelete="cascade",
        help="It takes over everything the others have; they are archived with a link to it.",
    )
    problem = fields.Char(compute="_compute_summary", help="Why these tags cannot be merged.")
    summary = fields.Html(
        compute="_compute_summary",
        sanitize=False,
        help="What will point to the kept tag. All partners are counted, whoever may see them.",
    )

    @api.model
    def default_get(self, fields_list):
        """Begin with the selected tags, and keep the one that is used most."""
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "res.partner.category":
            tags = self.env["res.partner.category"].browse(self.env.context.get("active_ids") or [])
            if len(tags) < 2:
                raise UserError(self.env._("Tags to Merge: select at least two in the list."))
            values.setdefault("tag_ids", [Command.set(tags.ids)])
            active = tags.filtered("active")
            if active:
                values.setdefault("target_id", max(active, key=lambda tag: (tag.usage_count, -tag.id)).id)
        return values

    @api.depends("tag_ids", "target_id")
    @api.depends_context("lang")
    def _compute_summary(self):
        for wizard in self:
            target = wizard.target_id._origin
            sources = wizard.tag_ids._origin - target
            # sudo: the counts are of everybody; what tags are called is no secret to whoever configures them
            wizard.problem = bool(sources and target) and sources.sudo()._explain_bad_merge(target.sudo())
            wizard.summary = False
            if sources and target and not wizard.problem:
                (first, moving), *others = sources.sudo()._count_merge(target).items()
                rows = [f"{first}: {moving}", *(f"{label}: {count}" for label, count in others if count)]
                rows.append(
                    self.env._(
                        "Archived, with a link to “%(tag)s”: %(tags)s",
                        tag=target.display_name,
                        tags=", ".join(sources.mapped("display_name")),
                    )
                )
                wizard.summary = Markup("<ul class='mb-0'>%s</ul>") % Markup().join(
                    Markup("<li>%s</li>") % row for row in rows
                )

    def action_merge(self):
        """Merge, and say what was done."""
        self.ensure_one()
        self.check_access("write")
        (self.tag_ids | self.target_id).check_access("write")
        if not self.target_id:
            raise UserError(self.env._("Kept Tag: choose the one that takes over everything."))
        sources = self.tag_ids - self.target_id
        if not sources:
            raise UserError(self.env._("Tags to Merge: there is nothing but the kept tag. Add another one."))
        moved = sources._merge_into(self.target_id)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s tags are “%(tag)s” now; %(moved)s partners got it.",
                    count=len(sources),
                    tag=self.target_id.display_name,
                    moved=moved,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
