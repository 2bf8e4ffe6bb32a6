//! Replays of many deliveries.

use docextract_model::delivery::{Delivery, Trigger};
use docextract_model::event::Event;
use docextract_model::id::{DeliveryId, ReplayId, id_floor};
use docextract_model::replay::{Replay, ReplayStatus};
use docextract_model::tenant::Tenant;
use docextract_model::time::Timestamp;
use docextract_model::webhook::{Webhook, WebhookStatus};

use super::deliveries::again;
use super::{Tables, take_id};
use crate::Result;
use crate::commands::{CreateReplayOutcome, StepReplay};

impl Tables {
    pub(super) fn create_replay(&mut self, replay: Replay) -> CreateReplayOutcome {
        let webhook = self.present_webhooks(&replay.tenant).find(|webhook| webhook.id == replay.webhook_id);
        match webhook.map(|webhook| webhook.status) {
            None => CreateReplayOutcome::WebhookNotFound,
            Some(WebhookStatus::Disabled) => CreateReplayOutcome::WebhookDisabled,
            Some(WebhookStatus::Enabled) => {
                self.replays.insert(replay.id.clone(), replay.clone());
                CreateReplayOutcome::Created(replay)
            }
        }
    }

    pub(super) fn replay(&self, tenant: &Tenant, id: &ReplayId) -> Option<Replay> {
        self.replays.get(id).filter(|replay| replay.tenant == *tenant).cloned()
    }

    pub(super) fn cancel_replay(&mut self, tenant: &Tenant, id: &ReplayId, now: Timestamp) -> Option<Replay> {
        let replay = self.replays.get_mut(id).filter(|replay| replay.tenant == *tenant)?;
        if replay.status == ReplayStatus::Running {
            replay.status = ReplayStatus::Cancelled;
            replay.finished_at = Some(now);
        }
        Some(replay.clone())
    }

    pub(super) fn step_replay(&mut self, mut command: StepReplay) -> Result<Option<Replay>> {
        let open = self
            .replays
            .values()
            .filter(|replay| replay.status == ReplayStatus::Running && replay.until <= command.now);
        let longest_ago = open.min_by_key(|replay| (replay.stepped_at, replay.id.clone()));
        let Some(mut replay) = longest_ago.cloned() else { return Ok(None) };
        replay.stepped_at = command.now;
        let webhook = self
            .present_webhooks(&replay.tenant)
            .find(|webhook| webhook.id == replay.webhook_id && webhook.status == WebhookStatus::Enabled)
            .cloned();
        let ended = match webhook {
            None => Some(ReplayStatus::Cancelled),
            Some(webhook) => self.go_on(&mut replay, &webhook, &mut command)?,
        };
        if let Some(status) = ended {
            replay.status = status;
            replay.finished_at = Some(command.now);
        }
        self.replays.insert(replay.id.clone(), replay.clone());
        Ok(Some(replay))
    }

    fn go_on(
        &mut self,
        replay: &mut Replay,
        webhook: &Webhook,
        command: &mut StepReplay,
    ) -> Result<Option<ReplayStatus>> {
        let from = replay.cursor.as_ref().map(DeliveryId::to_string);
        let from = from.unwrap_or_else(|| id_floor::<DeliveryId>(replay.since));
        let until = id_floor::<DeliveryId>(replay.until);
        let of_webhook = self.deliveries.values().map(|row| &row.delivery).filter(|delivery| {
            delivery.webhook_id.as_ref() == Some(&webhook.id)
                && delivery.id.as_str() > from.as_str()
                && delivery.id.as_str() < until.as_str()
        });
        let rows: Vec<Delivery> = of_webhook.take(command.limit as usize).cloned().collect();
        for delivery in &rows {
            replay.cursor = Some(delivery.id.clone());
            replay.position = Some(delivery.created_at);
            let is_wanted = delivery.trigger != Trigger::Test && replay.statuses.contains(&delivery.status);
            let came_later = self.deliveries.values().map(|row| &row.delivery).any(|other| {
                other.event_id == delivery.event_id
                    && other.webhook_id == delivery.webhook_id
                    && other.id > delivery.id
            });
            let is_erased = self.events.get(&delivery.event_id).is_some_and(Event::is_erased);
            if is_wanted && !came_later && !is_erased {
                let id = take_id(&mut command.ids)?;
                self.insert_due(again(delivery.clone(), id, webhook, command.now));
                replay.replayed += 1;
            }
        }
        Ok((rows.len() < command.limit as usize).then_some(ReplayStatus::Completed))
    }
}
