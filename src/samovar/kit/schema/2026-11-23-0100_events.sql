-- What this service tells others. Written in the transaction of the change itself, kept 30 days after it left.
CREATE TABLE kit.outbox (
    seq               bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id          uuid        NOT NULL,
    subject           text        NOT NULL,
    aggregate_key     text,
    aggregate_version bigint,
    payload           json        NOT NULL,
    traceparent       text,
    created_at        timestamptz NOT NULL,
    published_at      timestamptz,
    replays           integer     NOT NULL DEFAULT 0
);
-- What waits to leave: new events first, then what an operator replays; each in the order it was written.
CREATE INDEX outbox_waiting ON kit.outbox (replays, seq) WHERE published_at IS NULL;
CREATE INDEX outbox_created_at ON kit.outbox USING brin (created_at);
-- Every row is updated once, soon after it was written: vacuum by count, not by the share of 30 days of rows.
ALTER TABLE kit.outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

-- Which events have had their effect, per consumer.
CREATE TABLE kit.inbox (
    consumer   text        NOT NULL,
    event_id   uuid        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX inbox_applied_at ON kit.inbox USING brin (applied_at);

-- Events that a consumer could not apply: to look at, mend and replay.
CREATE TABLE kit.dead_letters (
    id                  bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer            text        NOT NULL,
    event_id            uuid        NOT NULL,
    subject             text        NOT NULL,
    headers             jsonb       NOT NULL,
    payload             bytea       NOT NULL,
    error               text        NOT NULL,
    attempts            integer     NOT NULL,
    created_at          timestamptz NOT NULL DEFAULT now(),
    replay_requested_at timestamptz,
    UNIQUE (consumer, event_id)
);
CREATE INDEX dead_letters_to_replay ON kit.dead_letters (id) WHERE replay_requested_at IS NOT NULL;
