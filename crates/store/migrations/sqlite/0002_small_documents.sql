-- Documents so small that a file of its own would cost more than they do: written with their jobs, under the id
-- of the job that they were first submitted for.
CREATE TABLE small_documents (
    blob_id TEXT PRIMARY KEY NOT NULL,
    bytes BLOB NOT NULL
);
