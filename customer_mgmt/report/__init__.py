from . import partner_dimension_as_of
from . import partner_follow_up_report
from . import partner_follow_up_report_query
from . import partner_timeline
