"""What an addon does that lets its model be analysed by dimensions."""


def post_init_hook(env):
    """Give our model the columns of the types that exist already; later ones come by themselves."""
    env["partner.dimension.type"].with_context(active_test=False).search([])._create_columns()


def uninstall_hook(env):
    """Take our columns away, and nobody else's."""
    env["partner.dimension.type"]._drop_target_columns(["probe.visit"])
