-- Contents of saves, one row for each content that is kept; the bytes lie in the store under the name `saves/<id>`.
CREATE TABLE save_blobs (
    id         uuid        PRIMARY KEY,
    -- BLAKE3 of the bytes, in hex.
    content_id text        NOT NULL,
    size_bytes bigint      NOT NULL CHECK (size_bytes >= 0),
    -- The bytes are in the store, durably.
    is_stored  boolean     NOT NULL DEFAULT false,
    -- Somebody was about to refer to it: until a day later it is nobody's waste.
    touched_at timestamptz NOT NULL,
    -- Nothing refers to it, and nothing new will: its bytes are being deleted.
    dropped_at timestamptz
);

CREATE UNIQUE INDEX save_blobs_by_content ON save_blobs (content_id) WHERE dropped_at IS NULL;
CREATE INDEX save_blobs_by_touch ON save_blobs (touched_at, id);

-- One row a file that was ever saved; a file that was deleted has a current version without content.
CREATE TABLE save_files (
    account_id         uuid NOT NULL,
    app_id             uuid NOT NULL,
    path               text NOT NULL,
    current_version_id uuid NOT NULL,
    PRIMARY KEY (account_id, app_id, path)
);

CREATE TABLE save_versions (
    id            uuid        PRIMARY KEY,
    account_id    uuid        NOT NULL,
    app_id        uuid        NOT NULL,
    path          text        NOT NULL,
    -- What the device had when it wrote this; none: the file was new to it. It may have been pruned since.
    parent_id     uuid,
    -- None: the file was deleted.
    blob_id       uuid        REFERENCES save_blobs,
    content_id    text,
    size_bytes    bigint      NOT NULL CHECK (size_bytes >= 0),
    device_id     text        NOT NULL,
    created_at    timestamptz NOT NULL,
    -- A side of a conflict that nobody has settled.
    is_unresolved boolean     NOT NULL DEFAULT false,
    FOREIGN KEY (account_id, app_id, path) REFERENCES save_files ON DELETE CASCADE,
    CHECK ((blob_id IS NULL) = (content_id IS NULL))
);

CREATE INDEX save_versions_by_file ON save_versions (account_id, app_id, path, id);
CREATE INDEX save_versions_by_blob ON save_versions (blob_id);
