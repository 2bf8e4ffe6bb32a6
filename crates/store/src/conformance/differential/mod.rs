//! Random sequences of commands, done by the reference model and by an adapter, side by side.
//!
//! A [`generator`] makes the sequence of a seed, watching the reference model so that its commands
//! name leases and objects that exist, or existed. [`find_difference`] does the sequence on both and
//! compares every outcome, when the next work is due after each command, and at the end everything
//! that can be read. What differs is shortened: commands are dropped while a difference stays. A
//! sequence is data, so it does the same without the commands that were dropped.

pub mod command;
pub mod generator;
pub mod snapshot;

use std::fmt;
use std::ops::Deref;

use crate::Store;
use crate::memory::MemoryStore;

use self::command::{Command, Outcome, apply};
use self::generator::Generator;
use self::snapshot::Snapshot;

/// Where an adapter did something else than the reference model.
#[derive(Debug)]
pub struct Difference {
    /// The index of the command; none when only the reads at the end differ.
    at: Option<usize>,
    /// One of the two refused the command.
    is_refusal: bool,
    /// What differs, line by line.
    lines: String,
}

/// The sequence of a seed.
pub async fn sequence(seed: u64, length: usize) -> Vec<Command> {
    let reference = MemoryStore::new();
    let mut generator = Generator::new(seed);
    let mut commands = Vec::new();
    for _ in 0..length {
        let command = generator.next(&reference).await;
        let outcome = apply(&reference, command.clone()).await;
        generator.learn(&outcome);
        commands.push(command);
    }
    commands
}

/// Does the sequence on both stores, which must be empty, up to the first difference.
pub async fn find_difference(
    commands: &[Command],
    reference: &dyn Store,
    candidate: &dyn Store,
) -> Option<Difference> {
    for (index, command) in commands.iter().enumerate() {
        let expected = apply(reference, command.clone()).await;
        let found = apply(candidate, command.clone()).await;
        let is_refusal = expected.is_refusal() || found.is_refusal();
        if !expected.is_same(&found) {
            let lines = differing_lines(&expected, &found);
            return Some(Difference { at: Some(index), is_refusal, lines });
        }
        let expected = reference.next_due_at().await.unwrap();
        let found = candidate.next_due_at().await.unwrap();
        // An adapter may be told of deliveries too early, never too late.
        let is_too_late =
            expected.delivery.is_some_and(|due_at| found.delivery.is_none_or(|told| due_at < told));
        if expected.job != found.job || is_too_late {
            let lines = differing_lines(&expected, &found);
            return Some(Difference { at: Some(index), is_refusal: false, lines });
        }
    }
    let expected = Snapshot::read(reference, commands).await;
    let found = Snapshot::read(candidate, commands).await;
    (expected != found).then(|| Difference {
        at: None,
        is_refusal: false,
        lines: differing_lines(&expected, &found),
    })
}

/// Compares an adapter with the reference model on one seed, and panics with the shortened sequence
/// when they differ. `open` gives an empty store each time.
pub async fn compare<S: Deref<Target = dyn Store>>(seed: u64, length: usize, open: impl AsyncFn() -> S) {
    let check =
        async |commands: &[Command]| find_difference(commands, &MemoryStore::new(), &*open().await).await;
    let commands = sequence(seed, length).await;
    let Some(original) = check(&commands).await else { return };
    let shortest = shorten(commands, async |commands| {
        // Commands that lack what they build on may be refused: that would be another difference.
        check(commands).await.is_some_and(|difference| difference.is_refusal == original.is_refusal)
    });
    let shortest = shortest.await;
    let difference = check(&shortest).await;
    panic!("{}", report(seed, &shortest, difference.as_ref()));
}

/// Drops commands, many at once and then single ones, as long as what is left still fails.
async fn shorten(mut commands: Vec<Command>, fails: impl AsyncFn(&[Command]) -> bool) -> Vec<Command> {
    let mut chunk = commands.len() / 2;
    while chunk > 0 {
        let mut start = 0;
        while start < commands.len() {
            let end = (start + chunk).min(commands.len());
            let less: Vec<Command> = commands[..start].iter().chain(&commands[end..]).cloned().collect();
            if fails(&less).await {
                commands = less;
            } else {
                start = end;
            }
        }
        chunk /= 2;
    }
    commands
}

fn report(seed: u64, commands: &[Command], difference: Option<&Difference>) -> String {
    let mut text = format!("the adapter differs from the reference model: DOCEXTRACT_SEED={seed}\n");
    for (index, command) in commands.iter().enumerate() {
        text.push_str(&format!("{index:3}. {command:?}\n"));
    }
    match difference {
        None => text.push_str("the difference did not show again: the adapter depends on something else"),
        Some(Difference { at: Some(index), lines, .. }) => {
            text.push_str(&format!("after command {index} (- the reference model, + the adapter):\n{lines}"));
        }
        Some(Difference { at: None, lines, .. }) => {
            text.push_str(&format!("in what is read at the end (- reference, + adapter):\n{lines}"));
        }
    }
    text
}

/// The lines of two printed values without those that both begin and end with.
fn differing_lines(expected: &impl fmt::Debug, found: &impl fmt::Debug) -> String {
    let (expected, found) = (format!("{expected:#?}"), format!("{found:#?}"));
    let (expected, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let begin = expected.iter().zip(&found).take_while(|(one, other)| one == other).count();
    let (rest, other_rest) = (&expected[begin..], &found[begin..]);
    let end = rest.iter().rev().zip(other_rest.iter().rev()).take_while(|(one, other)| one == other).count();
    let mut text = String::new();
    for line in &expected[begin.saturating_sub(12)..begin] {
        text.push_str(&format!("  {line}\n"));
    }
    for (sign, lines) in [("-", &rest[..rest.len() - end]), ("+", &other_rest[..other_rest.len() - end])] {
        for line in lines.iter().take(60) {
            text.push_str(&format!("{sign} {line}\n"));
        }
    }
    text
}

impl Outcome {
    fn is_refusal(&self) -> bool {
        matches!(self, Self::Error(_))
    }

    /// Two refusals are the same whatever they say; no whole sequence is meant to have any.
    fn is_same(&self, other: &Self) -> bool {
        self == other || (self.is_refusal() && other.is_refusal())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use docextract_model::delivery::DeliveryStatus;
    use docextract_model::tenant::{Mode, Tenant};
    use docextract_model::time::Timestamp;

    use super::*;
    use crate::conformance::bench::Bench;

    #[tokio::test]
    async fn a_failing_sequence_is_shortened_to_what_it_takes() {
        let commands = sequence(7, 40).await;
        let node = |name: &str| Command::ReleaseNode(name.to_owned(), Timestamp::default());
        let planted: Vec<Command> = commands[..15]
            .iter()
            .chain(&[node("first")])
            .chain(&commands[15..])
            .chain(&[node("second")])
            .cloned()
            .collect();
        let names = |commands: &[Command]| -> Vec<String> {
            let named = commands.iter().filter_map(|command| match command {
                Command::ReleaseNode(name, _) if name.ends_with('d') || name.ends_with("st") => {
                    Some(name.clone())
                }
                _ => None,
            });
            named.collect()
        };
        let shortest = shorten(planted, async |commands| names(commands).len() == 2).await;
        assert_eq!(shortest.len(), 2);
        assert_eq!(names(&shortest), ["first", "second"]);
    }

    #[tokio::test]
    async fn a_difference_is_found_and_told() {
        let commands = sequence(7, 40).await;
        assert!(find_difference(&commands, &MemoryStore::new(), &MemoryStore::new()).await.is_none());
        let (reference, candidate) = (MemoryStore::new(), MemoryStore::new());
        let Command::CreateOrganisation(first) = &commands[0] else { panic!("{commands:?}") };
        apply(&candidate, commands[0].clone()).await;
        let tenant = Tenant { org_id: first.id.clone(), mode: Mode::Live };
        Bench::new(&candidate).grant(&tenant, 1).await;
        let difference = find_difference(&commands, &reference, &candidate).await;
        let text = report(7, &commands, difference.as_ref());
        assert!(text.contains("DOCEXTRACT_SEED=7") && text.contains("\n- "), "{text}");
    }

    /// The first word and the variant of an outcome, such as `Finished(Held`.
    fn label(outcome: &Outcome) -> String {
        format!("{outcome:?}").chars().take_while(|c| c.is_alphabetic() || *c == '(').collect()
    }

    /// Sequences that never reach a case would compare nothing there.
    #[tokio::test]
    async fn the_sequences_reach_every_outcome() {
        let mut seen = BTreeSet::new();
        for seed in 0..1_000 {
            let reference = MemoryStore::new();
            let commands = sequence(seed, 60).await;
            for command in commands.clone() {
                let outcome = apply(&reference, command).await;
                assert!(!matches!(outcome, Outcome::Error(_)), "{outcome:?}");
                seen.insert(label(&outcome));
                if let Outcome::Fenced(outcomes) = &outcome {
                    seen.extend(outcomes.iter().map(|outcome| format!("{outcome:?}")));
                }
            }
            let snapshot = Snapshot::read(&reference, &commands).await;
            seen.extend(snapshot.events.iter().map(|event| event.event_type.clone()));
            for webhook in &snapshot.webhooks {
                seen.extend(webhook.disabled_reason.map(|reason| reason.as_str().to_owned()));
            }
            for (delivery, attempts) in &snapshot.deliveries {
                seen.insert(format!("{} {}", delivery.trigger.as_str(), delivery.status.as_str()));
                if delivery.status == DeliveryStatus::Skipped && !attempts.is_empty() {
                    seen.insert("skipped after an attempt".to_owned());
                }
            }
        }
        for expected in [
            "Submitted(Submitted",
            "Submitted(ExtractorNotFound",
            "Submitted(ExtractorInactive",
            "Retried(Submitted",
            "Retried(NotFound",
            "Retried(NotEnded(Queued",
            "Retried(NotEnded(Processing",
            "Retried(ExtractorNotFound",
            "Retried(ExtractorInactive",
            "Finished(Finished",
            "Finished(Held",
            "Finished(LostLease",
            "Written",
            "LostLease",
            "Granted(Granted",
            "Granted(AlreadyGranted(Transaction",
            "Granted(OrganisationNotFound",
            "Granted(TooMany",
            "Replayed(Replayed",
            "Replayed(NotFound",
            "Replayed(WebhookGone",
            "Replayed(WebhookDisabled",
            "Key(Created(ApiKey",
            "Key(OrganisationNotFound",
            "Deleted(Deleted",
            "Deleted(NotFound",
            "job.completed",
            "job.failed",
            "credits.low_balance",
            "credits.depleted",
            "order.paid",
            "webhook.test",
            "by_request",
            "gone",
            "failing_too_long",
            "event pending",
            "event delivered",
            "event failed",
            "event skipped",
            "replay pending",
            "replay delivered",
            "replay failed",
            "replay skipped",
            "test delivered",
            "test failed",
            "skipped after an attempt",
        ] {
            assert!(seen.contains(expected), "no sequence reaches {expected:?}; seen: {seen:#?}");
        }
    }
}
