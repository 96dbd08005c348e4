-- A page as its developers want it next. There is one of an app at most; published, it is gone.
CREATE TABLE app_drafts (
    app_id       uuid        PRIMARY KEY REFERENCES apps ON DELETE CASCADE,
    -- Under this its pictures are kept (`image_uses`).
    id           uuid        NOT NULL UNIQUE,
    document     jsonb       NOT NULL,
    -- The version of the page that it began from: what both changed since is a conflict.
    base_version bigint      NOT NULL,
    -- Counts its own changes.
    version      bigint      NOT NULL,
    -- Who changed it last.
    account_id   uuid,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
