from . import import_template
from . import user_guide
