// Receives DocExtract webhooks with Express and the published `standardwebhooks` package, which checks
// webhook-id, webhook-timestamp and webhook-signature. Unlike the plain HMAC these headers are signed
// too, so a recorded request cannot be sent under another id, nor more than five minutes later.
//
//   WEBHOOK_SECRET=whsec_… PORT=3000 node receiver-standard.js

import express from "express";
import { Webhook } from "standardwebhooks";

if (!process.env.WEBHOOK_SECRET) {
  console.error("Set WEBHOOK_SECRET to the webhook's secret, as shown when you created it (whsec_…).");
  process.exit(1);
}
const webhook = new Webhook(process.env.WEBHOOK_SECRET);

function signatureIsGood(body, headers) {
  try {
    webhook.verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false; // missing or stale headers, no matching signature
  }
}

// Deliveries repeat: a retry or a replay carries the id of its event again. Here the last 100,000 ids
// are kept in memory; several processes share a table with a unique key on the id instead,
// written in the same transaction as what you do with the event.
const seen = new Set();
function isDuplicate(id) {
  if (seen.has(id)) return true;
  seen.add(id);
  if (seen.size > 100_000) seen.delete(seen.values().next().value);
  return false;
}

const app = express();
app.disable("x-powered-by");

// express.raw keeps the bytes. express.json() anywhere before this route would lose them.
const rawBody = express.raw({ type: () => true, limit: "5mb", inflate: false });

app.post("/webhooks/docextract", rawBody, (req, res) => {
  const body = req.body ?? Buffer.alloc(0); // no body at all leaves req.body undefined
  const line = {
    accepted: signatureIsGood(body, req.headers),
    id: req.get("webhook-id") ?? null,
    event: req.get("x-docextract-event") ?? null,
    delivery: req.get("x-docextract-delivery") ?? null,
    attempt: Number(req.get("x-docextract-attempt")) || null,
  };
  if (line.accepted && isDuplicate(line.id)) {
    line.duplicate = true;
  } else if (line.accepted) {
    // Yours: put JSON.parse(body) on a queue here and answer. DocExtract waits 5 seconds for a 2xx,
    // then sends again.
  }
  console.log(JSON.stringify(line));
  res.sendStatus(line.accepted ? 200 : 401); // a duplicate is a success: otherwise it comes again
});

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", (error) => {
  if (error) throw error;
  console.log(`listening ${server.address().port}`);
});
