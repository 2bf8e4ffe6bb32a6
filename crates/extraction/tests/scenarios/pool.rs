//! Children read several documents, of one owner, and a document that breaks its child harms only itself.

use std::collections::HashSet;

use docextract_extraction::sandbox::{Sandbox, sandbox_level};
use docextract_extraction::{Limits, Request};
use docextract_model::failure::{Failure, FailureCode};

use crate::common::request;
use crate::sandbox::misbehaving;

/// A sandbox whose children read documents as always, but do their worst on those that say so.
fn sandbox(children_max: usize) -> Sandbox {
    Sandbox::new(misbehaving("trapped"), children_max)
}

fn document(owner: &str, text: &str) -> Request {
    Request { owner: owner.to_owned(), ..request(text.as_bytes().to_vec()) }
}

/// The process that a document of this owner was read in.
async fn process_of(sandbox: &Sandbox, owner: &str) -> String {
    failure(sandbox, owner, "TRAP process").await.message
}

async fn failure(sandbox: &Sandbox, owner: &str, text: &str) -> Failure {
    sandbox.extract(document(owner, text)).await.unwrap_err()
}

async fn is_read(sandbox: &Sandbox, owner: &str) -> bool {
    let text = "Invoice number: R-42\nInvoice date: 2024-11-23\nTotal amount: EUR 119.00\n";
    let extraction = sandbox.extract(document(owner, text)).await.unwrap();
    extraction.extracted_data["invoice_number"] == "R-42"
}

#[tokio::test]
async fn a_child_reads_one_document_of_its_owner_after_the_other() {
    let sandbox = sandbox(1);
    let first = process_of(&sandbox, "a").await;
    assert!(is_read(&sandbox, "a").await && is_read(&sandbox, "a").await);
    assert_eq!(process_of(&sandbox, "a").await, first);
    assert_eq!(sandbox.idle_children(), 1);
}

#[tokio::test]
async fn a_child_never_serves_two_owners() {
    let sandbox = sandbox(2);
    let mut seen = HashSet::new();
    for owner in ["a", "b", "c", "a/live", "A", "", "d"] {
        assert!(is_read(&sandbox, owner).await);
        let process = process_of(&sandbox, owner).await;
        assert!(seen.insert(process.clone()), "{owner} got the child of another");
        assert_eq!(process_of(&sandbox, owner).await, process);
        assert!(sandbox.idle_children() <= 2);
    }
}

#[tokio::test]
async fn a_document_that_breaks_its_child_harms_only_itself() {
    for (trap, code) in [
        ("TRAP abort", FailureCode::DocumentCorrupted),
        ("TRAP panic", FailureCode::DocumentCorrupted),
        ("TRAP babble", FailureCode::TemporaryError),
        ("TRAP hog", FailureCode::DocumentCorrupted),
    ] {
        let sandbox = sandbox(1);
        assert!(is_read(&sandbox, "a").await);
        let before = process_of(&sandbox, "a").await;
        assert_eq!(failure(&sandbox, "a", trap).await.code, code, "{trap}");
        assert!(is_read(&sandbox, "a").await, "after {trap}");
        assert_ne!(process_of(&sandbox, "a").await, before, "{trap}");
    }
}

#[tokio::test]
async fn a_document_that_hangs_its_child_is_killed_at_its_own_deadline() {
    let sandbox = sandbox(1);
    assert!(is_read(&sandbox, "a").await);
    for trap in ["TRAP sleep", "TRAP spin"] {
        let limits = Limits { extraction_ms_max: 300, ..Limits::default() };
        let hanging = Request { limits, ..document("a", trap) };
        let failure = sandbox.extract(hanging).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::ExtractionTimeout, "{trap}");
        assert_eq!(sandbox.idle_children(), 0, "{trap}");
        assert!(is_read(&sandbox, "a").await, "after {trap}");
    }
}

#[tokio::test]
async fn what_an_earlier_document_did_to_its_child_is_not_held_against_the_next() {
    let sandbox = sandbox(1);
    // It answers, and ends its process when it is asked again.
    failure(&sandbox, "a", "TRAP later").await;
    assert_eq!(sandbox.idle_children(), 1);
    assert!(is_read(&sandbox, "a").await);
}

#[tokio::test]
async fn the_second_document_of_a_child_can_reach_no_more_than_the_first() {
    let level = sandbox_level();
    if !level.landlock || !level.seccomp {
        eprintln!("SKIPPED: this kernel offers only: {level}");
        return;
    }
    let sandbox = sandbox(1);
    let first = process_of(&sandbox, "a").await;
    assert!(is_read(&sandbox, "a").await);
    let said = failure(&sandbox, "a", "TRAP reach").await.message;
    assert_eq!(said.matches(" held").count(), 7, "{said}");
    assert!(!said.contains("BROKEN"), "{said}");
    assert_eq!(process_of(&sandbox, "a").await, first);
}

#[tokio::test]
async fn a_child_that_used_much_gets_no_further_document() {
    let sandbox = sandbox(1);
    failure(&sandbox, "a", "TRAP grow").await;
    assert_eq!(sandbox.idle_children(), 0);
}

#[tokio::test]
async fn children_without_work_are_ended_and_there_are_never_more_than_allowed() {
    let sandbox = sandbox(3);
    for owner in ["a", "b", "c", "d", "e"] {
        assert!(is_read(&sandbox, owner).await);
    }
    assert!((1..=3).contains(&sandbox.idle_children()));
    sandbox.step_idle();
    assert!(sandbox.idle_children() > 0);
    sandbox.step_idle();
    assert_eq!(sandbox.idle_children(), 0);
    assert!(is_read(&sandbox, "a").await);
}

#[tokio::test]
async fn other_fields_are_told_to_a_child_that_knows_some() {
    let sandbox = sandbox(1);
    assert!(is_read(&sandbox, "a").await);
    let mut other = document("a", "Invoice number: R-42\nTotal amount: EUR 119.00\n");
    other.fields.retain(|field| field.name == "total_amount");
    let extraction = sandbox.extract(other).await.unwrap();
    assert_eq!(extraction.extracted_data.keys().collect::<Vec<_>>(), ["total_amount"]);
    assert!(is_read(&sandbox, "a").await);
}

#[tokio::test]
async fn documents_at_once_have_a_child_each() {
    let sandbox = sandbox(4);
    let reads = (0..4).map(|_| {
        let sandbox = sandbox.clone();
        tokio::spawn(async move { is_read(&sandbox, "a").await })
    });
    for read in reads.collect::<Vec<_>>() {
        assert!(read.await.unwrap());
    }
    assert!(sandbox.idle_children() <= 4);
}
