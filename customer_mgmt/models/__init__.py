# What the other models build on.
from . import partner_part_mixin
from . import partner_code_mixin
from . import partner_condition_mixin
from . import partner_condition_personal
from . import partner_personal_mixin
from . import partner_dimension_mixin
from . import partner_run_mixin
from . import partner_run_subject_mixin
from . import partner_shipped_mixin

# Models of their own.
from . import customer_adoption
from . import customer_adoption_batch
from . import customer_adoption_condition
from . import customer_adoption_job
from . import customer_category
from . import customer_category_requirement
from . import customer_category_default
from . import customer_invalid_reason
from . import customer_need
from . import partner_contact_role
from . import partner_dimension_type
from . import partner_dimension_column
from . import partner_dimension_shipped
from . import partner_dimension_value
from . import partner_dimension_value_text
from . import partner_dimension_value_rule
from . import partner_dimension_rule
from . import partner_dimension_completion
from . import partner_dimension_run
from . import partner_dimension_run_job
from . import partner_dimension_type_run
from . import partner_dimension_assignment
from . import partner_dimension_coverage
from . import partner_dimension_value_count
from . import partner_employment
from . import partner_former_name
from . import partner_merge_log
from . import partner_number_alias
from . import partner_ownership
from . import partner_phone
from . import partner_preference_kind
from . import partner_preference_option
from . import partner_preference
from . import partner_preference_history
from . import partner_preference_conflict
from . import partner_preference_job
from . import partner_preference_voice
from . import partner_preference_channel
from . import partner_channel_block
from . import partner_preference_observed
from . import partner_preference_run
from . import partner_segment
from . import partner_segment_use
from . import partner_segment_member
from . import partner_segment_size
from . import partner_segment_count
from . import partner_segment_action
from . import partner_social_account
from . import partner_tag_group
from . import partner_tag_assignment
from . import partner_tag_history_job
from . import partner_tag_assignment_expiry
from . import partner_tag_run
from . import partner_tag_run_job

from . import partner_follow_up_method
from . import mail_activity_plan
from . import partner_follow_up_topic
from . import partner_follow_up_objection
from . import partner_follow_up_mixin
from . import partner_follow_up
from . import partner_follow_up_quality
from . import partner_follow_up_done
from . import partner_follow_up_correction
from . import partner_follow_up_briefing
from . import partner_follow_up_need_change
from . import partner_follow_up_step
from . import partner_follow_up_slot
from . import partner_follow_up_reminder
from . import partner_follow_up_substitute
from . import partner_follow_up_step_work_home
from . import partner_follow_up_work_home
from . import partner_follow_up_review
from . import partner_follow_up_dimension
from . import partner_ownership_index
from . import partner_follow_up_step_plan
from . import partner_follow_up_bulk
from . import partner_follow_up_bulk_line
from . import partner_follow_up_bulk_job

# What we add to Odoo's own, partners aside.
from . import ir_fields_converter
from . import ir_cron
from . import ir_model
from . import ir_model_fields
from . import ir_rule
from . import ir_sequence
from . import ir_ui_menu
from . import base
from . import mail_activity
from . import mail_activity_follow_up
from . import mail_activity_type
from . import mail_blacklist
from . import mail_thread
from . import phone_blacklist
from . import res_company
from . import res_company_reminder
from . import crm_team_reminder
from . import crm_team_leader
from . import product_product
from . import product_template
from . import res_config_settings
from . import res_config_settings_reminder
from . import res_company_follow_up_response
from . import res_config_settings_follow_up_response
from . import res_partner_category
from . import res_partner_category_right
from . import res_partner_category_name
from . import res_partner_category_usage
from . import res_partner_category_partners
from . import res_partner_category_merge
from . import res_partner_category_rule
from . import res_partner_category_kind
from . import res_partner_category_run
from . import res_partner_category_shipped
from . import res_users
from . import res_users_ownership
from . import res_users_absence
from . import res_users_working_hours
from . import res_users_morning

# The status says which partners are customers; what follows builds on it.
from . import res_partner_status
from . import res_partner_visibility
from . import res_partner_customer_category
from . import res_partner_profile
from . import res_partner_group
from . import res_partner_need
from . import res_partner_follow_up
from . import res_partner_follow_up_status
from . import res_partner_work_home
from . import res_partner_work_home_numbers
from . import res_partner_follow_up_condition
from . import res_partner_follow_up_schedule
from . import res_partner_selection
from . import res_partner_follow_up_history
from . import res_partner_number
from . import res_partner_number_alias
from . import res_partner_former_name

# What dimensions say of a customer; before the requirements, which look at what rules have given.
from . import res_partner_dimension
from . import res_partner_dimension_read
from . import res_partner_dimension_history
from . import res_partner_dimension_bulk
from . import res_partner_dimension_notes
from . import res_partner_playbook
from . import res_partner_dimension_contact
from . import res_partner_dimension_rule

# What a category asks for and gives.
from . import res_partner_requirement
from . import res_partner_completeness
from . import res_partner_category_default
from . import res_partner_verification

# Persons: what is known of them, how they are reached, what part they play, where they work.
from . import res_partner_person
from . import res_partner_birthday
from . import res_partner_no_plan
from . import res_partner_occasion
from . import res_partner_reach
from . import res_partner_contact
from . import res_partner_employment

# What they like and refuse.
from . import res_partner_preference
from . import res_partner_channel
from . import res_partner_preference_observed

# Their tags.
from . import res_partner_tag_limit
from . import res_partner_tag_history
from . import res_partner_tag_rule
from . import res_partner_tag_reason
from . import res_partner_tag_personal

# Finding partners by all of it.
from . import res_partner_search_key
from . import res_partner_person_search
from . import res_partner_search
from . import res_partner_segment
from . import spreadsheet_dashboard

# Never losing one of them.
from . import res_partner_invalid
from . import res_partner_history
from . import res_partner_delete
from . import res_partner_merge
from . import res_partner_ownership
from . import res_partner_adoption
from . import partner_follow_up_source
from . import mail_message
from . import calendar_attendee
from . import calendar_event
from . import res_partner_timeline
from . import res_users_timeline
from . import res_users_work_home

# Who is looked after: after all that changes it.
from . import res_company_follow_up
from . import res_config_settings_follow_up
from . import res_users_follow_up
from . import customer_category_cadence
from . import partner_dimension_type_cadence
from . import partner_dimension_value_cadence
from . import res_partner_cadence
from . import res_partner_follow_up_change
from . import partner_follow_up_status
from . import partner_follow_up_mark
from . import partner_follow_up_run

# Last: what it takes out of a file's row must be out before the rules above look at it.
from . import res_partner_import
