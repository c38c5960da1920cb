from . import partner_dimension_type
from . import probe_route
from . import probe_visit
from . import res_partner
