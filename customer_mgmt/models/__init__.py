# What the other models build on.
from . import partner_part_mixin

from . import customer_adoption
from . import customer_adoption_batch
from . import customer_adoption_condition
from . import customer_adoption_job
from . import customer_category
from . import customer_invalid_reason
from . import customer_need
from . import ir_sequence
from . import partner_merge_log
from . import partner_ownership
from . import res_company
from . import res_config_settings

# The status says which partners are customers; what follows builds on it.
from . import res_partner_status
from . import res_partner_customer_category
from . import res_partner_profile
from . import res_partner_group
from . import res_partner_need
from . import res_partner_number
from . import partner_number_alias
from . import res_partner_number_alias
from . import partner_former_name
from . import res_partner_former_name

# Finding partners by all of it.
from . import res_partner_search_key
from . import res_partner_search

# Never losing one of them.
from . import res_partner_invalid
from . import res_partner_history
from . import res_partner_delete
from . import res_partner_merge
from . import res_partner_ownership
from . import res_partner_adoption
from . import res_users_ownership

# Last: what it takes out of a file's row must be out before the rules above look at it.
from . import res_partner_import
