from . import dimension
from . import search_key
from . import workbook
