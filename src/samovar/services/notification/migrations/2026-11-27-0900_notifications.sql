-- What people were told. A row is a story (`topic`, `cause`) of one person; it goes on by stages, and never back. What is read is put
-- together from the ids here when somebody reads it, so that no name of another person is kept.
CREATE TABLE notifications (
    id              uuid        PRIMARY KEY,
    account_id      uuid        NOT NULL,
    topic           text        NOT NULL,
    cause           uuid        NOT NULL,
    stage           bigint      NOT NULL,
    kind            text        NOT NULL,
    app_id          uuid,
    package_id      uuid,
    -- Whom it is about, besides the reader.
    person_id       uuid,
    organisation_id uuid,
    facts           jsonb       NOT NULL DEFAULT '{}',
    happened_at     timestamptz NOT NULL,
    told_at         timestamptz NOT NULL,
    read_at         timestamptz,
    -- There is nothing to tell any more; the row keeps an event that comes late from beginning the story anew.
    is_withdrawn    boolean     NOT NULL DEFAULT false,
    CONSTRAINT a_story_is_told_once UNIQUE (account_id, topic, cause)
);

CREATE INDEX notifications_shown ON notifications (account_id, id DESC) WHERE NOT is_withdrawn;
CREATE INDEX notifications_unread ON notifications (account_id, id DESC) WHERE read_at IS NULL AND NOT is_withdrawn;
CREATE INDEX notifications_by_age ON notifications (told_at);

-- Of what people do not want to be told: a category that has no row is told.
CREATE TABLE muted_categories (
    account_id uuid        NOT NULL,
    category   text        NOT NULL,
    muted_at   timestamptz NOT NULL,
    PRIMARY KEY (account_id, category)
);

-- Who has been forgotten: an id with nobody behind it, to whom nothing is told any more.
CREATE TABLE forgotten (
    id           uuid        PRIMARY KEY,
    forgotten_at timestamptz NOT NULL
);

-- What a person may read of it: that a story was taken back would tell of a block.
CREATE VIEW shown_notifications AS
SELECT id, account_id, topic, kind, app_id, package_id, person_id, organisation_id, facts, happened_at, told_at, read_at
FROM notifications WHERE NOT is_withdrawn;
