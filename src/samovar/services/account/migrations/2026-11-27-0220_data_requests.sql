-- A person's wish to have all their data, or to be forgotten, over all services.
CREATE TABLE data_requests (
    id           uuid        PRIMARY KEY,
    account_id   uuid        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('export', 'erasure')),
    state        text        NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'canceled', 'expired')),
    -- An erasure waits for this moment.
    begins_at    timestamptz NOT NULL,
    -- Mail address and phone, while it is under way: some tables know a person by these alone.
    addresses    text[]      NOT NULL,
    requested_at timestamptz NOT NULL,
    finished_at  timestamptz,
    -- Until then an export can be downloaded.
    expires_at   timestamptz,
    archive      bytea
);
CREATE UNIQUE INDEX data_requests_open_once ON data_requests (account_id, kind) WHERE state IN ('waiting', 'running');
CREATE INDEX data_requests_by_account ON data_requests (account_id, kind, requested_at DESC);
CREATE INDEX data_requests_to_begin ON data_requests (begins_at) WHERE state = 'waiting';
CREATE INDEX data_requests_to_expire ON data_requests (expires_at) WHERE archive IS NOT NULL;

-- What one service has to do for a request, and its receipt.
CREATE TABLE data_steps (
    request_id      uuid        NOT NULL REFERENCES data_requests ON DELETE CASCADE,
    service         text        NOT NULL,
    -- A step begins when all of lower rank are done: nobody may sign in while the rest is being forgotten.
    rank            smallint    NOT NULL,
    attempts        integer     NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    last_error      text,
    document        bytea,
    receipt         jsonb,
    done_at         timestamptz,
    PRIMARY KEY (request_id, service)
);
CREATE INDEX data_steps_waiting ON data_steps (next_attempt_at) WHERE done_at IS NULL;
