//! What every adapter must do, as scenarios whose names are claims.
//!
//! [`conformance_suite!`](crate::conformance_suite) makes one test of each scenario for an adapter;
//! every scenario gets an empty store of its own. [`differential`] adds random sequences of
//! commands, compared with the reference model. A scenario panics with what it saw; it never waits,
//! and reads no clock.

#![expect(clippy::unwrap_used, reason = "this is a test suite that lives in the library to be shared")]

pub mod bench;
pub mod credits;
pub mod deliveries;
pub mod differential;
pub mod jobs;
pub mod ledger;
pub mod owners;
pub mod people;
pub mod webhooks;

/// Makes one test of each scenario: `conformance_suite!(open)`, where `open().await` gives an
/// empty store behind anything that dereferences to `dyn Store`.
#[macro_export]
macro_rules! conformance_suite {
    ($open:ident) => {
        $crate::conformance_suite! { @ $open; owners:
            an_organisation_begins_with_its_extractors_and_no_credits,
            creating_an_organisation_again_changes_nothing,
            organisations_are_listed_oldest_first,
            an_organisation_starts_without_limits_and_takes_another_plan_at_once,
            requests_are_taken_from_the_minute_and_the_hour_of_their_organisation,
            a_request_is_begun_once_and_answered_as_the_first_time,
            a_request_that_was_not_ended_is_begun_again_with_what_was_reserved,
            requests_with_the_same_key_of_others_are_others,
            a_request_is_forgotten_in_time,
            a_key_is_found_by_its_hash_also_when_it_cannot_be_used,
            a_key_needs_an_organisation,
            keys_are_listed_newest_first_revoked_ones_too,
            the_last_use_of_a_key_only_moves_forward,
            revoking_a_key_twice_keeps_the_first_instant,
            another_organisations_key_cannot_be_revoked,
            an_extractor_is_seen_by_its_tenant_alone,
            a_ready_made_extractor_is_found_by_its_document_type,
            only_other_definitions_make_a_new_version,
            a_deleted_extractor_is_gone_but_its_queued_job_still_runs,
            extractors_are_listed_newest_first_without_deleted_ones,
        }
        $crate::conformance_suite! { @ $open; people:
            a_user_is_found_by_id_address_and_identity,
            members_are_seen_by_their_organisation_alone,
            an_organisation_keeps_an_owner_and_roles_are_judged,
            a_removed_member_has_no_session_there_any_more,
            an_invitation_lets_in_once,
            an_invitation_that_is_not_open_lets_nobody_in,
            a_known_user_accepts_with_what_they_have,
            a_link_for_a_locked_out_member_sets_the_password_and_ends_every_session,
            a_session_is_its_users_and_knows_the_role_of_now,
            a_new_password_ends_the_other_sessions,
            a_user_has_so_many_sessions_and_the_oldest_ends,
            tries_to_sign_in_are_counted_for_the_account_and_the_address,
            an_act_is_logged_with_what_it_did_or_not_at_all,
            the_audit_log_is_filtered_and_listed_newest_first,
            pruning_takes_what_is_over_of_people_a_few_at_a_time,
        }
        $crate::conformance_suite! { @ $open; jobs:
            a_submitted_job_is_queued_and_counted,
            a_job_is_seen_by_its_tenant_alone,
            an_extractor_that_is_not_there_takes_no_jobs,
            an_inactive_extractor_takes_no_jobs,
            a_job_that_cannot_be_paid_for_is_held_and_told_once,
            a_test_job_needs_no_credits,
            the_job_that_is_due_longest_is_leased_first,
            a_leased_job_is_leased_again_when_its_lease_ran_out,
            a_job_keeps_the_version_that_it_was_submitted_with,
            leasing_holds_a_job_that_cannot_be_paid_for_any_more,
            a_held_job_counts_against_the_limit_of_a_lease,
            a_plan_limits_how_many_jobs_are_processed_at_once,
            a_backlog_without_slots_hides_nobodys_jobs,
            a_slot_that_a_held_job_leaves_is_given_on,
            a_lowered_plan_takes_slots_back_and_what_is_processed_goes_on,
            a_raised_plan_gives_slots_to_what_waits,
            a_password_is_known_until_its_job_has_ended,
            a_lost_lease_writes_nothing,
            a_lease_that_ran_out_may_finish_while_nobody_took_it,
            a_job_ends_with_its_charge_its_event_and_one_delivery_per_matching_webhook,
            a_failed_job_costs_nothing_and_tells_why,
            a_job_that_turns_out_dearer_than_the_balance_is_held,
            a_job_is_charged_for_the_pages_that_were_counted_last,
            a_finished_job_lets_a_held_one_run_that_the_balance_can_pay_for,
            a_deferred_job_waits_until_it_is_due,
            an_ended_job_is_submitted_again_as_a_new_one,
            a_retry_says_why_it_cannot_be,
            an_erased_job_leaves_nothing_that_was_read_from_its_document,
            a_document_is_removed_with_the_last_job_that_has_it,
            a_small_document_comes_with_its_job_and_goes_with_the_last_that_has_it,
            a_correction_stands_beside_the_result_and_replaces_an_earlier_one_of_its_field,
            a_lesson_is_its_tenants_and_its_extractors_and_goes_with_its_document,
            the_lesson_that_was_of_use_longest_ago_is_forgotten_first,
            a_document_that_is_to_be_fetched_is_leased_apart_and_read_once_it_is_kept,
            a_retry_of_what_was_never_fetched_fetches_for_itself,
            a_blob_is_owned_as_long_as_a_job_has_it,
            jobs_are_filtered,
            jobs_are_listed_newest_first_by_cursor_and_offset,
            a_restarted_node_gives_its_jobs_back,
            the_next_due_job_is_known,
        }
        $crate::conformance_suite! { @ $open; credits:
            a_grant_adds_to_the_balance_and_to_the_ledger,
            what_was_granted_once_is_not_granted_again,
            a_grant_lets_held_jobs_run_oldest_first_each_that_the_rest_can_pay_for,
            a_grant_that_would_not_fit_is_refused,
            an_organisation_that_is_not_there_has_no_account,
            low_balance_is_told_once_until_it_is_above_again,
            a_lower_threshold_arms_the_warning_again,
            the_warning_counts_on_the_last_charges,
            depleted_is_told_once_until_the_next_grant,
            the_last_credit_tells_low_balance_and_then_depleted,
            the_ledger_sums_to_the_balance,
        }
        $crate::conformance_suite! { @ $open; webhooks:
            another_tenants_webhook_is_not_found,
            a_tenant_has_a_limited_number_of_webhooks,
            webhooks_are_listed_newest_first_without_deleted_ones,
            a_webhook_is_found_by_its_url_the_oldest_first,
            an_update_changes_what_it_names_and_nothing_else,
            disabling_skips_what_is_pending,
            a_large_backlog_is_skipped_step_by_step_and_never_sent,
            disabling_again_keeps_the_first_reason,
            enabling_clears_the_reason_and_sends_nothing_that_was_skipped,
            enabling_ends_the_failing_streak,
            a_replaced_secret_signs_until_its_overlap_ends,
            a_deleted_webhook_is_gone_and_its_log_stays,
        }
        $crate::conformance_suite! { @ $open; deliveries:
            an_event_goes_to_the_matching_webhooks_of_its_tenant_alone,
            a_disabled_webhooks_delivery_is_kept_as_skipped,
            a_published_delivery_is_its_publishers_until_the_lease_ends,
            a_claim_takes_of_each_webhook_its_share_the_longest_due_first,
            a_claim_brings_of_each_webhook_what_there_is_room_for,
            a_claim_ends_with_the_body_that_fills_its_room,
            a_claim_sends_to_where_the_webhook_is_now,
            a_failed_attempt_is_logged_and_tried_again_when_it_is_due,
            an_attempt_is_logged_with_all_that_it_saw,
            an_attempt_without_the_lease_writes_nothing,
            attempts_are_recorded_in_the_order_given,
            spent_attempts_end_a_delivery_as_failed,
            a_replay_sends_the_latest_of_each_event_again_and_knows_where_it_stands,
            a_replay_ends_with_its_webhook_or_by_request,
            a_replay_never_meets_what_it_made_itself,
            pruning_takes_what_is_old_and_has_ended_a_few_at_a_time,
            attempts_are_counted_by_webhook_hour_and_how_they_ended,
            a_webhook_that_its_endpoint_disables_is_told_to_those_that_name_it,
            a_webhook_that_is_gone_is_disabled,
            a_webhook_that_fails_for_five_days_is_disabled,
            a_success_ends_the_failing_streak,
            an_attempt_on_the_wire_is_logged_though_its_delivery_was_skipped,
            an_attempt_on_the_wire_can_still_deliver_what_was_skipped,
            released_deliveries_are_due_at_once,
            a_restarted_node_gives_its_deliveries_back,
            the_next_due_delivery_is_known,
            a_delivery_that_ended_is_replayed_as_a_new_one,
            a_replay_says_why_it_cannot_be,
            a_test_is_kept_with_its_event_and_its_attempt,
            events_are_filtered_and_listed_newest_first,
            deliveries_are_filtered_and_listed_newest_first,
            the_store_can_be_written_to,
        }
    };
    (@ $open:ident; $module:ident: $($scenario:ident,)+) => {
        mod $module {
            $(
                #[tokio::test]
                async fn $scenario() {
                    let store = super::$open().await;
                    $crate::conformance::$module::$scenario(&*store).await;
                }
            )+
        }
    };
}

#[cfg(test)]
mod tests {
    /// A scenario that the macro does not name would never run, and nothing would say so.
    #[test]
    fn every_scenario_is_in_the_suite() {
        let suite = include_str!("mod.rs");
        let files = [
            include_str!("credits.rs"),
            include_str!("deliveries.rs"),
            include_str!("jobs.rs"),
            include_str!("owners.rs"),
            include_str!("people.rs"),
            include_str!("webhooks.rs"),
        ];
        for line in files.iter().flat_map(|file| file.lines()) {
            if let Some(rest) = line.strip_prefix("pub async fn ") {
                let name = rest.split('(').next().unwrap();
                assert!(suite.contains(&format!("            {name},\n")), "{name} is not in the suite");
            }
        }
    }
}
