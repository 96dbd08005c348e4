-- A top-up: an advance that a player pays into their wallet.
CREATE TABLE top_ups (
    id           uuid        PRIMARY KEY,
    account_id   uuid        NOT NULL,
    payment_id   uuid        NOT NULL UNIQUE,
    method       text        NOT NULL,
    amount       bigint      NOT NULL CHECK (amount > 0),
    currency     text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    status       text        NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'credited', 'failed', 'canceled', 'refunding', 'refunded')),
    failure_code text,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    credited_at  timestamptz,
    refunded_at  timestamptz
);

CREATE INDEX top_ups_by_account ON top_ups (account_id, id DESC);
