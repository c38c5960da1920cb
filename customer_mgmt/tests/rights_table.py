"""The rights of the customer file, written down by hand in business words; test_access.py tries every cell.

Two tables make the answer: which customers a role works with under each visibility policy, and what the role may do
with each kind of record of such a customer.
"""

# -- which customers ---------------------------------------------------------------------------------------------------

# All of it (x), reading only (r) or nothing (-). Each word has one letter per column, in the order of SIGHT_ROLES.
SIGHT_ROLES = ("portal", "outsider", "salesperson", "leader", "all")
SIGHT = [
    # customer                 open     team     own
    ("own",                    "xxxxx", "xxxxx", "xxxxx"),
    ("own, archived",          "xxxxx", "xxxxx", "xxxxx"),
    ("of the team",            "-xxxx", "-xxxx", "-x-xx"),
    ("of the team, archived",  "-xxxx", "-xxxx", "-x-xx"),
    ("another's",              "-xxxx", "-x--x", "-x--x"),
    ("another's, followed",    "-xxxx", "-xrrx", "-xrrx"),
    ("another's, with a task", "-xxxx", "-xrrx", "-xrrx"),
    ("nobody's",               "-xxxx", "-x--x", "-x--x"),
    ("of another company",     "-----", "-----", "-----"),
]  # fmt: skip
POLICIES = ("open", "team", "own")
# Tried on customers and contacts only: the parts of a partner follow it, and cost minutes.
LIKE_OTHERS = ("own, archived", "of the team, archived", "another's, with a task", "nobody's")

# Which column of SIGHT a role stands in. The last six have one right each beside "Own Customers".
ROLES = {
    "portal": "portal",
    "outsider": "outsider",
    "user": "salesperson",
    "leader": "leader",
    "manager": "all",
    "admin": "all",
    "deleter": "salesperson",
    "merger": "salesperson",
    "confidant": "salesperson",
    "configurator": "salesperson",
    "tagger": "salesperson",
}

# -- what with them ----------------------------------------------------------------------------------------------------

# r read, w write, u unlink, c create for a customer one may change, C create for anyone's customer of the own company,
# t create for a customer whom one may at least read, g refused by the guard against deletion, which explains itself
# (test_delete.py). Everything else is refused.
# Record: (title, model, values of a new one for a customer, text field to change, letters by role).
PARTNER_RIGHTS = {
    "portal": "r",
    "outsider": "r",
    "user": "rwC",
    "leader": "rwC",
    "manager": "rwC",
    "admin": "rwCg",
    "deleter": "rwCg",
    "merger": "rwCg",
    "confidant": "rwC",
    "configurator": "rwC",
    "tagger": "rwC",
}
CONTACT_RIGHTS = {role: letters.replace("g", "u").replace("C", "c") for role, letters in PARTNER_RIGHTS.items()}
STAFF = {role: "rwcu" for role in ROLES if role not in ("portal", "outsider")} | {"outsider": "r"}
READERS = {role: "r" for role in ROLES if role != "portal"}
# Whoever may see a customer may talk to it; only the author, who is somebody else here, and administrators change it.
TALKERS = {role: "rt" for role in STAFF} | {"outsider": "r", "admin": "rwt"}
NEED_CHANGES = READERS | {"admin": "rwcu"}
DONE_STEP = {"user_id": 1, "date": "2020-01-01 00:00:00", "state": "done"}
PAST = {"since": "2020-01-01", "until": "2020-01-02"}
IMPORTANCE = "customer_mgmt.partner_dimension_type_importance"  # an external id stands for the record's id
CLASSED = {
    "type_id": IMPORTANCE,
    "value_id": "customer_mgmt.partner_dimension_value_importance_key",
    "value_name": "Key",
    "source": "manual",
}
SERVICE = "customer_mgmt.partner_preference_kind_service"
LIKING = {"kind_id": SERVICE, "option_id": "customer_mgmt.partner_preference_option_service_training"}
TAGGED = {"category_id": "customer_mgmt.tag_of_test", "source": "manual"}  # made by the test
RECORDS = [
    ("customer", "res.partner", {"is_company": True, "customer_status": "prospect"}, "name", PARTNER_RIGHTS),
    ("contact", "res.partner", {"type": "contact"}, "name", CONTACT_RIGHTS),
    ("need", "customer.need", {"name": "A car"}, "name", STAFF),
    ("former name", "partner.former.name", {"name": "Old Name"}, "name", STAFF),
    ("former number", "partner.number.alias", {}, "reason", READERS),
    ("account", "partner.social.account", {"kind": "qq"}, "note", STAFF),
    ("telephone", "partner.phone", {}, "note", STAFF),
    ("employment", "partner.employment", PAST, "note", READERS | {"admin": "rwc"}),
    ("ownership", "partner.ownership", PAST | {"cause": "changed"}, None, READERS),
    ("preference", "partner.preference", LIKING, "evidence", STAFF),
    ("follow-up", "partner.follow.up", {}, "key_points", TALKERS),
    ("change of a need", "partner.follow.up.need.change", {"name": "A car"}, "name", NEED_CHANGES),
    ("next step", "partner.follow.up.step", DONE_STEP, None, READERS),
    ("address on a blacklist", "partner.channel.block", {"channel": "email"}, None, READERS),
    ("tag of before", "partner.tag.assignment", PAST | TAGGED, None, READERS),
    ("dimension value of before", "partner.dimension.assignment", PAST | CLASSED, None, READERS),
]  # fmt: skip

# -- what belongs to no customer ---------------------------------------------------------------------------------------

# Record: (title, model, values, letters by role); whoever is not named only reads, a visitor not even that.
DIMENSION = "customer_mgmt.partner_dimension_type_industry"
CONFIGURATION = dict.fromkeys(("admin", "configurator"), "rwcu")
# Types of dimensions are the administrator's, their values and strategies also of whoever manages all customers.
VALUES = READERS | CONFIGURATION | {"manager": "rwcu"}
# Whoever works with customers makes segments; to change those of others takes more. Personal ones: two roles know them.
SEGMENTS = dict.fromkeys(ROLES, "rc") | dict.fromkeys(("portal", "outsider"), "")
SEGMENTS |= dict.fromkeys(("manager", "admin", "configurator"), "rwcu")
PERSONAL_SEGMENT = {"name": "Birthday", "domain": "[('birth_date', '!=', False)]", "applies_to": "contact"}
PERSONAL_SEGMENTS = {"admin": "rwcu", "confidant": "rc"}
FOREIGN_VALUE = {"name": "Foreign", "type_id": IMPORTANCE, "company_id": "other"}
ROSES = {"name": "Roses", "kind_id": SERVICE}
TAG = "customer_mgmt.res_partner_category_new_customer"
BIRTHDAY_TAG = "customer_mgmt.res_partner_category_birthday"
BY_FAX = {"name": "Fax", "activity_type_id": "customer_mgmt.mail_activity_type_visit"}
BUYING = {"name": "Buying", "group_id": "customer_mgmt.group_supplier_topics"}
RUNS = dict.fromkeys(("admin", "configurator"), "r")
SHARED = [
    ("category", "customer.category", {"name": "Everyone's"}, READERS | CONFIGURATION),
    ("archived category", "customer.category", {"name": "Archived", "active": False}, READERS | CONFIGURATION),
    ("category of another company", "customer.category", {"name": "Foreign", "company_id": "other"}, {}),
    ("contact role", "partner.contact.role", {"name": "Porter"}, READERS | CONFIGURATION),
    ("kind of preference", "partner.preference.kind", {"name": "Scent"}, READERS | CONFIGURATION),
    ("option of a preference", "partner.preference.option", ROSES, READERS | CONFIGURATION),
    # Whoever merges is a “Partner Manager” of Odoo, too, and works in the customer file.
    ("tag", "res.partner.category", {"name": "Sailor"}, READERS | CONFIGURATION | {"tagger": "rc", "merger": "rwu"}),
    ("group of tags", "partner.tag.group", {"name": "Hobby"}, READERS | CONFIGURATION),
    ("segment of another", "partner.segment", {"name": "Everyone's"}, SEGMENTS),
    ("personal segment", "partner.segment", PERSONAL_SEGMENT, PERSONAL_SEGMENTS),
    ("segment of another company", "partner.segment", {"name": "Foreign", "company_id": "other"}, {}),
    ("follow-up method", "partner.follow.up.method", BY_FAX, READERS | CONFIGURATION),
    ("follow-up topic", "partner.follow.up.topic", {"name": "Fairs"}, READERS | CONFIGURATION),
    ("follow-up topic of a group", "partner.follow.up.topic", BUYING, CONFIGURATION),
    ("objection", "partner.follow.up.objection", {"name": "Colour"}, READERS | CONFIGURATION),
    ("reason", "customer.invalid.reason", {"name": "Moved Away"}, READERS | CONFIGURATION),
    ("dimension value", "partner.dimension.value", {"name": "Everyone's", "type_id": IMPORTANCE}, VALUES),
    ("dimension value of another company", "partner.dimension.value", FOREIGN_VALUE, {}),
    ("adoption", "customer.adoption", {"name": "All of Them"}, {"admin": "rwcu"}),
    ("adoption of another company", "customer.adoption", {"name": "Foreign", "company_id": "other"}, {}),
    ("observation", "partner.preference.run", {}, dict.fromkeys(("admin", "configurator"), "r")),
    ("note for the status job", "partner.follow.up.mark", {"partner_id": 1}, RUNS),
    ("check of the status", "partner.follow.up.run", {}, RUNS),
    # Of nobody; whoever starts one sees it: TestFollowUpSchedule.
    ("scheduling", "partner.follow.up.bulk", {"title": "Spring"}, dict.fromkeys(("admin", "manager"), "r")),
    ("evaluation", "partner.dimension.run", {"type_id": DIMENSION}, dict.fromkeys(("admin", "configurator"), "r")),
    ("evaluation of a tag", "partner.tag.run", {"category_id": TAG}, dict.fromkeys(("admin", "configurator"), "r")),
    ("evaluation of a personal tag", "partner.tag.run", {"category_id": BIRTHDAY_TAG}, {"admin": "r"}),
    ("merge journal", "partner.merge.log", {"survivor_name": "Survivor"}, {"admin": "r", "merger": "r"}),
    ("journal of another company", "partner.merge.log", {"survivor_name": "Foreign", "company_id": "other"}, {}),
]  # fmt: skip

# What changes the database itself, tried in a test of its own that sets it right again.
TYPES = [
    ("dimension type", "partner.dimension.type", {"name": "Rights", "code": "rights"}, READERS | CONFIGURATION),
]  # fmt: skip

# Dialogs: who may open which.
DIALOGS = [
    ("customer.invalidate", set(ROLES) - {"portal", "outsider"}),
    ("customer.delete", set(ROLES) - {"portal", "outsider"}),  # who may really delete is asked in it
    ("partner.employer.change", set(ROLES) - {"portal", "outsider"}),
    ("partner.dimension.as.of.choose", set(ROLES) - {"portal", "outsider"}),
    ("partner.dimension.assign", set(ROLES) - {"portal", "outsider"}),
    ("partner.tag.merge", {"admin", "configurator"}),
    ("partner.dimension.move", {"manager", "admin", "configurator"}),
    ("partner.dimension.type.delete", {"admin", "configurator"}),  # what is in use: only the admin, asked in it
    ("partner.dimension.playbook", set(ROLES) - {"portal"}),
    ("partner.dimension.preview", {"admin", "configurator"}),
    ("partner.tag.preview", {"admin", "configurator"}),
    ("partner.segment.overlap", set(ROLES) - {"portal", "outsider"}),
    ("partner.segment.mailing", set(ROLES) - {"portal", "outsider"}),  # rights on mailing lists are asked in it
    ("partner.follow.up.schedule", set(ROLES) - {"portal", "outsider"}),  # for whom one may plan is asked in it
    ("customer.users.add", set()),  # only whoever may change the settings of Odoo
]  # fmt: skip
