from . import base_partner_merge_automatic_wizard
from . import base_partner_merge_ownership
from . import customer_delete
from . import customer_invalidate
