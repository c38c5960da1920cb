from . import workbook
from . import search_key
