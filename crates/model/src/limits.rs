//! Every limit has its name here. Those that an operator may change are defaults.

/// Bytes of one submitted document.
pub const DOCUMENT_BYTES_MAX: u64 = 25 * 1024 * 1024;
/// A document of up to so many bytes is kept in the database, with its job: a file of its own costs two syncs of
/// the disk and more writing than that.
pub const DOCUMENT_BYTES_WITH_JOB_MAX: usize = 8 * 1024;
/// Bytes of the password that opens a document. PDF looks at no more than the first 127.
pub const DOCUMENT_PASSWORD_BYTES_MAX: usize = 512;
/// Pages of one document.
pub const DOCUMENT_PAGES_MAX: u32 = 200;
/// Wall-clock time for one document, from the start of its extraction.
pub const EXTRACTION_MS_MAX: u64 = 60_000;
/// Memory of one extraction process.
pub const CHILD_MEMORY_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// Documents that one extraction process reads, all of one owner, before another takes its place.
pub const CHILD_DOCUMENTS_MAX: u32 = 2_000;
/// Processor time after which an extraction process gets no further document.
pub const CHILD_CPU_SECONDS_REUSED: u64 = 10;
/// Memory beyond which an extraction process gets no further document.
pub const CHILD_MEMORY_BYTES_REUSED: u64 = 256 * 1024 * 1024;
/// An extraction process without work is ended after this time, and within twice that.
pub const CHILD_IDLE_MS: u64 = 30_000;
/// Processor time of one extraction process, per page.
pub const CHILD_CPU_SECONDS_PER_PAGE: u64 = 20;
/// Bytes of one stream after it is inflated.
pub const INFLATED_STREAM_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Bytes of all streams of a document after they are inflated.
pub const INFLATED_TOTAL_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Files in an office document's archive.
pub const ARCHIVE_ENTRIES_MAX: usize = 5_000;
/// Attachments of one mail that are looked at.
pub const MAIL_ATTACHMENTS_MAX: usize = 100;
/// Words of one document whose text is not drawn on pages of its own.
pub const DOCUMENT_WORDS_MAX: usize = 500_000;
/// Pixels of one page that is rendered or decoded.
pub const PAGE_PIXELS_MAX: u64 = 40_000_000;

/// Pixels of a page's picture that a user asks for, and how wide it may be and is when nothing is said.
pub const PICTURE_PIXELS_MAX: u64 = 16_000_000;
pub const PICTURE_WIDTH_MAX: u32 = 3_000;
pub const PICTURE_WIDTH_DEFAULT: u32 = 1_200;
/// Pictures of pages that a server draws at the same time, and how long a request waits for its turn.
pub const PICTURES_AT_ONCE_MAX: usize = 2;
pub const PICTURE_WAIT_MS_MAX: u64 = 10_000;

/// Fields on one level of an extractor.
pub const EXTRACTOR_FIELDS_MAX: usize = 200;
/// Levels below the first one of an extractor's fields.
pub const EXTRACTOR_DEPTH_MAX: usize = 2;
/// Aliases of one field.
pub const EXTRACTOR_ALIASES_MAX: usize = 50;
/// Compiled size of a field's `pattern`.
pub const PATTERN_BYTES_MAX: usize = 1024 * 1024;

/// Requests that wait for the end of their document at the same time; any more are answered at once.
pub const WAITERS_MAX: usize = 512;
/// Parts of a multipart request.
pub const MULTIPART_PARTS_MAX: usize = 32;
/// Words of a document that a language model is asked about, and bytes of their text.
pub const LLM_WORDS_MAX: usize = 20_000;
pub const LLM_TEXT_BYTES_MAX: usize = 100_000;
/// Pages that it is shown as pictures.
pub const LLM_PICTURES_MAX: u32 = 5;
/// The time for its answer when nothing is said, and bytes of it.
pub const LLM_ANSWER_MS_DEFAULT: u64 = 30_000;
pub const LLM_ANSWER_BYTES_MAX: usize = 256 * 1024;
/// Values in it, those of rows counted one by one.
pub const LLM_VALUES_MAX: usize = 2_000;
/// Bytes of what a person corrected on one document, all fields together.
pub const CORRECTIONS_BYTES_MAX: usize = 64 * 1024;
/// Corrected documents that each side of an organisation learns from; beyond them, what was of use longest ago
/// is forgotten.
pub const LESSONS_MAX: u32 = 200;
/// Bytes of what is learnt from one document.
pub const LESSON_BYTES_MAX: usize = 16 * 1024;
/// How long a request that corrects a document waits for its layout to be learnt.
pub const LEARNING_MS_MAX: u64 = 20_000;

/// Bytes of `metadata` on a job.
pub const METADATA_BYTES_MAX: usize = 16 * 1024;
/// Webhooks of one organisation and mode.
pub const WEBHOOKS_MAX: u32 = 5_000;
/// Event types that one webhook may name.
pub const WEBHOOK_EVENTS_MAX: usize = 100;
/// The highest `rate_limit_per_second` of a webhook.
pub const WEBHOOK_RATE_PER_SECOND_MAX: u32 = 10_000;
/// Extra request headers of one webhook.
pub const WEBHOOK_HEADERS_MAX: usize = 20;
/// Characters of a URL.
pub const URL_CHARS_MAX: usize = 2_048;
/// Objects on one page of a list, and how many when nothing is said.
pub const PAGE_LIMIT_MAX: u32 = 100;
pub const PAGE_LIMIT_DEFAULT: u32 = 50;

/// One attempt, from DNS to the last byte of the answer.
pub const ATTEMPT_MS_MAX: u64 = 5_000;
/// How long the answer to a DNS lookup is kept, whatever its time to live says.
pub const DNS_ANSWER_KEPT_MS_MAX: u64 = 5 * 60 * 1000;
/// Names whose answers are kept.
pub const DNS_NAMES_KEPT_MAX: usize = 4_096;
/// How long a list of this machine's own addresses is believed.
pub const OWN_ADDRESSES_KEPT_MS_MAX: u64 = 5_000;
/// Bytes of a webhook's client certificate with its chain, and of its key, both PEM.
pub const CLIENT_CERTIFICATE_BYTES_MAX: usize = 32 * 1024;
pub const CLIENT_KEY_BYTES_MAX: usize = 16 * 1024;
/// Client certificates whose connections are kept apart at a time.
pub const CLIENT_IDENTITIES_MAX: usize = 1_024;
/// Bytes of an answer's body that are read before the attempt fails as over-long.
pub const RESPONSE_BYTES_MAX: usize = 64 * 1024;
/// Bytes of an answer's body that the log keeps.
pub const RESPONSE_BYTES_LOGGED: usize = 4 * 1024;
/// A webhook that has failed this long without a success is disabled.
pub const WEBHOOK_FAILING_MS_MAX: u64 = 5 * 24 * 60 * 60 * 1000;
/// Attempts in flight to one webhook that answers well.
pub const LANE_IN_FLIGHT_MAX: usize = 64;
/// Deliveries that wait in memory for one webhook; more wait in the store. When half of them are left the next are
/// claimed, behind what is being written: with fewer, an endpoint that answers at once is kept waiting.
pub const LANE_QUEUE_MAX: usize = 1_024;
/// Deliveries in memory, all webhooks together.
pub const SENDER_DELIVERIES_MAX: usize = 16_384;
/// How long a claimed delivery belongs to its sender.
pub const DELIVERY_LEASE_MS: u64 = 60_000;
/// Events, deliveries and attempts are kept this long.
pub const LOG_KEPT_MS: u64 = 30 * 24 * 60 * 60 * 1000;
/// The longest time that a webhook's statistics are asked for at once.
pub const STATS_MS_MAX: u64 = 31 * 24 * 60 * 60 * 1000;
/// Deliveries, and events, that one pruning transaction removes: small, so that it delays nobody.
pub const PRUNE_BATCH: u32 = 200;
/// The longest that a node waits before it looks at the store for work that nobody woke it for.
pub const SCAN_MS_MAX: u64 = 1_000;
/// Documents' files that one step of the sweep looks at, and the time between two sweeps over all of them.
pub const SWEEP_BATCH: usize = 1_000;
pub const SWEEP_EVERY_MS: u64 = 24 * 60 * 60 * 1000;
/// A file that no job has is removed when it is older: by then no request can make a job for it any more.
pub const UNOWNED_FILE_KEPT_MS: u64 = REQUEST_KEPT_MS * 2;
/// Log rows that one step of a replay looks at.
pub const REPLAY_STEP_ROWS: u32 = 200;
/// How long a leased job belongs to its worker beyond the time that its extraction may take.
pub const JOB_LEASE_MARGIN_MS: u64 = 30_000;
/// Jobs that a node leases beyond those that its workers read.
pub const JOBS_AHEAD_MAX: usize = 256;
/// Leases that a job gets before it fails: beyond this it is what kills its workers.
pub const JOB_LEASES_MAX: u32 = 10;
/// Documents that a node fetches at the same time from the addresses that were given for them.
pub const FETCHES_MAX: usize = 16;
/// Fetching one document, from DNS to its last byte, redirects included.
pub const FETCH_MS_MAX: u64 = 30_000;
/// Redirects that are followed to a document.
pub const FETCH_REDIRECTS_MAX: usize = 5;
/// Times that a job with a temporary error is tried again, and the waits before each.
pub const JOB_RETRY_WAITS_MS: [u64; 3] = [1_000, 5_000, 30_000];

/// Characters of an `Idempotency-Key`.
pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 255;
/// How long the answer to a request that came with one is kept.
pub const REQUEST_KEPT_MS: u64 = 24 * 60 * 60 * 1000;
/// How long such a request belongs to who does it: longer than any takes.
pub const REQUEST_LEASE_MS: u64 = 5 * 60 * 1000;

/// Bytes of an e-mail address.
pub const EMAIL_BYTES_MAX: usize = 254;
/// Characters of a person's name.
pub const USER_NAME_CHARS_MAX: usize = 200;
/// A password's fewest characters, and most bytes.
pub const PASSWORD_CHARS_MIN: usize = 12;
pub const PASSWORD_BYTES_MAX: usize = 1_024;
/// What hashing a password with argon2id takes: memory, passes over it, and lanes.
pub const PASSWORD_MEMORY_KIB: u32 = 19 * 1024;
pub const PASSWORD_PASSES: u32 = 2;
pub const PASSWORD_LANES: u32 = 1;
/// Passwords that are hashed at once, and that may wait for it.
pub const PASSWORDS_AT_ONCE_MAX: usize = 2;
pub const PASSWORDS_WAITING_MAX: usize = 32;
/// A session that was not used this long has ended.
pub const SESSION_IDLE_MS: u64 = 24 * 60 * 60 * 1000;
/// A session ends after this time however much it is used.
pub const SESSION_MS_MAX: u64 = 14 * 24 * 60 * 60 * 1000;
/// Sessions of one user; a new one ends the oldest.
pub const SESSIONS_MAX: u32 = 50;
/// Characters that are kept of a browser's name.
pub const USER_AGENT_CHARS_MAX: usize = 200;
/// Organisations of one user, and members of one organisation.
pub const MEMBERSHIPS_MAX: u32 = 100;
pub const MEMBERS_MAX: u32 = 10_000;
/// How long an invitation is good for, when nothing is said and at most.
pub const INVITATION_MS_DEFAULT: u64 = 7 * 24 * 60 * 60 * 1000;
pub const INVITATION_MS_MAX: u64 = 30 * 24 * 60 * 60 * 1000;
/// How long the link of a first start, or for who is locked out, is good for.
pub const SIGN_IN_LINK_MS: u64 = 24 * 60 * 60 * 1000;
/// Open invitations of one organisation.
pub const INVITATIONS_MAX: u32 = 1_000;
/// Tries to sign in within a window: for one account, and from one address.
pub const SIGN_INS_PER_ACCOUNT_MAX: u32 = 10;
pub const SIGN_INS_PER_ADDRESS_MAX: u32 = 50;
pub const SIGN_IN_WINDOW_MS: u64 = 15 * 60 * 1000;
/// Calls at once to a service that the operator names (an identity or a payment provider, not a language model), the time for one, and
/// bytes of an answer.
pub const SERVICE_CALLS_MAX: usize = 16;
pub const SERVICE_CALL_MS_MAX: u64 = 10_000;
pub const SERVICE_ANSWER_BYTES_MAX: usize = 256 * 1024;
/// How old the signature of a payment provider's notification may be, and how far ahead its clock.
pub const NOTIFICATION_AGE_MS_MAX: u64 = 5 * 60 * 1000;
/// Packs of credits that an operator may offer.
pub const CREDIT_PACKS_MAX: usize = 100;
/// How long a browser may take at the identity provider.
pub const OIDC_JOURNEY_MS_MAX: u64 = 10 * 60 * 1000;
/// The audit log is kept this long.
pub const AUDIT_KEPT_MS: u64 = 365 * 24 * 60 * 60 * 1000;

/// Connections of clients that the server holds, in all and from one address (an IPv6 network of 64 bits).
pub const CONNECTIONS_MAX: usize = 8_192;
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 1_024;
/// Connections that the kernel completes before the server accepts them, if the system allows as many. Of one
/// beyond them only the client believes that it is connected.
pub const CONNECTION_BACKLOG: u32 = 4_096;
/// Connections beyond that, on which only health is told.
pub const CONNECTIONS_FOR_HEALTH: usize = 32;
/// Requests that are handled at the same time.
pub const REQUESTS_MAX: usize = 1_024;
/// Bytes of a request's line and headers together. hyper allows at most 100 headers.
pub const REQUEST_HEAD_BYTES_MAX: usize = 32 * 1024;
/// Bytes that are read from a connection, or wait to be written to it, at a time.
pub const CONNECTION_BUFFER_BYTES_MAX: usize = 64 * 1024;
/// How long a client may take for the line and the headers of a request.
pub const REQUEST_HEAD_MS_MAX: u64 = 15_000;
/// How long a connection may have no request on it.
pub const CONNECTION_IDLE_MS_MAX: u64 = 75_000;
/// How long a client may neither send of a body nor take of an answer what it is waited for.
pub const TRANSFER_STALL_MS_MAX: u64 = 30_000;
/// Bytes a second that a client sends or takes at least, beyond the time that it may stall.
pub const TRANSFER_BYTES_PER_SECOND_MIN: u64 = 1_024;
/// Levels of a JSON body.
pub const JSON_DEPTH_MAX: usize = 32;
