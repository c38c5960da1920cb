{
    "name": "Customer Management: Probe of Follow-ups",
    "summary": "For tests only: a document of a customer, from which follow-ups are recorded",
    "version": "19.0.1.0.0",
    "author": "Customer Management Founders",
    "license": "LGPL-3",
    "category": "Hidden",
    "depends": ["customer_mgmt"],
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
    ],
}
