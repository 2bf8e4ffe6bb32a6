//! Lanes: which delivery may go out now, and which waits where.
//!
//! Every webhook with a delivery in memory has a lane. A lane has a window of attempts in flight,
//! which grows by one with each success and falls to one with a failure, and a short queue behind
//! it. What does not fit is refused and waits in the store. A lane that keeps failing has little
//! room, so that dead endpoints, however many, cannot fill the memory that the others need; and the
//! last half of that memory is for deliveries that go out at once.
//!
//! All of it is state and no I/O: [`crate::deliver`] acts on what is said here. Nothing looks at all
//! lanes per delivery; a claim does, once for its whole batch.

use std::collections::{BTreeMap, HashMap, VecDeque};

use docextract_model::id::WebhookId;
use docextract_model::limits;
use docextract_store::commands::LeasedDelivery;

/// Attempts in flight to a webhook of which nothing is known yet.
const WINDOW_FIRST: usize = 4;
/// Failures in a row after which a lane counts as failing.
const FAILING_AFTER: u32 = 3;
/// Deliveries that a claim brings of a webhook of which nothing is known, and the room of a lane that is failing.
pub(crate) const QUEUE_MAX_FAILING: usize = 16;
/// Deliveries that one claim brings at most.
const CLAIM_MAX: usize = 512;
/// Bytes of bodies in memory, all webhooks together.
const HELD_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What becomes of a delivery that was offered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    /// It goes out now and counts as in flight.
    Start(Box<LeasedDelivery>),
    Queued,
    /// There is no room: it goes back to the store.
    Refused(Box<LeasedDelivery>),
}

/// How an attempt ended, as far as its lane is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Succeeded,
    Failed,
    /// It was not made: that says nothing about the endpoint.
    NotMade,
}

/// What to do after an attempt has ended.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Next {
    /// These go out now.
    pub(crate) start: Vec<LeasedDelivery>,
    /// These have no room any more and go back to the store.
    pub(crate) release: Vec<LeasedDelivery>,
    /// The store may hold more that there is room for now.
    pub(crate) claim: bool,
}

/// What a claim may bring.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ClaimRoom {
    pub(crate) limit: usize,
    /// Of each webhook that has a lane.
    pub(crate) lanes: BTreeMap<WebhookId, u32>,
}

#[derive(Debug)]
struct Lane {
    window: usize,
    in_flight: usize,
    failures_in_row: u32,
    queue: VecDeque<LeasedDelivery>,
    /// Deliveries of this webhook went back to the store, or were left there.
    more_in_store: bool,
}

impl Lane {
    fn new() -> Self {
        Self {
            window: WINDOW_FIRST,
            in_flight: 0,
            failures_in_row: 0,
            queue: VecDeque::new(),
            more_in_store: false,
        }
    }

    fn queue_max(&self) -> usize {
        if self.failures_in_row >= FAILING_AFTER { QUEUE_MAX_FAILING } else { limits::LANE_QUEUE_MAX }
    }

    /// How many a claim may bring: none until half of the queue is free, so that claims are few and large.
    fn room_for_claim(&self) -> usize {
        let room = self.queue_max().saturating_sub(self.queue.len());
        if room >= self.queue_max() / 2 { room } else { 0 }
    }

    fn judge(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Succeeded => {
                self.failures_in_row = 0;
                self.window = (self.window + 1).min(limits::LANE_IN_FLIGHT_MAX);
            }
            Verdict::Failed => {
                self.failures_in_row = self.failures_in_row.saturating_add(1);
                self.window = 1;
            }
            Verdict::NotMade => {}
        }
    }
}

/// All lanes, and what they hold together.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    lanes: HashMap<WebhookId, Lane>,
    /// Queued, in flight, or with an outcome that is not written yet.
    held: usize,
    held_bytes: usize,
    in_flight: usize,
    /// A delivery was refused because all lanes together were full.
    more_in_store: bool,
    is_closed: bool,
}

impl Lanes {
    /// Finds a delivery its place.
    pub(crate) fn offer(&mut self, delivery: LeasedDelivery) -> Offer {
        let bytes = delivery.body.len();
        let may_start = self.has_space(limits::SENDER_DELIVERIES_MAX, HELD_BYTES_MAX);
        let may_queue = self.has_space(limits::SENDER_DELIVERIES_MAX / 2, HELD_BYTES_MAX / 2);
        if self.is_closed || !may_start {
            self.more_in_store = true;
            return Offer::Refused(Box::new(delivery));
        }
        let lane = self.lanes.entry(delivery.webhook_id.clone()).or_insert_with(Lane::new);
        let offer = if lane.in_flight < lane.window && lane.queue.is_empty() {
            lane.in_flight += 1;
            self.in_flight += 1;
            Offer::Start(Box::new(delivery))
        } else if may_queue && lane.queue.len() < lane.queue_max() {
            lane.queue.push_back(delivery);
            Offer::Queued
        } else {
            lane.more_in_store = true;
            return Offer::Refused(Box::new(delivery));
        };
        self.held += 1;
        self.held_bytes += bytes;
        offer
    }

    /// A body that alone is over the limit still goes out when nothing else is held.
    fn has_space(&self, deliveries_max: usize, bytes_max: usize) -> bool {
        self.held < deliveries_max && (self.held_bytes < bytes_max || self.held == 0)
    }

    /// An attempt ended: its place in the lane is free, but it counts as held until [`Lanes::forget`].
    pub(crate) fn finished(&mut self, webhook_id: &WebhookId, verdict: Verdict) -> Next {
        let mut next = Next::default();
        let Some(lane) = self.lanes.get_mut(webhook_id) else { return next };
        lane.in_flight = lane.in_flight.saturating_sub(1);
        self.in_flight = self.in_flight.saturating_sub(1);
        lane.judge(verdict);
        while lane.in_flight < lane.window
            && let Some(delivery) = lane.queue.pop_front()
        {
            lane.in_flight += 1;
            self.in_flight += 1;
            next.start.push(delivery);
        }
        if lane.queue.len() > lane.queue_max() {
            next.release.extend(lane.queue.split_off(lane.queue_max()));
            lane.more_in_store = true;
        }
        next.claim = (lane.more_in_store || self.more_in_store) && lane.room_for_claim() > 0;
        if lane.in_flight == 0 && lane.queue.is_empty() {
            self.lanes.remove(webhook_id);
        }
        for released in &next.release {
            self.forget(released.body.len());
        }
        next
    }

    /// A delivery is not in memory any more.
    pub(crate) fn forget(&mut self, body_bytes: usize) {
        self.held = self.held.saturating_sub(1);
        self.held_bytes = self.held_bytes.saturating_sub(body_bytes);
    }

    /// What a claim may bring now; the marks that asked for it are taken down.
    pub(crate) fn claim_room(&mut self) -> ClaimRoom {
        let has_bytes = self.held_bytes < HELD_BYTES_MAX / 2;
        let room = (limits::SENDER_DELIVERIES_MAX / 2).saturating_sub(self.held);
        let limit = if has_bytes && !self.is_closed { room.min(CLAIM_MAX) } else { 0 };
        if limit == 0 {
            self.more_in_store = true;
            return ClaimRoom { limit, lanes: BTreeMap::new() };
        }
        self.more_in_store = false;
        let mut lanes = BTreeMap::new();
        for (id, lane) in &mut self.lanes {
            let room = lane.room_for_claim();
            lane.more_in_store = room == 0;
            lanes.insert(id.clone(), u32::try_from(room).unwrap_or(u32::MAX));
        }
        ClaimRoom { limit, lanes }
    }

    /// Deliveries of this webhook are in the store again. Whether to claim them now; if not, its lane asks
    /// for them as soon as it has room.
    pub(crate) fn given_back(&mut self, webhook_id: &WebhookId) -> bool {
        let Some(lane) = self.lanes.get_mut(webhook_id) else { return true };
        lane.more_in_store = true;
        lane.room_for_claim() > 0
    }

    /// Gives out what waits for this webhook: its URL, headers or secrets are not what they were.
    pub(crate) fn take_queued(&mut self, webhook_id: &WebhookId) -> Vec<LeasedDelivery> {
        let Some(lane) = self.lanes.get_mut(webhook_id) else { return Vec::new() };
        let queued: Vec<_> = lane.queue.drain(..).collect();
        for delivery in &queued {
            self.forget(delivery.body.len());
        }
        queued
    }

    /// Takes no more, and gives out what is queued.
    pub(crate) fn close(&mut self) -> Vec<LeasedDelivery> {
        self.is_closed = true;
        let queued: Vec<_> = self.lanes.values_mut().flat_map(|lane| lane.queue.drain(..)).collect();
        self.lanes.retain(|_, lane| lane.in_flight > 0);
        for delivery in &queued {
            self.forget(delivery.body.len());
        }
        queued
    }

    pub(crate) fn held(&self) -> usize {
        self.held
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight
    }

    pub(crate) fn count(&self) -> usize {
        self.lanes.len()
    }
}

#[cfg(test)]
mod tests {
    use docextract_model::id::{DeliveryId, EventId};
    use docextract_model::time::Timestamp;
    use docextract_store::commands::Lease;

    use super::*;

    fn delivery(webhook: usize, body_bytes: usize) -> LeasedDelivery {
        let until = Timestamp::from_unix_ms(60_000);
        LeasedDelivery {
            id: DeliveryId::parse("dlv_1").unwrap(),
            event_id: EventId::parse("evt_1").unwrap(),
            event_type: "job.completed".to_owned(),
            webhook_id: webhook_id(webhook),
            url: "https://example.com/".to_owned(),
            headers: Vec::new(),
            secrets: Vec::new(),
            body: vec![b' '; body_bytes],
            attempt_number: 1,
            lease: Lease { node: "a".to_owned(), token: "t".to_owned(), until },
        }
    }

    fn webhook_id(webhook: usize) -> WebhookId {
        WebhookId::parse(&format!("wh_{webhook}")).unwrap()
    }

    /// Offers `count` deliveries of one webhook: how many started, were queued and were refused.
    fn offer(lanes: &mut Lanes, webhook: usize, count: usize) -> (usize, usize, usize) {
        let mut places = (0, 0, 0);
        for _ in 0..count {
            match lanes.offer(delivery(webhook, 2)) {
                Offer::Start(_) => places.0 += 1,
                Offer::Queued => places.1 += 1,
                Offer::Refused(_) => places.2 += 1,
            }
        }
        places
    }

    #[test]
    fn a_lane_starts_small_and_grows_with_success() {
        let mut lanes = Lanes::default();
        assert_eq!(offer(&mut lanes, 1, 600), (4, 512, 84));
        let next = lanes.finished(&webhook_id(1), Verdict::Succeeded);
        assert_eq!(next.start.len(), 2, "one for the place that came free, one for the grown window");
        for _ in 0..600 {
            lanes.finished(&webhook_id(1), Verdict::Succeeded);
            lanes.forget(2);
            offer(&mut lanes, 1, 200);
        }
        assert_eq!(lanes.in_flight(), limits::LANE_IN_FLIGHT_MAX);
    }

    #[test]
    fn a_failing_lane_shrinks_to_one_probe_and_gives_its_queue_back() {
        let mut lanes = Lanes::default();
        offer(&mut lanes, 1, 516);
        let mut released = 0;
        for _ in 0..4 {
            let next = lanes.finished(&webhook_id(1), Verdict::Failed);
            released += next.release.len();
            lanes.forget(2);
        }
        assert_eq!((lanes.in_flight(), released), (1, 496));
        assert_eq!(lanes.held(), 1 + QUEUE_MAX_FAILING - 1);
        let next = lanes.finished(&webhook_id(1), Verdict::Succeeded);
        assert_eq!(next.start.len(), 2);
    }

    #[test]
    fn dead_endpoints_do_not_take_the_room_of_others() {
        let mut lanes = Lanes::default();
        for webhook in 0..200 {
            offer(&mut lanes, webhook, 600);
        }
        assert!(lanes.held() <= limits::SENDER_DELIVERIES_MAX);
        assert_eq!(offer(&mut lanes, 1_000, 4), (4, 0, 0), "a healthy endpoint waits for dead ones");
        for webhook in 0..5_000 {
            offer(&mut lanes, webhook, 200);
        }
        assert_eq!(lanes.held(), limits::SENDER_DELIVERIES_MAX);
    }

    #[test]
    fn full_lanes_are_skipped_by_claims_until_there_is_room() {
        let mut lanes = Lanes::default();
        offer(&mut lanes, 1, 600);
        offer(&mut lanes, 2, 1);
        assert_eq!(lanes.claim_room().lanes, [(webhook_id(1), 0), (webhook_id(2), 512)].into());
        let mut asked_at = None;
        for finished in 0..256 {
            let next = lanes.finished(&webhook_id(1), Verdict::Succeeded);
            if next.claim && asked_at.is_none() {
                asked_at = Some(finished);
            }
        }
        assert!(asked_at.is_some(), "the lane never asked");
        assert!(lanes.claim_room().lanes[&webhook_id(1)] >= 256);
    }

    #[test]
    fn what_was_given_back_is_claimed_at_once_only_where_there_is_room() {
        let mut lanes = Lanes::default();
        assert!(lanes.given_back(&webhook_id(1)), "nothing of it is in memory");
        offer(&mut lanes, 1, 600);
        assert!(!lanes.given_back(&webhook_id(1)));
        offer(&mut lanes, 2, 4);
        assert!(lanes.given_back(&webhook_id(2)));
        assert!(lanes.finished(&webhook_id(2), Verdict::Succeeded).claim);
    }

    #[test]
    fn bodies_are_bounded_by_their_bytes_but_one_always_goes() {
        let mut lanes = Lanes::default();
        assert!(matches!(lanes.offer(delivery(1, HELD_BYTES_MAX + 1)), Offer::Start(_)));
        assert!(matches!(lanes.offer(delivery(2, 1)), Offer::Refused(_)));
        assert_eq!(lanes.claim_room().limit, 0);
        assert!(lanes.finished(&webhook_id(1), Verdict::Succeeded).claim);
        lanes.forget(HELD_BYTES_MAX + 1);
        assert!(matches!(lanes.offer(delivery(2, 1)), Offer::Start(_)));
    }

    #[test]
    fn a_closed_lane_gives_out_what_waits_and_takes_nothing() {
        let mut lanes = Lanes::default();
        offer(&mut lanes, 1, 10);
        assert_eq!(lanes.close().len(), 6);
        assert_eq!(offer(&mut lanes, 1, 1), (0, 0, 1));
        for _ in 0..4 {
            assert!(lanes.finished(&webhook_id(1), Verdict::Succeeded).start.is_empty());
            lanes.forget(2);
        }
        assert_eq!((lanes.count(), lanes.held()), (0, 0));
    }
}
