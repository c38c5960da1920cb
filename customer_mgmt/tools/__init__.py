from . import search_key
