//! Lanes: which delivery may go out now, and which waits where.
//!
//! Every webhook with a delivery in memory has a lane. A lane has a window of attempts in flight,
//! which grows by one with each success and falls to one with a failure, and a short queue behind
//! it. What does not fit is refused and waits in the store. A lane that keeps failing has little
//! room, so that dead endpoints, however many, cannot fill the memory that the others need; and the
//! last half of that memory is for deliveries that go out at once. Of that queueing half one
//! organisation gets at most a half in turn; while it has that, its lanes get no more from the store
//! than what goes out at once, so that the claims of others are not filled with what would be refused.
//!
//! A lane also has a pace. A webhook's own `rate_limit_per_second` spaces its attempts out evenly.
//! One that keeps failing is probed at most [`PROBES_PER_SECOND_MAX`] times a second, and all of
//! them together [`PROBES_PER_SECOND_MAX_TOGETHER`] times, of which every organisation that has some
//! gets as many: an endpoint that refuses at once would otherwise be asked as fast as the machine
//! can. A lane that waits for its pace asks for one timer ([`Next::resume_at`]), after which the
//! caller tells it to go on ([`Lanes::resume`]).
//!
//! All of it is state and no I/O: [`crate::deliver`] acts on what is said here, and says what time it
//! is. Nothing looks at all lanes per delivery; a claim does, once for its whole batch. What it never
//! does: remember a webhook of which nothing is in memory.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::num::NonZeroU32;
use std::time::Duration;

use docextract_model::id::{OrgId, WebhookId};
use docextract_model::limits;
use docextract_store::commands::LeasedDelivery;
use tokio::time::Instant;

/// Attempts in flight to a webhook of which nothing is known yet.
const WINDOW_FIRST: usize = 4;
/// Failures in a row after which a lane counts as failing.
const FAILING_AFTER: u32 = 3;
/// Deliveries that a claim brings of a webhook of which nothing is known, and the room of a lane that is failing.
pub(crate) const QUEUE_MAX_FAILING: usize = 16;
/// Deliveries that one claim brings at most: more than half a lane, so that one lane alone does not fill it.
const CLAIM_MAX: usize = limits::LANE_QUEUE_MAX;
/// Bytes of bodies in memory, all webhooks together.
const HELD_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Deliveries that may wait in lanes, all webhooks together, and of one organisation.
const WAITING_MAX: usize = limits::SENDER_DELIVERIES_MAX / 2;
const WAITING_MAX_PER_ORGANISATION: usize = WAITING_MAX / 2;
/// An organisation of which more wait gets no more to wait from the store: one claim is not to bring too many.
const WAITING_MAX_FOR_CLAIM: usize = WAITING_MAX_PER_ORGANISATION - CLAIM_MAX;
/// Attempts to one webhook that keeps failing, and to all of these together. Each costs several times what a
/// delivery that succeeds does (a new connection, rows that nothing else touches, often a commit of its own), and
/// those that work pay for it.
const PROBES_PER_SECOND_MAX: u32 = 5;
const PROBES_PER_SECOND_MAX_TOGETHER: u32 = 250;
/// The pause after the first failure that counts; it doubles with each until [`PROBES_PER_SECOND_MAX`] holds.
const PROBE_PAUSE_FIRST: Duration = Duration::from_millis(5);
/// A timer may be this late: attempts that it held up for so long go out together.
const PACE_SLACK: Duration = Duration::from_millis(20);
/// What may wait in the lane of a webhook with a rate limit: what goes out while its lease lasts.
const RATED_QUEUE_SECONDS: usize = 10;

/// What becomes of a delivery that was offered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    /// It goes out now and counts as in flight.
    Start(Box<LeasedDelivery>),
    /// It waits; for a timer at this instant, if there is one, else for attempts in flight.
    Queued(Option<Instant>),
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
    /// Nothing more goes out before then: [`Lanes::resume`] is to be called.
    pub(crate) resume_at: Option<Instant>,
}

/// What a claim may bring.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ClaimRoom {
    pub(crate) limit: usize,
    /// Bytes of bodies.
    pub(crate) bytes: usize,
    /// Of each webhook that has a lane.
    pub(crate) lanes: BTreeMap<WebhookId, u32>,
}

/// What a claim left behind, as far as it can tell.
#[derive(Debug)]
pub(crate) struct Brought {
    /// Webhooks of which it brought all that there was room for: there may be more of them.
    full: Vec<WebhookId>,
    /// The claim itself was full: there may be more of anybody.
    is_full: bool,
}

impl ClaimRoom {
    pub(crate) fn brought(&self, claimed: &[LeasedDelivery]) -> Brought {
        let mut counts: BTreeMap<&WebhookId, usize> = BTreeMap::new();
        for delivery in claimed {
            *counts.entry(&delivery.webhook_id).or_default() += 1;
        }
        let room_for = |id: &WebhookId| self.lanes.get(id).map_or(QUEUE_MAX_FAILING, |room| *room as usize);
        let full = counts.into_iter().filter(|(id, count)| *count >= room_for(id));
        let bytes: usize = claimed.iter().map(|delivery| delivery.body.len()).sum();
        Brought {
            full: full.map(|(id, _)| id.clone()).collect(),
            is_full: claimed.len() >= self.limit || bytes >= self.bytes,
        }
    }
}

#[derive(Debug)]
struct Lane {
    org_id: OrgId,
    rate_limit: Option<NonZeroU32>,
    window: usize,
    in_flight: usize,
    failures_in_row: u32,
    /// It has had a success since it is here.
    has_answered: bool,
    queue: VecDeque<LeasedDelivery>,
    /// Deliveries of this webhook went back to the store, or were left there.
    more_in_store: bool,
    /// Its pace allows no attempt before.
    not_before: Option<Instant>,
    /// Somebody will call [`Lanes::resume`].
    is_timed: bool,
}

impl Lane {
    fn new(org_id: OrgId) -> Self {
        Self {
            org_id,
            rate_limit: None,
            window: WINDOW_FIRST,
            in_flight: 0,
            failures_in_row: 0,
            has_answered: false,
            queue: VecDeque::new(),
            more_in_store: false,
            not_before: None,
            is_timed: false,
        }
    }

    fn is_failing(&self) -> bool {
        self.failures_in_row >= FAILING_AFTER
    }

    fn queue_max(&self) -> usize {
        if self.is_failing() {
            return QUEUE_MAX_FAILING;
        }
        let of_rate = self.rate_limit.map(|rate| (rate.get() as usize).saturating_mul(RATED_QUEUE_SECONDS));
        // Of an endpoint that has not answered yet, it may be that it never will.
        let most = if self.has_answered { limits::LANE_QUEUE_MAX } else { limits::LANE_QUEUE_MAX / 2 };
        of_rate.unwrap_or(usize::MAX).min(most)
    }

    /// How many a claim may bring: none until half of the queue is free, so that claims are few and large. Where
    /// nothing more of its organisation may wait, as many as go out at once, and none until half of the window is
    /// free.
    fn room_for_claim(&self, may_wait: bool, now: Instant) -> usize {
        let (room, most) = if may_wait {
            (self.queue_max().saturating_sub(self.queue.len()), self.queue_max())
        } else if self.queue.is_empty() && !self.is_held_up(now) {
            (self.window.saturating_sub(self.in_flight), self.window)
        } else {
            (0, 1)
        };
        if 2 * room >= most { room } else { 0 }
    }

    fn is_held_up(&self, now: Instant) -> bool {
        self.not_before.is_some_and(|not_before| now < not_before)
    }

    fn may_start(&self, now: Instant) -> bool {
        self.in_flight < self.window && !self.is_held_up(now)
    }

    /// An attempt starts now.
    fn started(&mut self, now: Instant) {
        self.in_flight += 1;
        if let Some(rate) = self.rate_limit {
            let on_time = self.not_before.filter(|not_before| now < *not_before + PACE_SLACK).unwrap_or(now);
            self.not_before = Some(on_time + Duration::from_secs(1) / rate.get());
        }
    }

    fn judge(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Succeeded => {
                self.failures_in_row = 0;
                self.has_answered = true;
                self.window = (self.window + 1).min(limits::LANE_IN_FLIGHT_MAX);
            }
            Verdict::Failed => {
                self.failures_in_row = self.failures_in_row.saturating_add(1);
                self.window = 1;
            }
            Verdict::NotMade => {}
        }
    }

    /// When a timer is to be set, since only the pace holds up what waits; none when one runs.
    fn timer(&mut self, now: Instant) -> Option<Instant> {
        let waits = !self.is_timed && self.is_held_up(now) && self.in_flight < self.window;
        let until = self.not_before.filter(|_| waits);
        self.is_timed |= until.is_some();
        until
    }

    /// How long an endpoint that has failed so often is left alone, where that many are to share the probes.
    fn probe_pause(&self, sharers: usize) -> Duration {
        let doublings = self.failures_in_row.saturating_sub(FAILING_AFTER).min(8);
        let of_lane =
            (PROBE_PAUSE_FIRST * (1 << doublings)).min(Duration::from_secs(1) / PROBES_PER_SECOND_MAX);
        let sharers = u32::try_from(sharers).unwrap_or(u32::MAX);
        of_lane.max((Duration::from_secs(1) / PROBES_PER_SECOND_MAX_TOGETHER).saturating_mul(sharers))
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
    /// Queued, per organisation that has any.
    waiting: HashMap<OrgId, usize>,
    /// Lanes that keep failing, per organisation that has any.
    failing: HashMap<OrgId, usize>,
    /// A delivery was refused because all lanes together were full.
    more_in_store: bool,
    is_closed: bool,
}

impl Lanes {
    /// Finds a delivery its place.
    pub(crate) fn offer(&mut self, delivery: LeasedDelivery, now: Instant) -> Offer {
        let bytes = delivery.body.len();
        let may_start = self.has_space(limits::SENDER_DELIVERIES_MAX, HELD_BYTES_MAX);
        let may_queue = self.has_space(WAITING_MAX, HELD_BYTES_MAX / 2)
            && self.waiting.get(&delivery.org_id).is_none_or(|count| *count < WAITING_MAX_PER_ORGANISATION);
        if self.is_closed || !may_start {
            self.more_in_store = true;
            return Offer::Refused(Box::new(delivery));
        }
        let lane = self
            .lanes
            .entry(delivery.webhook_id.clone())
            .or_insert_with(|| Lane::new(delivery.org_id.clone()));
        lane.rate_limit = delivery.rate_limit_per_second;
        let offer = if lane.queue.is_empty() && lane.may_start(now) {
            lane.started(now);
            self.in_flight += 1;
            Offer::Start(Box::new(delivery))
        } else if may_queue && lane.queue.len() < lane.queue_max() {
            *self.waiting.entry(delivery.org_id.clone()).or_default() += 1;
            lane.queue.push_back(delivery);
            Offer::Queued(lane.timer(now))
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
    pub(crate) fn finished(&mut self, webhook_id: &WebhookId, verdict: Verdict, now: Instant) -> Next {
        let Some(lane) = self.lanes.get_mut(webhook_id) else { return Next::default() };
        lane.in_flight = lane.in_flight.saturating_sub(1);
        self.in_flight = self.in_flight.saturating_sub(1);
        let was_failing = lane.is_failing();
        lane.judge(verdict);
        match (was_failing, lane.is_failing()) {
            (false, true) => *self.failing.entry(lane.org_id.clone()).or_default() += 1,
            (true, false) => {
                uncount(&mut self.failing, &lane.org_id, 1);
                // It is back: what its failures held up goes out at once, or as its rate limit allows.
                lane.not_before = lane.rate_limit.map(|rate| now + Duration::from_secs(1) / rate.get());
            }
            (false, false) | (true, true) => {}
        }
        if lane.is_failing() && verdict == Verdict::Failed {
            let of_organisation = self.failing.get(&lane.org_id).copied().unwrap_or(1);
            let pause = lane.probe_pause(of_organisation * self.failing.len());
            lane.not_before = lane.not_before.max(Some(now + pause));
        }
        self.go_on(webhook_id, now)
    }

    /// A timer that [`Next::resume_at`] asked for has run out.
    pub(crate) fn resume(&mut self, webhook_id: &WebhookId, now: Instant) -> Next {
        if let Some(lane) = self.lanes.get_mut(webhook_id) {
            lane.is_timed = false;
        }
        self.go_on(webhook_id, now)
    }

    /// Starts what may start, gives back what has no room any more, and lets an empty lane go.
    fn go_on(&mut self, webhook_id: &WebhookId, now: Instant) -> Next {
        let mut next = Next::default();
        let Some(lane) = self.lanes.get_mut(webhook_id) else { return next };
        let waiting_before = lane.queue.len();
        while lane.may_start(now)
            && let Some(delivery) = lane.queue.pop_front()
        {
            lane.started(now);
            self.in_flight += 1;
            next.start.push(delivery);
        }
        if lane.queue.len() > lane.queue_max() {
            next.release.extend(lane.queue.split_off(lane.queue_max()));
            lane.more_in_store = true;
        }
        let left = waiting_before - lane.queue.len();
        if left > 0 {
            uncount(&mut self.waiting, &lane.org_id, left);
        }
        next.claim = (lane.more_in_store || self.more_in_store)
            && lane.room_for_claim(may_wait(&self.waiting, &lane.org_id), now) > 0;
        let is_idle = lane.in_flight == 0 && lane.queue.is_empty();
        if is_idle && !lane.is_held_up(now) {
            if lane.is_failing() {
                uncount(&mut self.failing, &lane.org_id, 1);
            }
            self.lanes.remove(webhook_id);
        } else {
            next.resume_at = lane.timer(now);
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
    pub(crate) fn claim_room(&mut self, now: Instant) -> ClaimRoom {
        let bytes = (HELD_BYTES_MAX / 2).saturating_sub(self.held_bytes);
        let room = WAITING_MAX.saturating_sub(self.held);
        let limit = if bytes > 0 && !self.is_closed { room.min(CLAIM_MAX) } else { 0 };
        if limit == 0 {
            self.more_in_store = true;
            return ClaimRoom { limit, bytes, lanes: BTreeMap::new() };
        }
        self.more_in_store = false;
        let mut lanes = BTreeMap::new();
        for (id, lane) in &mut self.lanes {
            let room = lane.room_for_claim(may_wait(&self.waiting, &lane.org_id), now);
            lane.more_in_store = room == 0;
            lanes.insert(id.clone(), u32::try_from(room).unwrap_or(u32::MAX));
        }
        ClaimRoom { limit, bytes, lanes }
    }

    /// What a claim brought has found its places. Whether to claim again now; a lane without room asks for more as
    /// soon as it has some.
    pub(crate) fn claimed(&mut self, brought: &Brought, now: Instant) -> bool {
        let claimable = brought.full.iter().filter(|id| self.given_back(id, now)).count();
        brought.is_full || claimable > 0
    }

    /// Deliveries of this webhook are in the store again. Whether to claim them now; if not, its lane asks
    /// for them as soon as it has room.
    pub(crate) fn given_back(&mut self, webhook_id: &WebhookId, now: Instant) -> bool {
        let Some(lane) = self.lanes.get_mut(webhook_id) else { return true };
        lane.more_in_store = true;
        lane.room_for_claim(may_wait(&self.waiting, &lane.org_id), now) > 0
    }

    /// Gives out what waits for this webhook: its URL, headers, secrets or rate are not what they were.
    pub(crate) fn take_queued(&mut self, webhook_id: &WebhookId) -> Vec<LeasedDelivery> {
        let Some(lane) = self.lanes.get_mut(webhook_id) else { return Vec::new() };
        let queued: Vec<_> = lane.queue.drain(..).collect();
        for delivery in &queued {
            self.forget(delivery.body.len());
            uncount(&mut self.waiting, &delivery.org_id, 1);
        }
        queued
    }

    /// Takes no more, and gives out what is queued.
    pub(crate) fn close(&mut self) -> Vec<LeasedDelivery> {
        self.is_closed = true;
        let queued: Vec<_> = self.lanes.values_mut().flat_map(|lane| lane.queue.drain(..)).collect();
        self.lanes.retain(|_, lane| lane.in_flight > 0);
        self.failing.clear();
        for lane in self.lanes.values().filter(|lane| lane.is_failing()) {
            *self.failing.entry(lane.org_id.clone()).or_default() += 1;
        }
        self.waiting.clear();
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

/// So many less of an organisation, which is forgotten with the last.
fn uncount(counts: &mut HashMap<OrgId, usize>, org_id: &OrgId, less: usize) {
    let Some(count) = counts.get_mut(org_id) else { return };
    *count = count.saturating_sub(less);
    if *count == 0 {
        counts.remove(org_id);
    }
}

/// Whether a claim may bring what is to wait, of an organisation of which so many wait.
fn may_wait(waiting: &HashMap<OrgId, usize>, org_id: &OrgId) -> bool {
    waiting.get(org_id).is_none_or(|count| *count <= WAITING_MAX_FOR_CLAIM)
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
            org_id: OrgId::parse(&format!("org_{}", webhook / 100)).unwrap(),
            rate_limit_per_second: None,
            client_certificate: None,
            url: "https://example.com/".to_owned(),
            headers: Vec::new().into(),
            secrets: Vec::new(),
            body: vec![b' '; body_bytes].into(),
            attempt_number: 1,
            lease: Lease { node: "a".to_owned(), token: "t".to_owned(), until },
        }
    }

    fn webhook_id(webhook: usize) -> WebhookId {
        WebhookId::parse(&format!("wh_{webhook}")).unwrap()
    }

    fn offer_one(lanes: &mut Lanes, webhook: usize, body_bytes: usize) -> Offer {
        lanes.offer(delivery(webhook, body_bytes), Instant::now())
    }

    fn finished(lanes: &mut Lanes, webhook: usize, verdict: Verdict) -> Next {
        lanes.finished(&webhook_id(webhook), verdict, Instant::now())
    }

    /// Offers `count` deliveries of one webhook: how many started, were queued and were refused.
    fn offer(lanes: &mut Lanes, webhook: usize, count: usize) -> (usize, usize, usize) {
        let mut places = (0, 0, 0);
        for _ in 0..count {
            match offer_one(lanes, webhook, 2) {
                Offer::Start(_) => places.0 += 1,
                Offer::Queued(_) => places.1 += 1,
                Offer::Refused(_) => places.2 += 1,
            }
        }
        places
    }

    #[test]
    fn a_lane_starts_small_and_grows_with_success() {
        let mut lanes = Lanes::default();
        assert_eq!(offer(&mut lanes, 1, 600), (4, 512, 84));
        let next = finished(&mut lanes, 1, Verdict::Succeeded);
        assert_eq!(next.start.len(), 2, "one for the place that came free, one for the grown window");
        for _ in 0..600 {
            finished(&mut lanes, 1, Verdict::Succeeded);
            lanes.forget(2);
            offer(&mut lanes, 1, 200);
        }
        assert_eq!(lanes.in_flight(), limits::LANE_IN_FLIGHT_MAX);
    }

    #[test]
    fn a_failing_lane_shrinks_to_one_probe_and_gives_its_queue_back() {
        let mut lanes = Lanes::default();
        offer(&mut lanes, 1, 516);
        let (mut released, mut resume_at) = (0, None);
        for _ in 0..4 {
            let next = finished(&mut lanes, 1, Verdict::Failed);
            released += next.release.len();
            resume_at = resume_at.or(next.resume_at);
            lanes.forget(2);
        }
        assert_eq!((lanes.in_flight(), released), (0, 496));
        assert_eq!(lanes.held(), QUEUE_MAX_FAILING);
        let later = resume_at.unwrap() + Duration::from_secs(1);
        assert_eq!(lanes.resume(&webhook_id(1), later).start.len(), 1);
        let next = finished(&mut lanes, 1, Verdict::Succeeded);
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
        assert_eq!(lanes.claim_room(Instant::now()).lanes, [(webhook_id(1), 0), (webhook_id(2), 512)].into());
        let mut asked_at = None;
        for ended in 0..256 {
            let next = finished(&mut lanes, 1, Verdict::Succeeded);
            if next.claim && asked_at.is_none() {
                asked_at = Some(ended);
            }
        }
        assert!(asked_at.is_some(), "the lane never asked");
        assert!(lanes.claim_room(Instant::now()).lanes[&webhook_id(1)] >= 256);
    }

    #[test]
    fn what_was_given_back_is_claimed_at_once_only_where_there_is_room() {
        let mut lanes = Lanes::default();
        assert!(lanes.given_back(&webhook_id(1), Instant::now()), "nothing of it is in memory");
        offer(&mut lanes, 1, 600);
        assert!(!lanes.given_back(&webhook_id(1), Instant::now()));
        offer(&mut lanes, 2, 4);
        assert!(lanes.given_back(&webhook_id(2), Instant::now()));
        assert!(finished(&mut lanes, 2, Verdict::Succeeded).claim);
    }

    #[test]
    fn a_claim_that_filled_a_lane_is_followed_by_another_as_soon_as_half_of_it_is_free() {
        let mut lanes = Lanes::default();
        let claim = |lanes: &mut Lanes, count: usize| {
            let room = lanes.claim_room(Instant::now());
            let claimed: Vec<_> = (0..count.min(room.limit)).map(|_| delivery(1, 2)).collect();
            let brought = room.brought(&claimed);
            claimed.into_iter().for_each(|delivery| drop(lanes.offer(delivery, Instant::now())));
            lanes.claimed(&brought, Instant::now())
        };
        // Of a webhook of which nothing is known, few are brought, and its lane has room for more.
        assert!(claim(&mut lanes, QUEUE_MAX_FAILING));
        let room = lanes.claim_room(Instant::now()).lanes[&webhook_id(1)] as usize;
        assert!(!claim(&mut lanes, room - 1), "there is nothing more");
        assert!(!finished(&mut lanes, 1, Verdict::Succeeded).claim);

        let mut lanes = Lanes::default();
        offer(&mut lanes, 1, 1);
        let room = lanes.claim_room(Instant::now()).lanes[&webhook_id(1)] as usize;
        assert!(!claim(&mut lanes, room), "there may be more, and no room for it");
        let asks = (0..2 * room).find(|_| finished(&mut lanes, 1, Verdict::Succeeded).claim);
        assert!(asks.is_some_and(|ended| ended < room), "{asks:?}");
    }

    #[test]
    fn bodies_are_bounded_by_their_bytes_but_one_always_goes() {
        let mut lanes = Lanes::default();
        assert!(matches!(offer_one(&mut lanes, 1, HELD_BYTES_MAX + 1), Offer::Start(_)));
        assert!(matches!(offer_one(&mut lanes, 2, 1), Offer::Refused(_)));
        assert_eq!(lanes.claim_room(Instant::now()).limit, 0);
        assert!(finished(&mut lanes, 1, Verdict::Succeeded).claim);
        lanes.forget(HELD_BYTES_MAX + 1);
        assert!(matches!(offer_one(&mut lanes, 2, 1), Offer::Start(_)));
    }

    #[test]
    fn a_closed_lane_gives_out_what_waits_and_takes_nothing() {
        let mut lanes = Lanes::default();
        offer(&mut lanes, 1, 10);
        assert_eq!(lanes.close().len(), 6);
        assert_eq!(offer(&mut lanes, 1, 1), (0, 0, 1));
        for _ in 0..4 {
            assert!(finished(&mut lanes, 1, Verdict::Succeeded).start.is_empty());
            lanes.forget(2);
        }
        assert_eq!((lanes.count(), lanes.held()), (0, 0));
    }

    #[test]
    fn a_rate_limit_spaces_attempts_out_whatever_the_window_allows() {
        let (mut lanes, begin) = (Lanes::default(), Instant::now());
        let rated = || LeasedDelivery { rate_limit_per_second: NonZeroU32::new(10), ..delivery(1, 2) };
        let at = |ms: u64| begin + Duration::from_millis(ms);
        assert!(matches!(lanes.offer(rated(), begin), Offer::Start(_)));
        assert_eq!(lanes.offer(rated(), begin), Offer::Queued(Some(at(100))), "a timer is asked for");
        for _ in 0..200 {
            lanes.offer(rated(), begin);
        }
        assert_eq!(
            lanes.held(),
            1 + 10 * RATED_QUEUE_SECONDS,
            "what could not go out in time stays in the store"
        );
        let mut started = 1;
        for ms in (0..2_000).step_by(5) {
            let next = lanes.finished(&webhook_id(1), Verdict::Succeeded, at(ms));
            started += next.start.len();
            started += lanes.resume(&webhook_id(1), at(ms)).start.len();
            assert!(started <= 1 + ms as usize / 100, "{started} attempts in {ms} ms");
        }
        assert_eq!(started, 20);
    }

    #[test]
    fn a_late_timer_makes_up_for_a_little_and_no_more() {
        let (mut lanes, begin) = (Lanes::default(), Instant::now());
        let rated = || LeasedDelivery { rate_limit_per_second: NonZeroU32::new(1_000), ..delivery(1, 2) };
        lanes.offer(rated(), begin);
        for _ in 0..60 {
            lanes.finished(&webhook_id(1), Verdict::Succeeded, begin);
        }
        for _ in 0..500 {
            lanes.offer(rated(), begin);
        }
        assert_eq!(lanes.resume(&webhook_id(1), begin + Duration::from_millis(10)).start.len(), 10);
        for _ in 0..10 {
            assert_eq!(lanes.finished(&webhook_id(1), Verdict::Succeeded, begin).start, []);
        }
        let started = lanes.resume(&webhook_id(1), begin + Duration::from_secs(1)).start.len();
        assert!((1..=21).contains(&started), "{started} attempts at once");
    }

    #[test]
    fn an_endpoint_that_refuses_at_once_is_probed_at_a_pace_and_comes_back_at_once() {
        let (mut lanes, begin) = (Lanes::default(), Instant::now());
        for _ in 0..500 {
            lanes.offer(delivery(1, 2), begin);
        }
        let (mut now, mut probes, mut in_flight) = (begin, 0, 4);
        while now < begin + Duration::from_secs(10) {
            let mut next = Next::default();
            for _ in 0..in_flight {
                next = lanes.finished(&webhook_id(1), Verdict::Failed, now);
                probes += 1;
            }
            now = next.resume_at.unwrap_or(now);
            next = lanes.resume(&webhook_id(1), now);
            in_flight = next.start.len();
            assert_eq!(in_flight, 1);
            lanes.offer(delivery(1, 2), now);
        }
        let most = 10 * PROBES_PER_SECOND_MAX as usize;
        assert!((most - 10..most + 10).contains(&probes), "{probes} probes in 10 s");
        let next = lanes.finished(&webhook_id(1), Verdict::Succeeded, now);
        assert_eq!((next.start.len(), next.resume_at), (2, None), "it works again: nothing is held up");
    }

    #[test]
    fn many_dead_endpoints_share_one_pace() {
        let (mut lanes, begin) = (Lanes::default(), Instant::now());
        let mut last = Next::default();
        for webhook in 0..1_000 {
            for _ in 0..5 {
                lanes.offer(delivery(webhook, 2), begin);
            }
            for _ in 0..4 {
                last = lanes.finished(&webhook_id(webhook), Verdict::Failed, begin);
                lanes.forget(2);
            }
        }
        assert_eq!(last.resume_at, Some(begin + Duration::from_secs(4)), "1,000 lanes, 250 probes a second");
        for webhook in 0..1_000 {
            let next = lanes.resume(&webhook_id(webhook), begin + Duration::from_secs(4));
            assert_eq!(next.start.len(), 1);
            lanes.take_queued(&webhook_id(webhook));
            lanes.finished(&webhook_id(webhook), Verdict::Succeeded, begin + Duration::from_secs(4));
        }
        assert_eq!((lanes.count(), lanes.failing.len()), (0, 0));
    }

    #[test]
    fn one_organisations_dead_endpoints_leave_probes_to_others() {
        let (mut lanes, begin) = (Lanes::default(), Instant::now());
        let pause_of = |lanes: &mut Lanes, webhook: usize| {
            for _ in 0..5 {
                lanes.offer(delivery(webhook, 2), begin);
            }
            let ends = (0..4).map(|_| lanes.finished(&webhook_id(webhook), Verdict::Failed, begin).resume_at);
            ends.flatten().next_back().map(|resume_at| resume_at - begin)
        };
        let pauses: Vec<_> = (0..100).map(|webhook| pause_of(&mut lanes, webhook)).collect();
        assert_eq!(pauses[99], Some(Duration::from_millis(400)));
        assert_eq!(pause_of(&mut lanes, 100), Some(Duration::from_millis(10)), "another's first pause");
    }

    #[test]
    fn one_organisations_backlog_leaves_queues_to_others() {
        let (mut lanes, now) = (Lanes::default(), Instant::now());
        for webhook in 0..100 {
            offer(&mut lanes, webhook, 600);
        }
        let starts = 100 * WINDOW_FIRST;
        assert_eq!(lanes.held(), WAITING_MAX_PER_ORGANISATION + starts);
        assert!(matches!(lanes.offer(delivery(50, 2), now), Offer::Refused(_)));
        assert_eq!(offer(&mut lanes, 100, 100), (4, 96, 0), "another organisation's webhook");
    }

    /// Claims from a store in which so many are due of each webhook, the longest due first, until no claim is asked
    /// for; how many claims that were.
    fn claim_all(lanes: &mut Lanes, store: &mut BTreeMap<usize, usize>, now: Instant) -> usize {
        for claims in 1..=200 {
            let room = lanes.claim_room(now);
            let mut claimed = Vec::new();
            for (webhook, due) in store.iter_mut() {
                let of_lane =
                    room.lanes.get(&webhook_id(*webhook)).map_or(QUEUE_MAX_FAILING, |room| *room as usize);
                let count = of_lane.min(*due).min(room.limit - claimed.len());
                *due -= count;
                claimed.extend((0..count).map(|_| (*webhook, delivery(*webhook, 2))));
            }
            let brought =
                room.brought(&claimed.iter().map(|(_, delivery)| delivery.clone()).collect::<Vec<_>>());
            let mut refused = Vec::new();
            for (webhook, delivery) in claimed {
                if let Offer::Refused(_) = lanes.offer(delivery, now) {
                    *store.entry(webhook).or_default() += 1;
                    refused.push(webhook);
                }
            }
            let may_be_more = lanes.claimed(&brought, now);
            if !may_be_more && !refused.iter().any(|webhook| lanes.given_back(&webhook_id(*webhook), now)) {
                return claims;
            }
        }
        panic!("claims go on and bring nothing: {store:?}");
    }

    #[test]
    fn an_organisation_that_has_its_share_neither_fills_claims_nor_asks_for_more() {
        let (mut lanes, now) = (Lanes::default(), Instant::now());
        // Ten of one organisation answer slowly; an eleventh has answered all it was sent, and one of another
        // organisation is due after all of these.
        for webhook in 0..11 {
            offer(&mut lanes, webhook, 5);
            finished(&mut lanes, webhook, Verdict::Succeeded);
            lanes.forget(2);
        }
        for _ in 0..4 {
            finished(&mut lanes, 10, Verdict::Succeeded);
            lanes.forget(2);
        }
        let mut store: BTreeMap<usize, usize> = (0..10).map(|webhook| (webhook, 5_000)).collect();
        store.extend([(10, 0), (100, 40)]);
        let claims = claim_all(&mut lanes, &mut store, now);
        assert!(claims < 20, "{claims} claims");
        assert_eq!(store[&100], 0, "another organisation's are left in the store");
        let waiting: usize = lanes.waiting.values().sum();
        assert!(waiting > WAITING_MAX_FOR_CLAIM, "{waiting} wait");

        // What goes out at once goes out all the same, and leaves the others where they are.
        store.insert(10, 500);
        let slow_left: usize = (0..10).map(|webhook| store[&webhook]).sum();
        claim_all(&mut lanes, &mut store, now);
        assert!(store[&10] < 500, "a webhook that answers waits for slow ones of its organisation");
        assert!((0..10).map(|webhook| store[&webhook]).sum::<usize>() >= slow_left - 10 * WINDOW_FIRST);
    }
}
