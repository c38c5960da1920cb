from . import probe_deal
