-- Plans that were made; a plan lies in the store as an object of the kind `plans`.
CREATE TABLE plans (
    app_id        uuid        NOT NULL,
    -- None: a first install.
    from_build_id uuid        REFERENCES builds,
    build_id      uuid        NOT NULL REFERENCES builds,
    plan_id       bytea       NOT NULL,
    fetches_bytes bigint      NOT NULL,
    writes_bytes  bigint      NOT NULL,
    peak_bytes    bigint      NOT NULL,
    requests      int         NOT NULL,
    -- Which files make it large: path, size, bytes that are new.
    largest       jsonb       NOT NULL,
    made_at       timestamptz NOT NULL
);

CREATE UNIQUE INDEX plans_by_builds ON plans (build_id, coalesce(from_build_id, '00000000-0000-0000-0000-000000000000'::uuid));
CREATE INDEX plans_by_old_build ON plans (from_build_id);

-- The queue of each device: one row for each game on it.
CREATE TABLE downloads (
    id             uuid        PRIMARY KEY,
    account_id     uuid        NOT NULL,
    device_id      text        NOT NULL,
    app_id         uuid        NOT NULL,
    branch         text        NOT NULL,
    from_build_id  uuid,
    build_id       uuid        NOT NULL,
    state          text        NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'done', 'failed')),
    -- The least comes first.
    position       bigint      NOT NULL,
    size_bytes     bigint      NOT NULL,
    download_bytes bigint      NOT NULL,
    done_bytes     bigint      NOT NULL DEFAULT 0,
    failure        text,
    made_at        timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL,
    UNIQUE (account_id, device_id, app_id)
);

CREATE INDEX downloads_by_queue ON downloads (account_id, device_id, position, id);
