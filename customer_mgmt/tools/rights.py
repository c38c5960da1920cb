"""External ids of rights that several files ask for."""

# Who may know gender, birth date, age, occupation, hobbies and the personal preferences of persons.
PERSONAL = "customer_mgmt.group_customer_personal"
# Who leads a team, and plans work for others.
TEAM = "customer_mgmt.group_customer_team"
# Who configures the customer file.
CONFIGURATION = "customer_mgmt.group_customer_config"
