-- Organisations name their creators themselves: who did so, when, and what it was before.
ALTER TABLE creators ADD COLUMN version bigint NOT NULL DEFAULT 1;

CREATE TABLE creator_versions (
    creator_id uuid        NOT NULL REFERENCES creators ON DELETE CASCADE,
    version    bigint      NOT NULL,
    name       text        NOT NULL,
    website    text,
    -- Who: none once forgotten.
    account_id uuid,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (creator_id, version)
);
