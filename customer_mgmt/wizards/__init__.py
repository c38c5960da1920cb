from . import base_partner_merge_automatic_wizard
from . import customer_users_add
from . import partner_employer_change
from . import partner_employment_merge
from . import base_partner_merge_ownership
from . import base_partner_merge_dimension
from . import customer_delete
from . import customer_invalidate
