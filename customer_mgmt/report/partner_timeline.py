"""Everything that was said with a customer in one list: follow-ups, messages and meetings, read where they are."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.partner_follow_up import OUTCOMES, STATES
from ..tools.plain_text import beginning, words_of

# What a person wrote or a customer sent. Notifications, bulk mail and automatic answers have types of their own.
WRITTEN = ("comment", "email")
# The kinds of sources; the id of a row is the source's id times their number, plus the number of the kind.
FOLLOW_UP, MESSAGE, MEETING, PARTS = 0, 1, 2, 4
# What Odoo leaves of a message that somebody deleted; where it was edited before, in other quotes.
DELETED = ("", """<span class="o-mail-Message-edited"></span>""", "<span class='o-mail-Message-edited'/>")
# A list shows the beginning of a text; its source has the rest.
EXCERPT = 400
# The columns of every part, with the types that the database needs to see them as one list.
COLUMNS = {
    "id": SQL("bigint"),
    "part": SQL("integer"),
    "part_id": SQL("integer"),
    "kind": SQL("text"),
    "partner_id": SQL("integer"),
    "contact_id": SQL("integer"),
    "user_id": SQL("integer"),
    "date": SQL("timestamp"),
    "duration": SQL("double precision"),
    "method_id": SQL("integer"),
    "topic_id": SQL("integer"),
    "direction": SQL("text"),
    "outcome": SQL("text"),
    "state": SQL("text"),
    "title": SQL("text"),
    "source_text": SQL("text"),
    "res_model": SQL("text"),
    "res_id": SQL("integer"),
}


class PartnerTimeline(models.Model):
    """One row per follow-up, message and meeting of a customer; nothing is copied, each row opens its source.

    The rights are those of the sources: a part is what the source's own search finds for the user. The parts are put
    together so that a condition on the customer reaches the indexes of each; without one all sources are read, which no
    screen does. Customers are commercial entities; what concerns one of their people is theirs.
    """

    _name = "partner.timeline"
    _description = "Timeline of a Customer"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "title"
    _depends = {
        "partner.follow.up": [
            "partner_id", "contact_ids", "user_id", "date", "duration", "method_id", "topic_id", "direction", "outcome",
            "state", "document_name", "key_points", "message_id", "event_id",
        ],
        "mail.message": [
            "model", "res_id", "author_id", "message_type", "subtype_id", "is_internal", "date", "subject", "body",
            "partner_ids", "attachment_ids",
        ],
        "mail.notification": ["mail_message_id", "res_partner_id"],
        "calendar.event": ["name", "description", "start", "duration", "user_id", "privacy", "active"],
        "calendar.attendee": ["event_id", "partner_id", "state"],
        "res.partner": ["commercial_partner_id", "partner_share"],
        "res.users": ["partner_id", "share"],
    }  # fmt: skip

    part = fields.Integer(string="Kind of Source", readonly=True, aggregator=None)
    part_id = fields.Integer(string="Number in Source", readonly=True, aggregator=None)
    kind = fields.Selection(
        [("follow_up", "Follow-up"), ("message", "Message"), ("note", "Internal Note"), ("meeting", "Meeting")],
        readonly=True,
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True, context={"active_test": False})
    contact_id = fields.Many2one(
        "res.partner",
        string="Contact Person",
        readonly=True,
        context={"active_test": False},
        help="Whom of the customer's people it was with; the first one, where there were several.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        readonly=True,
        context={"active_test": False},
        help="Who of us had the contact, wrote the message or invited to the meeting. Empty: the customer wrote.",
    )
    date = fields.Datetime(string="Time", readonly=True)
    duration = fields.Float(
        string="Duration (Hours)", readonly=True, aggregator="sum", help="How long it took, in hours."
    )
    method_id = fields.Many2one("partner.follow.up.method", readonly=True)
    topic_id = fields.Many2one("partner.follow.up.topic", readonly=True)
    direction = fields.Selection(
        [("out", "We Contacted Them"), ("in", "They Contacted Us")],
        readonly=True,
        help="A message came in unless one of our own people wrote it.",
    )
    outcome = fields.Selection(OUTCOMES, readonly=True)
    state = fields.Selection(STATES, string="Status", readonly=True, help="Of a follow-up: other rows have none.")
    title = fields.Char(
        readonly=True, help="The document that a follow-up belongs to, the subject of a message, the name of a meeting."
    )
    source_text = fields.Text(string="Text as Written", readonly=True)
    content = fields.Char(
        compute="_compute_content",
        search="_search_content",
        help="The key points of a follow-up; the subject of a message and its text without what it quotes; the name of "
        "a meeting and its description. Shortened to 400 characters.",
    )
    need_change = fields.Text(
        string="Changes of Needs",
        compute="_compute_need_change",
        help="What a follow-up changed in the customer's needs: the value before → the value after.",
    )
    res_model = fields.Char(string="Source Model", readonly=True)
    res_id = fields.Many2oneReference(string="Source", model_field="res_model", readonly=True)

    @api.depends("source_text", "title", "kind")
    def _compute_content(self):
        for row in self:
            text = row.source_text or ""
            if row.kind != "follow_up":
                text = " — ".join(filter(None, (row.title, words_of(text, row.kind == "meeting"))))
            row.content = beginning(text, EXCERPT)

    @api.model
    def _search_content(self, operator, value):
        """Look for words in the titles and the texts as they were written."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain("source_text", operator, value) | Domain("title", operator, value)

    @api.depends("kind", "res_id")
    def _compute_need_change(self):
        self.need_change = False
        rows = self.filtered(lambda row: row.kind == "follow_up").grouped("res_id")
        changes = self.env["partner.follow.up.need.change"].search([("follow_up_id", "in", list(rows))])
        for follow_up, lines in changes.grouped("follow_up_id").items():
            rows[follow_up.id].need_change = "\n".join(lines.mapped("description"))

    # -- the rows -----------------------------------------------------------------------------------------------------

    @property
    def _table_query(self):
        """Return SQL giving the rows that the user may see."""
        follow_ups = self._follow_ups()
        visible = None if follow_ups is None else follow_ups.subselect()
        return SQL(" UNION ALL ").join(
            [*self._follow_up_rows(follow_ups), *self._message_rows(visible), *self._meeting_rows(visible)]
        )

    @api.model
    def _row(self, part, part_id, **columns):
        """Return the columns (SQL) of a row of ``part`` whose number there is ``part_id`` (SQL)."""
        columns.update(part=SQL("%s", part), part_id=part_id, id=SQL("%s::bigint * %s + %s", part_id, PARTS, part))
        return SQL(", ").join(
            SQL("(%s)::%s AS %s", columns.get(name, SQL("NULL")), type_, SQL.identifier(name))
            for name, type_ in COLUMNS.items()
        )

    @api.model
    def _follow_ups(self):
        """Return the query of the follow-ups that the user may see, or None; drafts are their author's alone."""
        FollowUp = self.env["partner.follow.up"].with_context(active_test=False)
        if not FollowUp.has_access("read"):
            return None
        return FollowUp._search(Domain("state", "!=", "draft") | Domain("user_id", "=", self.env.uid))

    @api.model
    def _not_recorded(self, visible, condition):
        """Return SQL that leaves out what became one of the ``visible`` (SQL) follow-ups, by ``condition`` (SQL)."""
        if visible is None:
            return SQL("TRUE")
        return SQL(
            "NOT EXISTS (SELECT 1 FROM partner_follow_up recorded "
            "WHERE recorded.state != 'cancelled' AND %s AND recorded.id IN %s)",
            condition,
            visible,
        )

    @api.model
    def _readable(self, model, record_id):
        """Return SQL that tells whether the user may read the record of ``model`` with the id ``record_id`` (SQL)."""
        Model = self.env[model].with_context(active_test=False)
        if self.env.su:
            return SQL("TRUE")
        if not Model.has_access("read"):
            return SQL("FALSE")
        query = Model._search(Domain.TRUE)
        query.add_where(SQL("%s = %s", SQL.identifier(Model._table, "id"), record_id))
        return SQL("EXISTS (%s)", query.select(SQL("1")))

    @api.model
    def _person(self, partner_id, customer):
        """Return SQL giving ``partner_id`` if it is somebody of ``customer`` whom the user may read, else NULL."""
        seen = self._readable("res.partner", partner_id)
        return SQL("CASE WHEN %s != %s AND %s THEN %s END", partner_id, customer, seen, partner_id)

    @api.model
    def _method(self, code):
        """Return the id (SQL) of the shipped method ``code``, or NULL where somebody deleted it."""
        xmlid = f"customer_mgmt.partner_follow_up_method_{code}"
        return SQL("%s", self.env["ir.model.data"]._xmlid_to_res_id(xmlid) or None)

    @api.model
    def _follow_up_rows(self, query):
        if query is None:
            return []
        columns = {
            name: SQL.identifier("partner_follow_up", name)
            for name in (
                "partner_id", "user_id", "date", "duration", "method_id", "topic_id", "direction", "outcome", "state",
            )
        }  # fmt: skip
        row = self._row(
            FOLLOW_UP,
            SQL("partner_follow_up.id"),
            **columns,
            kind=SQL("'follow_up'"),
            contact_id=SQL(
                "SELECT min(contact_id) FROM partner_follow_up_contact_rel "
                "WHERE follow_up_id = partner_follow_up.id AND %s",
                self._readable("res.partner", SQL("contact_id")),
            ),
            title=SQL("partner_follow_up.document_name"),
            source_text=SQL("partner_follow_up.key_points"),
            res_model=SQL("'partner.follow.up'"),
            res_id=SQL("partner_follow_up.id"),
        )
        return [query.select(row)]

    # -- messages -----------------------------------------------------------------------------------------------------

    @api.model
    def _message_documents(self):
        """Return {model: its stored field that links to the partner} of the documents whose messages are shown.

        A hook: other addons add their documents. As on Odoo's documents, messages are read by whoever may read the
        document, and by whoever wrote or got them.
        """
        return {"res.partner": "id"}

    @api.model
    def _document_name(self, model, alias):
        """Return SQL giving the name of the document of ``model`` under ``alias``, or NULL where it is computed."""
        name = self.env[model]._fields.get("complete_name") or self.env[model]._fields.get(self.env[model]._rec_name)
        is_plain = name and name.store and name.column_type and name.type == "char" and not name.translate
        return SQL.identifier(alias, name.name) if is_plain else SQL("NULL")

    @api.model
    def _message_rows(self, visible):
        return [self._message_rows_of(model, link, visible) for model, link in self._message_documents().items()]

    @api.model
    def _message_rows_of(self, model, link, visible):
        """Return SQL giving the messages on documents of ``model``, of the customer in their field ``link``."""
        # sudo: Odoo checks the messages it has found one by one; the same rights stand in _message_readable
        query = self.env["mail.message"].sudo()._search(self._message_domain(model))
        document = query.join("mail_message", "res_id", self.env[model]._table, "id", "document")
        partner = document if link == "id" else query.join(document, link, "res_partner", "id", "partner")
        customer = SQL.identifier(partner, "commercial_partner_id")
        query.add_join("LEFT JOIN", "author", "res_partner", SQL("author.id = mail_message.author_id"))
        query.add_join("LEFT JOIN", "subtype", "mail_message_subtype", SQL("subtype.id = mail_message.subtype_id"))
        query.add_where(SQL("%s", SQL.identifier(partner, "partner_share")))
        query.add_where(self._message_readable(model))
        query.add_where(self._readable("res.partner", customer))
        query.add_where(self._not_recorded(visible, SQL("recorded.message_id = mail_message.id")))
        query.add_where(
            SQL(
                "(mail_message.body NOT IN %s OR EXISTS ("
                "SELECT 1 FROM message_attachment_rel WHERE message_id = mail_message.id))",
                DELETED,
            )
        )
        is_note = SQL("(mail_message.is_internal IS TRUE OR subtype.id IS NULL OR subtype.internal IS TRUE)")
        # One of our own people, also after leaving us.
        colleague = SQL("SELECT min(id) FROM res_users WHERE partner_id = mail_message.author_id AND NOT share")
        row = self._row(
            MESSAGE,
            SQL("mail_message.id"),
            kind=SQL("CASE WHEN %s THEN 'note' ELSE 'message' END", is_note),
            partner_id=customer,
            contact_id=SQL(
                "CASE WHEN author.commercial_partner_id = %s THEN %s ELSE COALESCE(%s, %s) END",
                customer,
                self._person(SQL("author.id"), customer),
                self._person(SQL.identifier(partner, "id"), customer),
                self._recipient(customer),
            ),
            user_id=colleague,
            date=SQL("mail_message.date"),
            method_id=SQL("CASE WHEN NOT %s THEN %s END", is_note, self._method("email")),
            direction=SQL("CASE WHEN %s THEN NULL WHEN (%s) IS NULL THEN 'in' ELSE 'out' END", is_note, colleague),
            # Without a subject of its own Odoo puts the name of the document there.
            title=SQL("NULLIF(mail_message.subject, %s)", self._document_name(model, document)),
            source_text=SQL("mail_message.body"),
            res_model=SQL("'mail.message'"),
            res_id=SQL("mail_message.id"),
        )
        return query.select(row)

    @api.model
    def _recipient(self, customer):
        """Return SQL giving the first of the people of ``customer`` (SQL) who got the message, as far as readable."""
        return SQL(
            "(SELECT min(recipient.id) FROM mail_message_res_partner_rel got "
            "JOIN res_partner recipient ON recipient.id = got.res_partner_id "
            "WHERE got.mail_message_id = mail_message.id AND recipient.commercial_partner_id = %(customer)s "
            "AND recipient.id != %(customer)s AND %(seen)s)",
            customer=customer,
            seen=self._readable("res.partner", SQL("recipient.id")),
        )

    @api.model
    def _message_domain(self, model):
        """Return the domain of what people wrote on documents of ``model``, with Odoo's rules on messages."""
        domain = Domain("model", "=", model) & Domain("message_type", "in", WRITTEN)
        # What Odoo says itself is no word of a person.
        domain &= Domain("author_id", "!=", self.env["ir.model.data"]._xmlid_to_res_id("base.partner_root"))
        if self.env.su:
            return domain
        if not self.env.user._is_internal():
            domain &= self.env["mail.message"]._get_search_domain_share()
        return domain & Domain(self.env["ir.rule"]._compute_domain("mail.message", "read"))

    @api.model
    def _message_readable(self, model):
        """Return SQL with what Odoo asks of a reader: wrote it, got it, or may read the document."""
        if self.env.su:
            return SQL("TRUE")
        return SQL(
            "(mail_message.author_id = %(me)s OR mail_message.create_uid = %(uid)s OR %(document)s "
            "OR EXISTS (SELECT 1 FROM mail_message_res_partner_rel "
            "WHERE mail_message_id = mail_message.id AND res_partner_id = %(me)s) "
            "OR EXISTS (SELECT 1 FROM mail_notification "
            "WHERE mail_message_id = mail_message.id AND res_partner_id = %(me)s))",
            me=self.env.user.partner_id.id,
            uid=self.env.uid,
            document=self._readable(model, SQL("mail_message.res_id")),
        )

    # -- meetings -----------------------------------------------------------------------------------------------------

    @api.model
    def _meeting_rows(self, visible):
        """Return SQL giving the meetings that have begun, once per customer with somebody who did not decline."""
        Event = self.env["calendar.event"].with_context(active_test=True)
        if not Event.has_access("read"):
            return []
        domain = Domain("start", "<=", fields.Datetime.now())
        if not self.env.su:
            # Of another's private meeting Odoo shows that he is busy, and not with whom.
            domain &= Domain(Event._get_default_privacy_domain()) | Domain(
                "partner_ids", "in", self.env.user.partner_id.ids
            )
        query = Event._search(domain)
        query.add_join("JOIN", "attendee", "calendar_attendee", SQL("attendee.event_id = calendar_event.id"))
        query.add_join("JOIN", "partner", "res_partner", SQL("partner.id = attendee.partner_id"))
        customer = SQL("partner.commercial_partner_id")
        query.add_where(SQL("attendee.state IS DISTINCT FROM 'declined' AND partner.partner_share"))
        query.add_where(
            SQL(
                "NOT EXISTS (SELECT 1 FROM calendar_attendee sooner "
                "JOIN res_partner peer ON peer.id = sooner.partner_id "
                "WHERE sooner.event_id = attendee.event_id AND sooner.id < attendee.id AND peer.partner_share "
                "AND sooner.state IS DISTINCT FROM 'declined' "
                "AND peer.commercial_partner_id = partner.commercial_partner_id)"
            )
        )
        query.add_where(self._readable("res.partner", customer))
        query.add_where(
            self._not_recorded(
                visible, SQL("recorded.event_id = calendar_event.id AND recorded.partner_id = %s", customer)
            )
        )
        row = self._row(
            MEETING,
            SQL("attendee.id"),
            kind=SQL("'meeting'"),
            partner_id=customer,
            contact_id=self._person(SQL("partner.id"), customer),
            user_id=SQL("calendar_event.user_id"),
            date=SQL("calendar_event.start"),
            duration=SQL("calendar_event.duration"),
            method_id=self._method("meeting"),
            title=SQL("calendar_event.name"),
            source_text=SQL("calendar_event.description"),
            res_model=SQL("'calendar.event'"),
            res_id=SQL("calendar_event.id"),
        )
        return [query.select(row)]

    # -- finding them again -------------------------------------------------------------------------------------------

    @api.model
    def _by_source(self, condition):
        """Return ``condition`` on ids as one on the sources, whose indexes then find the rows."""
        ids = [condition.value] if isinstance(condition.value, int) else condition.value
        wanted = condition.field_expr == "id" and condition.operator in ("=", "in")
        if not wanted or isinstance(ids, str) or not hasattr(ids, "__len__"):
            return condition
        parts = defaultdict(list)
        for row_id in filter(None, ids):
            parts[row_id % PARTS].append(row_id // PARTS)
        return Domain.OR(Domain("part", "=", part) & Domain("part_id", "in", found) for part, found in parts.items())

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Find rows by their ids as fast as by their customer."""
        return super()._search(Domain(domain).map_conditions(self._by_source), *args, **kwargs)

    def exists(self):
        """Return the rows whose sources are still there, whoever may see them."""
        # sudo: as on every model, existence is no matter of rights
        found = set(self.sudo()._search(Domain("id", "in", self.ids)))
        return self.browse(row_id for row_id in self._ids if row_id in found)

    def _check_access(self, operation):
        """Let nobody do anything with a row whose source he does not see."""
        result = super()._check_access(operation)
        if result or self.env.su or not self.ids:
            return result
        forbidden = self - self.browse(self._search(Domain("id", "in", self.ids)))
        return (forbidden, lambda: self.env["ir.rule"]._make_access_error(operation, forbidden)) if forbidden else None

    # -- what one does with them --------------------------------------------------------------------------------------

    def _source(self):
        """Return the record that the row shows."""
        self.ensure_one()
        self.check_access("read")
        return self.env[self.res_model].browse(self.res_id)

    def action_open_source(self):
        """Open the follow-up, the meeting, or the document with the message marked in it."""
        source = self._source()
        if source._name == "mail.message":
            return {"type": "ir.actions.act_url", "url": f"/mail/message/{source.id}", "target": "self"}
        return {
            "type": "ir.actions.act_window",
            "res_model": source._name,
            "res_id": source.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_record_follow_up(self):
        """Make the message or the meeting a follow-up."""
        source = self._source()
        if source._name == "partner.follow.up":
            raise UserError(self.env._("This is a follow-up already."))
        return source.action_record_follow_up()
