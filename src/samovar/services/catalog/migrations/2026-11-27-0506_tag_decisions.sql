-- What moderators decided of the tags of apps: who, what, why.
CREATE TABLE tag_decisions (
    id         uuid        PRIMARY KEY,
    app_id     uuid        NOT NULL,
    tag        text        NOT NULL,
    actor_id   uuid,
    -- As `app_tags.moderator_weight`.
    weight     integer     NOT NULL,
    reason     text        NOT NULL,
    decided_at timestamptz NOT NULL
);

CREATE INDEX tag_decisions_by_app ON tag_decisions (app_id, decided_at DESC);
