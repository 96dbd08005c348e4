-- A quote: what a purchase would cost, as it was told, signed. It is never changed but by being taken.
CREATE TABLE quotes (
    id             uuid        PRIMARY KEY,
    account_id     uuid        NOT NULL,
    country        text        NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    currency       text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    lines          jsonb       NOT NULL,
    -- The code that takes something off, as its owner wrote it; none without one.
    promo_code_id  uuid,
    promo_code     text,
    subtotal       bigint      NOT NULL CHECK (subtotal >= 0),
    total          bigint      NOT NULL CHECK (total >= 0),
    -- How long a gift in it waits for its recipient.
    gift_days      int         NOT NULL CHECK (gift_days > 0),
    priced_at      timestamptz NOT NULL,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    signature      text        NOT NULL,
    -- When an order was made of it.
    taken_at       timestamptz,
    CHECK (total <= subtotal),
    CHECK (expires_at > created_at)
);

CREATE INDEX quotes_by_account ON quotes (account_id, id DESC);
-- Those that nobody took are forgotten.
CREATE INDEX quotes_by_expiry ON quotes (expires_at) WHERE taken_at IS NULL;
