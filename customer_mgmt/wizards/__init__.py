from . import base_partner_merge_automatic_wizard
from . import customer_users_add
from . import partner_employer_change
from . import partner_employment_merge
from . import base_partner_merge_ownership
from . import customer_delete
from . import customer_invalidate
from . import partner_dimension_as_of_choose
