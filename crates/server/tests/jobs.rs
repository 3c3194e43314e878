//! Jobs, in a SQLite file and in PostgreSQL: the same tests for both.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and read and write real files"
)]

#[path = "jobs/faults.rs"]
mod faults;
#[path = "jobs/intake.rs"]
mod intake;
#[path = "jobs/kinds.rs"]
mod kinds;
#[path = "jobs/lives.rs"]
mod lives;
#[path = "jobs/migration.rs"]
mod migration;
#[path = "jobs/postgres.rs"]
mod postgres;
#[path = "jobs/servers.rs"]
mod servers;
#[path = "jobs/support.rs"]
mod support;

use support::Place;

fn run<F: Future<Output = ()>>(test: impl FnOnce(Place) -> F, place: Place) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(test(place));
    runtime.shutdown_background();
}

macro_rules! both {
    ($($module:ident::$test:ident)*) => {
        mod sqlite {
            $(#[test] fn $test() {
                super::run(super::$module::$test, super::Place::sqlite(concat!("sqlite-", stringify!($test))));
            })*
        }
        mod postgresql {
            $(#[test] fn $test() {
                if let Some(postgres) = super::postgres::postgres() {
                    let place = super::Place::postgres(concat!("postgres-", stringify!($test)), postgres.database());
                    super::run(super::$module::$test, place);
                }
            })*
        }
    };
}

both! {
    lives::life
    lives::progress_is_seen
    lives::refused
    lives::deleted_while_queued
    lives::deleted_while_running
    lives::a_deaf_handler_is_dropped
    intake::idempotency
    lives::owners_do_not_see_each_other
    lives::expiry
    intake::thirty_megabytes
    intake::drafts
    intake::a_full_queue
    intake::many_at_once
    intake::callers_take_turns
    intake::a_key_keeps_a_job_for_a_day
    intake::an_owner_has_so_much_of_the_disk
    servers::opened_at_once
    servers::two_share_the_work
    servers::deleted_on_the_other_server
    servers::a_server_dies
    servers::servers_die_thrice
    servers::handlers_crash
    servers::a_long_job_stays_where_it_is
    servers::stopping_lets_work_finish
    servers::stopping_puts_back_what_takes_too_long
    servers::a_job_that_was_taken_over
    kinds::a_second_kind
    migration::version_1_goes_on
    migration::queues_of_other_programs_stay
    migration::a_migration_that_fails_changes_nothing
    faults::transactions_that_the_database_ends
    faults::the_database_is_away
    faults::a_locked_file
    faults::a_clock_set_back
    faults::what_the_house_lacks_is_not_the_jobs_fault
    faults::a_folder_that_cannot_be_written
    faults::what_happens_to_the_folder_is_not_the_documents_fault
    faults::a_disk_without_room
}
