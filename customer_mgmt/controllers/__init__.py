from . import user_guide
