-- One row a key, kept for ever: status is null while its first call runs.
CREATE TABLE kit.idempotency_keys (
    scope        text        NOT NULL,
    route        text        NOT NULL,
    key          text        NOT NULL,
    fingerprint  bytea       NOT NULL,
    attempt      uuid        NOT NULL,
    locked_until timestamptz NOT NULL,
    status       smallint,
    media_type   text,
    body         bytea,
    created_at   timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    PRIMARY KEY (scope, route, key)
);
