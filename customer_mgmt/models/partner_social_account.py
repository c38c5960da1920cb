"""Where else a partner is reached: WeChat, WeCom, LinkedIn, …"""

import unicodedata
from collections import Counter
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Kinds whose accounts have a page that anyone can open.
PAGES = {
    "linkedin": "https://www.linkedin.com/in/%s",
    "whatsapp": "https://wa.me/%s",
    "douyin": "https://www.douyin.com/user/%s",
    "xiaohongshu": "https://www.xiaohongshu.com/user/profile/%s",
    "weibo": "https://weibo.com/n/%s",
    "telegram": "https://t.me/%s",
    "facebook": "https://www.facebook.com/%s",
    "instagram": "https://www.instagram.com/%s",
    "x": "https://x.com/%s",
}


def handle_key(handle):
    """Return ``handle`` (str or False) in the form in which two spellings of one account are equal."""
    text = unicodedata.normalize("NFKC", handle or "").casefold()
    visible = (char for char in text if not char.isspace() and unicodedata.category(char) != "Cf")
    return "".join(visible).lstrip("@")


class PartnerSocialAccount(models.Model):
    """One account of a partner on one network; nobody else can have the same one.

    That makes an account as good as a phone number for recognising who writes.
    """

    _name = "partner.social.account"
    _description = "Social Account"
    _inherit = "partner.part.mixin"
    _rec_name = "handle"
    _order = "kind, handle, id"

    kind = fields.Selection(
        [
            ("wechat", "WeChat"),
            ("wecom", "WeCom"),
            ("qq", "QQ"),
            ("dingtalk", "DingTalk"),
            ("linkedin", "LinkedIn"),
            ("whatsapp", "WhatsApp"),
            ("douyin", "Douyin"),
            ("xiaohongshu", "Xiaohongshu"),
            ("weibo", "Weibo"),
            ("telegram", "Telegram"),
            ("line", "LINE"),
            ("kakaotalk", "KakaoTalk"),
            ("facebook", "Facebook"),
            ("instagram", "Instagram"),
            ("x", "X"),
            ("other", "Other"),
        ],
        string="Network",
        required=True,
    )
    handle = fields.Char(
        required=True,
        help="The name or number by which the account is found. Capitals, blanks and a leading @ do not matter when "
        "accounts are compared.",
    )
    handle_key = fields.Char(string="Handle for Comparison", compute="_compute_handle_key", store=True, precompute=True)
    url = fields.Char(string="Page", compute="_compute_url", help="The page of the account, where its network has one.")
    note = fields.Char()

    _handle_unique = models.UniqueIndex(
        "(kind, handle_key)", "Social Account: a partner with this account exists already."
    )

    @api.depends("handle")
    def _compute_handle_key(self):
        """Store what the index compares."""
        for account in self:
            account.handle_key = handle_key(account.handle)

    @api.depends("kind", "handle_key")
    def _compute_url(self):
        """Quote the handle: whatever is typed stays a name within the network's own address."""
        for account in self:
            page = PAGES.get(account.kind)
            name = account.handle_key.lstrip("+") if account.kind == "whatsapp" else (account.handle or "").strip(" @")
            account.url = page and name and page % quote(name, safe="")

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse an account that someone has already, or that comes twice, before anything is written."""
        self._refuse_taken([(vals.get("kind"), vals.get("handle")) for vals in vals_list])
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to turn an account into one that someone else has, before anything is written."""
        if vals.keys() & {"kind", "handle"}:
            self._refuse_taken([(vals.get("kind", own.kind), vals.get("handle", own.handle)) for own in self])
        return super().write(vals)

    # The index refuses twins too, but later, without saying whose the account is, and with an error in the log.

    def _refuse_taken(self, accounts):
        """Refuse ``accounts``, a list of (kind, handle), if one is empty, taken, or there twice; one query for all."""
        keys = [(kind, handle_key(handle)) for kind, handle in accounts]
        # sudo: an account that the user may not see is taken all the same
        twins = self.sudo().search([("handle_key", "in", [key for _kind, key in keys]), ("id", "not in", self.ids)])
        taken = {(twin.kind, twin.handle_key): twin for twin in twins}
        count = Counter(keys)
        for (_kind, handle), account in zip(accounts, keys, strict=True):
            if not account[1]:
                raise ValidationError(
                    self.env._("Handle: a social account has no name or number. Write it, or remove the line.")
                )
            if account in taken:
                raise ValidationError(self._taken_message(taken[account], handle))
            if count[account] > 1:
                raise ValidationError(
                    self.env._(
                        "Handle: “%(handle)s” (%(network)s) is there twice. Keep it once.",
                        handle=handle,
                        network=self._network_name(account[0]),
                    )
                )

    def _taken_message(self, twin, handle):
        """Return why ``handle`` is refused; the owner's name only for whoever may read the owner."""
        owner = twin.partner_id.with_env(self.env)
        return self.env._(
            "Handle: “%(handle)s” (%(network)s) already belongs to %(owner)s. Open that record, or check the handle.",
            handle=handle,
            network=self._network_name(twin.kind),
            owner=f"“{owner.display_name}”" if owner.has_access("read") else self.env._("another partner"),
        )

    def _network_name(self, kind):
        """Return the network as the user's language calls it."""
        return dict(self._fields["kind"]._description_selection(self.env)).get(kind, kind)
