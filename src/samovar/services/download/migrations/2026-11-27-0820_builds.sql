-- Public halves of the keys with which developers sign manifests.
CREATE TABLE build_keys (
    -- BLAKE3 of the 32 raw bytes.
    id              bytea       PRIMARY KEY CHECK (length(id) = 32),
    organisation_id uuid        NOT NULL,
    public_key      bytea       NOT NULL CHECK (length(public_key) = 32),
    name            text        NOT NULL,
    added_by        uuid        NOT NULL,
    added_at        timestamptz NOT NULL,
    revoked_by      uuid,
    revoked_at      timestamptz
);

CREATE INDEX build_keys_by_organisation ON build_keys (organisation_id, added_at);

CREATE TABLE builds (
    id              uuid        PRIMARY KEY,
    app_id          uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    -- 1, 2, 3 … of the app, given when it is complete.
    number          int,
    -- Its bytes are on the way, or all here; dropped: they are given up, and what is nobody else's goes.
    state           text        NOT NULL CHECK (state IN ('uploading', 'ready', 'dropped')),
    note            text        NOT NULL,
    made_by         uuid        NOT NULL,
    made_at         timestamptz NOT NULL,
    -- When an upload that was not completed is given up.
    expires_at      timestamptz,
    committed_at    timestamptz,
    -- The envelope that the developer signed, and its BLAKE3.
    manifest        bytea,
    manifest_id     bytea,
    tree            bytea,
    size_bytes      bigint,
    files           int,
    UNIQUE (app_id, number),
    CHECK (state <> 'ready' OR (number IS NOT NULL AND manifest IS NOT NULL AND tree IS NOT NULL))
);

CREATE INDEX builds_by_app ON builds (app_id, made_at, id);
CREATE INDEX builds_by_expiry ON builds (expires_at) WHERE state = 'uploading';
CREATE INDEX builds_by_manifest ON builds (app_id, manifest_id);

-- What lies in the store, under `<kind>/<hex of id>`; the same bytes in two apps are two rows and one object.
CREATE TABLE objects (
    app_id     uuid        NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('packs', 'deltas', 'plans', 'manifests', 'trees')),
    id         bytea       NOT NULL CHECK (length(id) = 32),
    size_bytes bigint      NOT NULL,
    stored_at  timestamptz NOT NULL,
    PRIMARY KEY (app_id, kind, id)
);

CREATE INDEX objects_by_name ON objects (kind, id);

-- Packs of chunks, with their indexes as they are at their ends.
CREATE TABLE packs (
    app_id     uuid    NOT NULL,
    id         bytea   NOT NULL,
    size_bytes bigint  NOT NULL,
    pack_index bytea   NOT NULL,
    PRIMARY KEY (app_id, id)
);

-- Where an app's chunks lie. Of its own alone: nobody gets at what is another's by knowing its hash.
CREATE TABLE chunks (
    app_id  uuid  NOT NULL,
    id      bytea NOT NULL,
    pack_id bytea NOT NULL,
    PRIMARY KEY (app_id, id)
);

-- The packs that hold the chunks of a build.
CREATE TABLE build_packs (
    build_id uuid  NOT NULL REFERENCES builds ON DELETE CASCADE,
    pack_id  bytea NOT NULL,
    PRIMARY KEY (build_id, pack_id)
);

CREATE INDEX build_packs_by_pack ON build_packs (pack_id);
