from . import partner_dimension_as_of
