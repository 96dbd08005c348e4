-- Keys that were made at one time for one package.
CREATE TABLE key_batches (
    id              uuid        PRIMARY KEY,
    package_id      uuid        NOT NULL,
    -- Whose package it was; none for what was imported.
    organisation_id uuid,
    purpose         text        NOT NULL,
    size            integer     NOT NULL CHECK (size BETWEEN 1 AND 10000),
    note            text        NOT NULL,
    created_by      uuid        NOT NULL,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz,
    revoked_at      timestamptz
);

CREATE INDEX key_batches_by_package ON key_batches (package_id, created_at DESC, id DESC);

-- A code is shown to its maker once; what is kept does not lead back to it.
CREATE TABLE activation_keys (
    id          uuid        PRIMARY KEY,
    batch_id    uuid        NOT NULL REFERENCES key_batches,
    code_hash   bytea       NOT NULL UNIQUE,
    redeemed_at timestamptz,
    -- Who redeemed it; none once that person is forgotten.
    account_id  uuid,
    licence_id  uuid
);

CREATE INDEX activation_keys_redeemed ON activation_keys (batch_id) WHERE redeemed_at IS NOT NULL;
CREATE INDEX activation_keys_by_account ON activation_keys (account_id) WHERE account_id IS NOT NULL;
