-- Instants are Unix milliseconds. Ids are text with their prefix. JSON is text, kept as it was written.
-- Columns are portable: another adapter has the same ones.

-- The key that seals what is sealed in the other tables: by its id; the key itself is elsewhere.
CREATE TABLE sealing (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    key_id TEXT NOT NULL
);

CREATE TABLE organisations (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    plan TEXT NOT NULL,
    balance INTEGER NOT NULL CHECK (balance >= 0),
    total_purchased INTEGER NOT NULL,
    total_used INTEGER NOT NULL,
    low_balance_threshold INTEGER NOT NULL,
    -- Whether the receiver was told of the present crossing already.
    low_told INTEGER NOT NULL,
    depleted_told INTEGER NOT NULL,
    last_purchase_amount INTEGER,
    -- A decimal as it is written; none for credits that were granted.
    last_purchase_price TEXT,
    last_purchase_at INTEGER
) WITHOUT ROWID;

-- What an organisation whose plan has limits asked for in the minute and the hour of its last request.
CREATE TABLE request_counts (
    org_id TEXT PRIMARY KEY NOT NULL REFERENCES organisations (id),
    minute INTEGER NOT NULL,
    minute_count INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    hour_count INTEGER NOT NULL
) WITHOUT ROWID;

-- Requests that came with an Idempotency-Key: what they were, and what they were answered.
CREATE TABLE keyed_requests (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    mode TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    -- The number of the id of what the request makes: it is the same however often the request is begun.
    reserved TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    -- Sealed: there may be a secret in it.
    answer BLOB,
    -- The answer went with the document that it was about.
    erased INTEGER NOT NULL,
    lease_node TEXT,
    lease_token TEXT,
    lease_until INTEGER,
    PRIMARY KEY (org_id, mode, key)
) WITHOUT ROWID;
CREATE INDEX keyed_requests_begun ON keyed_requests (begun_at);
CREATE INDEX keyed_requests_reserved ON keyed_requests (reserved);
CREATE INDEX keyed_requests_leased ON keyed_requests (lease_node) WHERE lease_node IS NOT NULL;

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    mode TEXT NOT NULL,
    scopes TEXT NOT NULL,
    hint TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    last_used_at INTEGER,
    expires_at INTEGER,
    revoked_at INTEGER
) WITHOUT ROWID;
CREATE INDEX api_keys_of_organisation ON api_keys (org_id, id);

-- People. An e-mail address is in lower case.
CREATE TABLE users (
    id TEXT PRIMARY KEY NOT NULL,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- In PHC form; none for who signs in elsewhere only.
    password TEXT,
    -- Who the user is at an OpenID provider.
    issuer TEXT,
    subject TEXT,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX users_of_issuer ON users (issuer, subject) WHERE subject IS NOT NULL;

CREATE TABLE members (
    org_id TEXT NOT NULL REFERENCES organisations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, user_id)
) WITHOUT ROWID;
CREATE INDEX members_of_user ON members (user_id, org_id);
CREATE INDEX members_owners ON members (org_id) WHERE role = 'owner';

-- Links that let somebody in once: a new member, or the one that they name.
CREATE TABLE invitations (
    id TEXT PRIMARY KEY NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    email TEXT,
    user_id TEXT,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    accepted_at INTEGER,
    revoked_at INTEGER
) WITHOUT ROWID;
CREATE INDEX invitations_of_organisation ON invitations (org_id, id);
CREATE INDEX invitations_open ON invitations (org_id, email)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_by_end ON invitations (expires_at);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    org_id TEXT NOT NULL,
    mode TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    address TEXT,
    user_agent TEXT
) WITHOUT ROWID;
CREATE INDEX sessions_of_user ON sessions (user_id, id);
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE INDEX sessions_by_use ON sessions (last_used_at);

-- Tries to sign in, by account (a hash of the address) and by where they came from.
CREATE TABLE sign_in_windows (
    subject TEXT PRIMARY KEY NOT NULL,
    began_at INTEGER NOT NULL,
    tries INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_in_windows_began ON sign_in_windows (began_at);

-- Who did what. Rows are added, and removed when they are old; none is changed.
CREATE TABLE audit_log (
    id TEXT PRIMARY KEY NOT NULL,
    -- None: somebody tried to sign in whom nobody knows.
    org_id TEXT,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT,
    mode TEXT,
    address TEXT,
    request_id TEXT,
    detail TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX audit_log_of_organisation ON audit_log (org_id, id);
CREATE INDEX audit_log_of_actor ON audit_log (org_id, actor, id);
CREATE INDEX audit_log_of_action ON audit_log (org_id, action, id);
CREATE INDEX audit_log_of_target ON audit_log (org_id, target, id) WHERE target IS NOT NULL;
CREATE INDEX audit_log_by_age ON audit_log (created_at);
CREATE TRIGGER audit_log_is_never_changed BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'an entry of the audit log is never changed');
END;

CREATE TABLE extractors (
    id TEXT PRIMARY KEY NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    mode TEXT NOT NULL,
    name TEXT NOT NULL,
    document_type TEXT NOT NULL,
    ready_made INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    usage_count INTEGER NOT NULL,
    deleted_at INTEGER
) WITHOUT ROWID;
CREATE INDEX extractors_of_tenant ON extractors (org_id, mode, id) WHERE deleted_at IS NULL;

CREATE TABLE extractor_versions (
    extractor_id TEXT NOT NULL REFERENCES extractors (id),
    version INTEGER NOT NULL,
    field_definitions TEXT NOT NULL,
    PRIMARY KEY (extractor_id, version)
) WITHOUT ROWID;

CREATE TABLE jobs (
    id TEXT PRIMARY KEY NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    mode TEXT NOT NULL,
    extractor_id TEXT NOT NULL,
    extractor_version INTEGER NOT NULL,
    document_type TEXT NOT NULL,
    status TEXT NOT NULL,
    hold_reason TEXT,
    credits_needed INTEGER NOT NULL,
    blob_id TEXT NOT NULL,
    -- Where the document is fetched from, and whether that is still to be done.
    source_url TEXT,
    awaits_file INTEGER NOT NULL,
    filename TEXT,
    mime_type TEXT NOT NULL,
    file_size_bytes INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    extracted_data TEXT,
    confidence TEXT,
    citations TEXT,
    warnings TEXT,
    page_count INTEGER,
    confidence_min_e4 INTEGER,
    -- What a person corrected, beside what was extracted.
    corrections TEXT,
    corrected_at INTEGER,
    failure_code TEXT,
    failure_message TEXT,
    failure_suggestion TEXT,
    processing_time_ms INTEGER,
    cost_credits INTEGER NOT NULL,
    retry_of TEXT,
    attempt_count INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER,
    -- When a worker may take it: its creation, a deferral, or the end of the present lease.
    due_at INTEGER NOT NULL,
    -- Its organisation's plan has no slot for it yet: no worker looks at it until it has one.
    waits_for_slot INTEGER NOT NULL,
    lease_node TEXT,
    lease_token TEXT
);
-- What opens a document that is encrypted, sealed, until its job has ended.
CREATE TABLE document_passwords (
    job_id TEXT PRIMARY KEY NOT NULL,
    password BLOB NOT NULL
);
CREATE INDEX jobs_due ON jobs (awaits_file, due_at, id)
    WHERE status IN ('queued', 'processing') AND hold_reason IS NULL AND waits_for_slot = 0;
-- Those that have a slot, of an organisation whose plan has limits: few.
CREATE INDEX jobs_with_slot ON jobs (org_id, id)
    WHERE status IN ('queued', 'processing') AND hold_reason IS NULL AND waits_for_slot = 0;
CREATE INDEX jobs_without_slot ON jobs (org_id, id) WHERE waits_for_slot = 1;
-- With the confidence, so that a list of those above one that few reach passes the others without reading them.
CREATE INDEX jobs_of_tenant ON jobs (org_id, mode, id, confidence_min_e4);
CREATE INDEX jobs_held ON jobs (org_id, id) WHERE hold_reason IS NOT NULL;
CREATE INDEX jobs_of_extractor ON jobs (org_id, mode, extractor_id, id);
-- One for each status that few jobs have; those that are completed stand everywhere else.
CREATE INDEX jobs_queued ON jobs (org_id, mode, id) WHERE status = 'queued';
CREATE INDEX jobs_processing ON jobs (org_id, mode, id) WHERE status = 'processing';
CREATE INDEX jobs_failed ON jobs (org_id, mode, id) WHERE status = 'failed';
CREATE INDEX jobs_leased ON jobs (lease_node) WHERE lease_node IS NOT NULL;

-- A job's document is kept under the id of the job that it was first submitted for; this finds the others.
CREATE INDEX jobs_of_blob ON jobs (blob_id) WHERE retry_of IS NOT NULL;

-- What was learnt from corrected documents. It goes with its job.
CREATE TABLE lessons (
    job_id TEXT PRIMARY KEY NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    mode TEXT NOT NULL,
    extractor_id TEXT NOT NULL,
    lesson TEXT NOT NULL,
    -- When it was made or last of use.
    used_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX lessons_of_extractor ON lessons (org_id, mode, extractor_id, used_at, job_id);
CREATE INDEX lessons_by_use ON lessons (org_id, mode, used_at, job_id);

-- Documents that no job has any more and whose files are still to be removed.
CREATE TABLE erased_blobs (
    blob_id TEXT PRIMARY KEY NOT NULL
) WITHOUT ROWID;

CREATE TABLE transactions (
    id TEXT PRIMARY KEY NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL,
    amount INTEGER NOT NULL,
    balance_after INTEGER NOT NULL,
    job_id TEXT,
    description TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX transactions_of_organisation ON transactions (org_id, id);
CREATE INDEX transactions_charges ON transactions (org_id, id) WHERE kind = 'charge';

CREATE TABLE webhooks (
    id TEXT PRIMARY KEY NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    mode TEXT NOT NULL,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    events TEXT NOT NULL,
    status TEXT NOT NULL,
    disabled_reason TEXT,
    -- Sealed, as are client_key, secret and previous_secret. None: it has none.
    headers BLOB,
    rate_limit_per_second INTEGER,
    client_certificate TEXT,
    client_key BLOB,
    client_fingerprint TEXT,
    -- None once it is deleted.
    secret BLOB,
    previous_secret BLOB,
    previous_secret_expires_at INTEGER,
    failing_since INTEGER,
    -- Nothing pending for it is due before; none when nothing is pending. May be too early, never too late.
    claim_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) WITHOUT ROWID;
CREATE INDEX webhooks_of_tenant ON webhooks (org_id, mode, id) WHERE deleted_at IS NULL;
-- Deleted ones, too: what was pending for them may be so yet.
CREATE INDEX webhooks_ever ON webhooks (org_id, mode, id);
CREATE INDEX webhooks_to_claim ON webhooks (claim_at) WHERE claim_at IS NOT NULL;

-- What a webhook asks for, a row for each of its `events`: an event finds those that want it and no others.
CREATE TABLE webhook_subscriptions (
    org_id TEXT NOT NULL,
    mode TEXT NOT NULL,
    event_type TEXT NOT NULL,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    PRIMARY KEY (org_id, mode, event_type, webhook_id)
) WITHOUT ROWID;

CREATE TABLE events (
    id TEXT PRIMARY KEY NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    mode TEXT NOT NULL,
    event_type TEXT NOT NULL,
    -- The bytes that are signed and sent.
    body BLOB NOT NULL,
    job_id TEXT,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX events_of_tenant ON events (org_id, mode, id);
CREATE INDEX events_of_type ON events (org_id, mode, event_type, id);
CREATE INDEX events_of_job ON events (job_id) WHERE job_id IS NOT NULL;

CREATE TABLE deliveries (
    id TEXT PRIMARY KEY NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    mode TEXT NOT NULL,
    event_id TEXT NOT NULL REFERENCES events (id),
    event_type TEXT NOT NULL,
    webhook_id TEXT,
    url TEXT NOT NULL,
    status TEXT NOT NULL,
    trigger_kind TEXT NOT NULL,
    attempt_count INTEGER NOT NULL,
    next_attempt_at INTEGER,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    -- When a sender may take it: the next attempt, or the end of the present lease.
    due_at INTEGER NOT NULL,
    lease_node TEXT,
    lease_token TEXT
) WITHOUT ROWID;
CREATE INDEX deliveries_of_tenant ON deliveries (org_id, mode, id);
CREATE INDEX deliveries_of_webhook ON deliveries (webhook_id, id) WHERE webhook_id IS NOT NULL;
CREATE INDEX deliveries_of_event ON deliveries (event_id);
CREATE INDEX deliveries_of_type ON deliveries (org_id, mode, event_type, id);
-- What went wrong, for lists: few enter these.
CREATE INDEX deliveries_failed ON deliveries (org_id, mode, id) WHERE status = 'failed';
CREATE INDEX deliveries_skipped ON deliveries (org_id, mode, id) WHERE status = 'skipped';
CREATE INDEX deliveries_failed_of_webhook ON deliveries (webhook_id, id) WHERE status = 'failed';
CREATE INDEX deliveries_skipped_of_webhook ON deliveries (webhook_id, id) WHERE status = 'skipped';
-- The one index that every delivery enters and leaves. What is due of a webhook is read from it, and what a
-- node had leased is looked for in it once, when that node starts. It holds the status, which is always the
-- same, because SQLite would otherwise read each row to see it.
CREATE INDEX deliveries_pending ON deliveries (webhook_id, due_at, id, lease_node, status)
    WHERE status = 'pending';

-- Webhooks that were disabled or deleted with much pending: all of it up to this delivery is to be skipped.
CREATE TABLE webhook_skips (
    webhook_id TEXT PRIMARY KEY NOT NULL,
    through_id TEXT NOT NULL,
    finished_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE attempts (
    delivery_id TEXT NOT NULL REFERENCES deliveries (id),
    number INTEGER NOT NULL,
    attempted_at INTEGER NOT NULL,
    status_code INTEGER,
    response_time_ms INTEGER NOT NULL,
    error_code TEXT,
    -- Everything else that the log shows, as JSON.
    detail TEXT NOT NULL,
    PRIMARY KEY (delivery_id, number)
) WITHOUT ROWID;

-- Attempts of a webhook by the hour, how they ended ('' for success) and how long they took: what statistics
-- are read from.
CREATE TABLE attempt_counts (
    webhook_id TEXT NOT NULL,
    hour INTEGER NOT NULL,
    error_code TEXT NOT NULL,
    latency_class INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (webhook_id, hour, error_code, latency_class)
) WITHOUT ROWID;
CREATE INDEX attempt_counts_of_hour ON attempt_counts (hour);

-- Many deliveries of a webhook, to be sent again.
CREATE TABLE replays (
    id TEXT PRIMARY KEY NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisations (id),
    mode TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    statuses TEXT NOT NULL,
    status TEXT NOT NULL,
    replayed INTEGER NOT NULL,
    -- The last delivery that was looked at, and when it was created.
    last_delivery_id TEXT,
    position INTEGER,
    created_at INTEGER NOT NULL,
    stepped_at INTEGER NOT NULL,
    finished_at INTEGER
) WITHOUT ROWID;
CREATE INDEX replays_running ON replays (stepped_at, id) WHERE status = 'running';
