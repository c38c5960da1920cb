{
    "name": "Customer Management: Probe of Dimensions",
    "summary": "For tests only: a model that is analysed by the dimensions of its customer, and a computed type",
    "version": "19.0.1.0.0",
    "author": "Customer Management Founders",
    "license": "LGPL-3",
    "category": "Hidden",
    "depends": ["customer_mgmt"],
    "data": [
        "security/ir.model.access.csv",
        "views/probe_visit_views.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
