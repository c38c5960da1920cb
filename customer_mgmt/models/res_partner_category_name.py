"""Names of tags: tidy, meaningful, and each only once."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools.tag import MAX_LENGTH, is_near_form, is_symbol_only, normal_form, tidy

# A text with every normal form on a line of its own, framed by line ends: one search finds a part of a form or all.
LINE = "\n"


class ResPartnerCategory(models.Model):
    """Keeps names apart by their normal forms, in every language, whoever gives them and on whatever way.

    Tags of before that have the same name stay as they are: the first one keeps the key that the database holds unique,
    the others have none and wait to be merged. Modules that bring their own tags are never refused either.
    """

    _inherit = "res.partner.category"

    name_key = fields.Char(
        string="Normal Form",
        readonly=True,
        copy=False,
        exportable=False,
        help="The name in the source language without differences of case, width, white space and script. Empty: "
        "another tag had this name before.",
    )
    name_forms = fields.Text(
        string="Normal Forms in All Languages", readonly=True, copy=False, exportable=False, prefetch=False
    )
    has_same_name = fields.Boolean(
        string="Same Name",
        compute="_compute_has_same_name",
        search="_search_has_same_name",
        help="Another tag of the same parent has the same normal form. Merge them, or give one another name.",
    )
    similar_ids = fields.Many2many(
        "res.partner.category",
        string="Similar Tags",
        compute="_compute_similar_ids",
        help="Tags whose name differs from a new name by one slip of the pen.",
    )
    similar_note = fields.Char(
        string="Almost the Same",
        compute="_compute_similar_ids",
        help="The similar tags, with the number of customers and contacts that have them.",
    )

    _name_key_unique = models.UniqueIndex(
        "(name_key, COALESCE(parent_id, 0)) WHERE name_key IS NOT NULL",
        "Name: another tag has this name already. Use that one, or choose another name.",
    )

    def init(self):
        """Give the tags of before their normal forms; those of an older version of us are made anew."""
        result = super().init()
        self._fill_name_forms(everything=True)
        return result

    # -- changing names ----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse names that are none or taken."""
        vals_list = [self._tidy_name(vals) for vals in vals_list]
        self._check_names(vals["name"] for vals in vals_list if "name" in vals)
        tags = super().create(vals_list)
        tags._settle_names()
        return tags

    def write(self, vals):
        """Look at names only where they change: old ones that break the rules stay while other fields change."""
        vals = self._tidy_name(vals)
        if any(tag.name != vals["name"] for tag in self if "name" in vals):
            self._check_names([vals["name"]])
        moved = self.browse()
        if "parent_id" in vals:
            moved = self.filtered(lambda tag: (tag.parent_id.id or False) != (vals["parent_id"] or False))
        if moved:
            # The key of a name that is free here may be another's there, which is to be refused in words.
            self.env.cr.execute(SQL("UPDATE res_partner_category SET name_key = NULL WHERE id = ANY(%s)", moved.ids))
        result = super().write(vals)
        if "name" in vals or moved:
            self._settle_names(moved)
        return result

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        """Hold translations to the same rules."""
        if field_name != "name":
            return super()._update_field_translations(field_name, translations, *args, **kwargs)
        translations = {lang: tidy(text) if text else text for lang, text in translations.items()}
        self._check_names(text for text in translations.values() if text is not False)
        result = super()._update_field_translations(field_name, translations, *args, **kwargs)
        self._settle_names()
        return result

    def copy_data(self, default=None):
        """A copy needs a name of its own."""
        vals_list = super().copy_data(default=default)
        for tag, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or ()):
                vals["name"] = self.env._("%s (copy)", tag.name)
        return vals_list

    def copy_translations(self, new, excluded=()):
        """The name of a copy is not the translation of the old one's."""
        return super().copy_translations(new, {*excluded, "name"})

    @api.model
    def _tidy_name(self, vals):
        """Return ``vals`` with the name as it is stored."""
        return {**vals, "name": tidy(vals["name"])} if isinstance(vals.get("name"), str) else vals

    @api.model
    def _takes_any_name(self):
        """Tell whether nothing is refused: a module brings its data, or a merge moves tags to another parent."""
        return self.env.su and (self.env.context.get("install_mode") or self.env.context.get("tag_names_free"))

    def _check_names(self, names):
        """Refuse ``names`` that are none."""
        if self._takes_any_name():
            return
        for name in names:
            if reason := self._explain_bad_name(name):
                raise ValidationError(reason)

    @api.model
    def _explain_bad_name(self, name):
        """Return why ``name`` (str or False) cannot be a tag's (str), or None."""
        if not name:
            return self.env._("Name: it is empty. Type what the tag is called.")
        if is_symbol_only(name):
            return self.env._("Name: “%s” has no letter and no digit. Type a word that others understand.", name)
        if len(name) > MAX_LENGTH:
            return self.env._(
                "Name: %(count)s characters are too many; a tag has at most %(max)s. Shorten it, and put the rest into "
                "the description.",
                count=len(name),
                max=MAX_LENGTH,
            )
        return None

    # -- each only once ----------------------------------------------------------------------------------------------

    def _settle_names(self, moved=None):
        """Keep the normal forms of these tags, whose names or parents have just been written; refuse what is taken.

        ``moved``: those whose parent changed; of the others only names that they did not have before are looked at.
        """
        if not self:
            return
        self.env.flush_all()
        self._fill_name_forms(but=self.ids)
        wanted = []
        for tag_id, names, forms, parent_id in self.env.execute_query(
            SQL(
                "SELECT id, name, name_forms, COALESCE(parent_id, 0) FROM res_partner_category "
                "WHERE id = ANY(%s) ORDER BY id",
                self.ids,
            )
        ):
            new = self._forms_of(names)
            known = () if moved and tag_id in moved._ids else (forms or "").split(LINE)
            wanted.append((tag_id, new, [form for form in new if form not in known], parent_id))
        if not self._takes_any_name():
            self._refuse_taken(wanted)
        self._store_names({tag_id: LINE.join(["", *forms, ""]) for tag_id, forms, *_rest in wanted})

    def _refuse_taken(self, wanted):
        """Refuse what another tag of the same parent is called; ``wanted``: [(id, forms, new forms, parent id)]."""
        seen = {}
        for tag_id, _forms, new, parent_id in wanted:
            for form in new:
                other = seen.setdefault((form, parent_id), tag_id)
                if other != tag_id:
                    raise ValidationError(self._explain_taken(self.browse(other)))
        news = [form for _id, _forms, new, _parent_id in wanted for form in new]
        if not news:
            return
        for tag_id, forms, parent_id in self.env.execute_query(
            SQL(
                "SELECT id, name_forms, COALESCE(parent_id, 0) FROM res_partner_category "
                "WHERE id != ALL(%s) AND string_to_array(name_forms, %s) && %s::text[] "
                "ORDER BY active DESC, id",
                self.ids,
                LINE,
                news,
            )
        ):
            if any((form, parent_id) in seen for form in forms.split(LINE) if form):
                raise ValidationError(self._explain_taken(self.browse(tag_id)))

    @api.model
    def _explain_taken(self, tag):
        """Return in words that a name is that of ``tag``, and what to do about it."""
        # sudo: to refuse without a name would help nobody
        tag = tag.sudo()
        if tag.merged_into_id:
            return self.env._(
                "Name: the tag “%(tag)s” was merged into “%(target)s”. Use that one, or choose another name.",
                tag=tag.display_name,
                target=tag.merged_into_id.display_name,
            )
        if not tag.active:
            return self.env._(
                "Name: there is the tag “%s” already, in the archive. Take it out of the archive, or choose "
                "another name.",
                tag.display_name,
            )
        return self.env._(
            "Name: there is the tag “%s” already. Use that one, or choose another name.", tag.display_name
        )

    # -- keeping the forms -------------------------------------------------------------------------------------------

    @api.model
    def _forms_of(self, names):
        """Return the normal forms (list) of ``names`` ({language: name} or None), that of the source language first."""
        names = names or {}
        forms = [normal_form(name) for name in (names.get("en_US"), *names.values()) if name]
        return [form for form in dict.fromkeys(forms) if form]

    @api.model
    def _fill_name_forms(self, everything=False, but=()):
        """Give normal forms to tags that have none: made before there was our addon, or while it was not loaded.

        ``everything``: look at all, because translations and merges may have come by ways of their own.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id, name, name_forms FROM res_partner_category "
                "WHERE (%s OR name_forms IS NULL) AND id != ALL(%s)",
                everything,
                list(but),
            )
        )
        found = {tag_id: LINE.join(["", *self._forms_of(names), ""]) for tag_id, names, _forms in rows}
        if everything or found:
            self._store_names({tag_id: found[tag_id] for tag_id, _names, forms in rows if forms != found[tag_id]})

    @api.model
    def _store_names(self, forms):
        """Store ``forms`` ({id: text}), and give a key to every tag that is the first of its name, and to no other."""
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner_category tag SET name_forms = given.forms "
                "FROM unnest(%s::integer[], %s::text[]) AS given (id, forms) WHERE tag.id = given.id",
                list(forms),
                list(forms.values()),
            )
        )
        # Who has the key of its name keeps it; then the active one that is there for longest.
        first = SQL(
            "SELECT id, form, name_key, merged_into_id IS NULL AND row_number() OVER ("
            "PARTITION BY form, COALESCE(parent_id, 0) "
            "ORDER BY name_key IS NOT DISTINCT FROM form DESC, active DESC, id) = 1 AS leads "
            "FROM (SELECT *, NULLIF(split_part(name_forms, %s, 2), '') AS form FROM res_partner_category "
            "WHERE merged_into_id IS NULL OR name_key IS NOT NULL) AS tag",
            LINE,
        )
        for condition in (
            # The keys that are free now must be gone before others take them.
            SQL("first.name_key IS NOT NULL AND (NOT first.leads OR first.name_key IS DISTINCT FROM first.form)"),
            SQL("first.leads AND first.name_key IS DISTINCT FROM first.form"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE res_partner_category tag SET name_key = CASE WHEN %s THEN first.form END "
                    "FROM (%s) AS first WHERE tag.id = first.id AND %s",
                    SQL("first.leads AND tag.name_key IS NULL"),
                    first,
                    condition,
                ),
                log_exceptions=False,
            )
        self.browse().invalidate_model(["name_key", "name_forms"])

    # -- same names of before ----------------------------------------------------------------------------------------

    @api.model
    def _same_name_query(self):
        """Return SQL of the ids of all tags that share their name with another."""
        return SQL(
            "(SELECT id FROM (SELECT id, count(*) OVER (PARTITION BY split_part(name_forms, %s, 2), "
            "COALESCE(parent_id, 0)) AS number FROM res_partner_category "
            "WHERE name_forms IS NOT NULL AND merged_into_id IS NULL) AS tag WHERE number > 1)",
            LINE,
        )

    def _compute_has_same_name(self):
        self.flush_model(["name_forms", "parent_id"])
        same = {tag_id for (tag_id,) in self.env.execute_query(self._same_name_query())}
        for tag in self:
            tag.has_same_name = tag.id in same

    @api.model
    def _search_has_same_name(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["name_forms", "parent_id"])
        same = "in" if True in value else "not in"
        if {True, False} <= set(value):
            return [(1, "=", 1)]
        return [("id", same, self._same_name_query())]

    # -- near names --------------------------------------------------------------------------------------------------

    @api.depends("name", "parent_id")
    @api.depends_context("lang", "uid")
    def _compute_similar_ids(self):
        """Look only at names that are being typed: who has settled a tag's name is not asked again."""
        for tag in self:
            form = normal_form(tag.name or "")
            known = (tag._origin.name_forms or "").split(LINE)
            similar = self._find_similar(form, tag._origin) if form and form not in known else self.browse()
            tag.similar_ids = similar
            tag.similar_note = similar._describe_similar() if similar else False

    @api.model
    def _find_similar(self, form, but):
        """Return the active tags, none of ``but``, of which a name almost has the normal form ``form``; one query."""
        tags = self.search_fetch([("id", "not in", but.ids)], ["name_forms"])
        return tags.filtered(
            lambda tag: any(
                abs(len(other) - len(form)) <= 1 and is_near_form(form, other)
                for other in (tag.name_forms or "").split(LINE)
                if other
            )
        )

    def _describe_similar(self):
        return ", ".join(
            self.env._("“%(tag)s” (%(count)s customers)", tag=tag.display_name, count=tag.usage_count) for tag in self
        )

    # -- on the fly --------------------------------------------------------------------------------------------------

    @api.model
    def name_create(self, name):
        """Return the tag that is called so already; else make it, unless one is called almost so.

        Then the web client opens the dialog of the new tag, which shows what there is.
        """
        if found := self._find_named(tidy(name or "")):
            return found.id, found.display_name
        self.check_access("create")
        if reason := self._explain_bad_name(tidy(name or "")):
            raise UserError(reason)
        if similar := self._find_similar(normal_form(name), self.browse()):
            raise ValidationError(
                self.env._(
                    "Name: “%(name)s” is almost the same as %(similar)s. Use that one, or make the new one in the "
                    "dialog or in the library of tags.",
                    name=tidy(name),
                    similar=similar._describe_similar(),
                )
            )
        return super().name_create(name)

    @api.model
    def _find_named(self, name):
        """Return the active tag of that name, at best one without a parent; explain if it cannot be given by hand."""
        form = normal_form(name)
        if not form:
            return self.browse()
        # sudo: what the user may not see is taken all the same
        tags = self.sudo().with_context(active_test=False)
        found = tags.search([("name_forms", "like", f"{LINE}{_escape(form)}{LINE}")], order="active DESC, id")
        found = found.filtered("active").sorted(lambda tag: bool(tag.parent_id))[:1] or found.filtered(
            lambda tag: not tag.parent_id
        )
        if found and not found[0].active:
            raise UserError(self._explain_taken(found[0]))
        if found and found.tag_kind == "rule":
            raise UserError(
                self.env._("Tags: “%s” is given by a rule and not by hand. Choose another tag.", found.display_name)
            )
        return found.with_env(self.env)

    @api.model
    def _search_display_name(self, operator, value):
        """Find a name however it is typed: in wide letters, in the other Chinese script, in capitals."""
        domain = super()._search_display_name(operator, value)
        if operator == "ilike" and isinstance(value, str) and (form := normal_form(value)):
            found = tuple(self._search([("name_forms", "like", _escape(form))]))
            return ["|", *domain, ("id", "child_of", found)] if found else domain
        return domain


def _escape(text):
    """Return ``text`` as a pattern that finds just itself."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
