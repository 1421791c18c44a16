//! One thing broken at a time, each under a name that says what holds.

mod cluster;
mod disk;
mod exact;
mod files;
mod killed;
mod links;
mod repeats;
mod revisions;
mod search;
mod stored;

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::Outcome;
use crate::audit::Verdict;
use crate::line::Options;
use crate::rig::Rig;
pub(crate) use files::MAX_BYTES;

/// How long a line that is whole again may take for a few issues.
const SETTLES_WITHIN: Duration = Duration::from_secs(300);

/// Issues that are sent together.
const AT_A_TIME: usize = 2;
/// Between two such.
const BETWEEN: Duration = Duration::from_millis(150);

/// How a line differs from the usual one.
pub type Change = fn(Options) -> Outcome<Options>;

/// What a scenario does.
pub type Run = for<'a> fn(&'a Rig) -> Pin<Box<dyn Future<Output = Outcome<()>> + 'a>>;

/// A scenario: what holds, and what is done to see it.
pub type Scenario = (&'static str, Run);

/// All that share a line, one after the other.
pub const ALL: &[Scenario] = &[
    ("an_undisturbed_line_finds_everything_once", |rig| Box::pin(stored::undisturbed(rig))),
    // Early: all that the stream holds is delivered again.
    ("a_durable_deleted_by_hand_comes_back_and_doubles_nothing", |rig| Box::pin(stored::durable_deleted(rig))),
    ("intake_killed_at_any_moment_loses_nothing_it_accepted", |rig| Box::pin(killed::intake(rig))),
    ("parsers_killed_at_any_moment_lose_nothing", |rig| Box::pin(killed::parsers(rig))),
    ("indexers_killed_at_any_moment_lose_and_double_nothing", |rig| Box::pin(killed::indexers(rig))),
    ("a_broker_killed_again_and_again_loses_nothing_it_acked", |rig| Box::pin(killed::broker(rig))),
    ("a_search_engine_killed_with_tasks_queued_loses_nothing", |rig| Box::pin(killed::search(rig))),
    ("workers_that_stand_still_beyond_ack_wait_double_nothing", |rig| Box::pin(killed::frozen(rig))),
    ("links_that_are_cut_refused_or_half_closed_lose_nothing", |rig| Box::pin(links::cut(rig))),
    ("links_that_are_slow_or_drop_answers_lose_and_double_nothing", |rig| Box::pin(links::silent(rig))),
    ("a_full_stream_makes_senders_wait_and_loses_nothing", |rig| Box::pin(stored::stream_full(rig))),
    ("a_search_engine_that_is_full_failing_or_not_there_loses_nothing", |rig| Box::pin(search::refuses(rig))),
    ("a_search_engine_that_loses_its_task_list_loses_nothing", |rig| Box::pin(search::forgets(rig))),
    ("one_poison_among_articles_holds_up_nobody", |rig| Box::pin(search::poison(rig))),
    ("the_same_issue_from_ten_senders_at_once_is_one", |rig| Box::pin(repeats::ten_senders(rig))),
    ("an_issue_sent_again_after_its_id_was_forgotten_changes_nothing", |rig| Box::pin(repeats::sent_again(rig))),
    ("the_newest_revision_wins_in_whatever_order_events_arrive", |rig| Box::pin(revisions::reversed(rig))),
    ("a_killed_article_never_comes_back", |rig| Box::pin(revisions::killed(rig))),
    ("a_withdrawn_issue_never_comes_back", |rig| Box::pin(revisions::withdrawn(rig))),
    ("odd_files_are_rejected_with_a_reason_or_left_alone", |rig| Box::pin(files::odd(rig))),
    ("files_written_slowly_or_truncated_meanwhile_are_taken_whole", |rig| Box::pin(files::slow(rig))),
    ("a_burst_of_files_is_taken_whole", |rig| Box::pin(files::burst(rig))),
    ("a_document_taken_away_is_seen_as_lost", |rig| Box::pin(stored::control(rig))),
];

/// All that need lines of their own: what is different about the line, and what is done to it.
pub const OWN: &[(Change, &[Scenario])] = &[
    (
        exact::one_by_one,
        &[
            ("intake_killed_before_and_after_each_publish_and_before_the_rename", |rig| Box::pin(exact::intake(rig))),
            ("a_parser_killed_before_and_after_its_publishes", |rig| Box::pin(exact::parser(rig))),
            ("an_indexer_killed_before_and_after_task_and_ack", |rig| Box::pin(exact::indexer(rig))),
            ("a_dead_indexers_push_that_comes_in_late_does_not_stay", |rig| Box::pin(exact::late_push(rig))),
        ],
    ),
    (
        cluster::three,
        &[
            ("a_cluster_whose_leader_is_parted_from_the_others_loses_nothing", |rig| Box::pin(cluster::parted(rig))),
            ("a_cluster_whose_nodes_die_or_stand_still_loses_nothing", |rig| Box::pin(cluster::nodes(rig))),
        ],
    ),
    (
        disk::small_broker,
        &[("a_broker_whose_disk_is_full_loses_nothing_it_acked", |rig| Box::pin(disk::broker_full(rig)))],
    ),
    (
        disk::small_search,
        &[("a_search_engine_whose_disk_is_full_loses_nothing", |rig| Box::pin(disk::search_full(rig)))],
    ),
    (
        disk::keeps_at_once,
        &[("a_broker_that_keeps_before_it_acks_loses_nothing_by_a_power_cut", |rig| {
            Box::pin(disk::power_cut_keeps(rig))
        })],
    ),
    (
        disk::keeps_later,
        &[("a_broker_that_keeps_later_is_seen_to_lose_by_a_power_cut", |rig| Box::pin(disk::power_cut_loses(rig)))],
    ),
];

/// Sends issues as long as something is done to the line, then settles.
async fn while_sending(rig: &Rig, least: usize, breaking: impl Future<Output = Outcome<()>>) -> Outcome<Verdict> {
    let broken = AtomicBool::new(false);
    let sending = async {
        let mut sent = 0;
        while sent < least || !broken.load(Ordering::Relaxed) {
            rig.send_all(rig.fresh(AT_A_TIME)).await?;
            sent += AT_A_TIME;
            tokio::time::sleep(BETWEEN).await;
        }
        Ok(())
    };
    let breaking = async {
        let result = breaking.await;
        broken.store(true, Ordering::Relaxed);
        result
    };
    let (sent, broken): (Outcome<()>, Outcome<()>) = tokio::join!(sending, breaking);
    broken?;
    sent?;
    rig.settle(SETTLES_WITHIN).await
}
