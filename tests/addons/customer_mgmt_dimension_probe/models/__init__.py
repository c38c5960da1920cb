from . import partner_dimension_type
from . import probe_visit
