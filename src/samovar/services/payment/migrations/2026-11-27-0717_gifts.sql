-- A gift: one line of an order that is for somebody else, from its payment until they took it or the money went back.
CREATE TABLE gifts (
    id           uuid        PRIMARY KEY,
    -- One line is one gift, however often it is told that it is paid.
    line_id      uuid        NOT NULL UNIQUE REFERENCES order_lines,
    order_id     uuid        NOT NULL REFERENCES orders,
    sender_id    uuid        NOT NULL,
    recipient_id uuid        NOT NULL,
    package_id   uuid        NOT NULL,
    app_ids      uuid[]      NOT NULL,
    names        jsonb       NOT NULL,
    message      text        CHECK (length(message) <= 1000),
    state        text        NOT NULL CHECK (state IN ('sent', 'accepted', 'returned')),
    -- Why it was returned.
    reason       text        CHECK (reason IN ('declined', 'expired', 'withdrawn')),
    sent_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    resolved_at  timestamptz,
    CHECK ((state = 'returned') = (reason IS NOT NULL)),
    CHECK ((state = 'sent') = (resolved_at IS NULL))
);

CREATE INDEX gifts_by_recipient ON gifts (recipient_id, id DESC);
CREATE INDEX gifts_by_sender ON gifts (sender_id, id DESC);
CREATE INDEX gifts_by_expiry ON gifts (expires_at) WHERE state = 'sent';

-- Where people say that they live, as account tells: gifts are activated there.
CREATE TABLE residences (
    account_id       uuid   PRIMARY KEY,
    country          text   CHECK (country ~ '^[A-Z]{2}$'),
    settings_version bigint NOT NULL
);
