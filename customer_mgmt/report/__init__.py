from . import partner_dimension_as_of
from . import partner_timeline
