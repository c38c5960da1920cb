from . import dimension
from . import job
from . import preference
from . import rights
from . import search_key
from . import tag
from . import workbook
