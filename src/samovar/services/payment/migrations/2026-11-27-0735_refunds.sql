-- A refund: lines of one order taken back, in whole or in part, and where the money goes.
CREATE TABLE refunds (
    id            uuid        PRIMARY KEY,
    order_id      uuid        NOT NULL REFERENCES orders,
    -- Whose order it is, and whose money.
    account_id    uuid        NOT NULL,
    -- `requested` waits for a person; `revoking` for library; `paying` for the provider.
    status        text        NOT NULL CHECK (status IN ('requested', 'revoking', 'paying', 'settled', 'refused')),
    reason        text        NOT NULL CHECK (reason ~ '^[a-z_]{1,32}$'),
    note          text        CHECK (length(note) <= 500),
    -- Where the money of a payment provider goes; bonus and wallet money go where they came from.
    destination   text        NOT NULL CHECK (destination IN ('instrument', 'wallet')),
    currency      text        NOT NULL,
    amount        bigint      NOT NULL CHECK (amount >= 0),
    -- The rules that it was judged by; none where a person decided, or the purchase itself came to nothing.
    rules_version text,
    -- Who of the staff granted or refused it.
    actor_id      uuid,
    started_at    timestamptz NOT NULL,
    -- Since when it waits for what its status says.
    moved_at      timestamptz NOT NULL,
    settled_at    timestamptz,
    failure_code  text
);

CREATE INDEX refunds_by_account ON refunds (account_id, started_at DESC, id DESC);
CREATE INDEX refunds_by_order ON refunds (order_id);
CREATE INDEX refunds_under_way ON refunds (moved_at) WHERE status IN ('revoking', 'paying');
CREATE INDEX refunds_requested ON refunds (started_at, id) WHERE status = 'requested';

CREATE TABLE refund_lines (
    refund_id    uuid    NOT NULL REFERENCES refunds,
    line_id      uuid    NOT NULL REFERENCES order_lines,
    amount       bigint  NOT NULL CHECK (amount >= 0),
    -- Nothing of its price is left: the licence goes too.
    ends_licence boolean NOT NULL,
    -- When library had taken it back, or at the start where there never could be one.
    revoked_at   timestamptz,
    -- False once the refund was refused.
    is_live      boolean NOT NULL DEFAULT true,
    PRIMARY KEY (refund_id, line_id),
    CHECK (amount > 0 OR ends_licence)
);

CREATE INDEX refund_lines_by_line ON refund_lines (line_id);
-- A licence is given back once.
CREATE UNIQUE INDEX refund_lines_end_a_licence_once ON refund_lines (line_id) WHERE ends_licence AND is_live;

-- Where the money of an order came from, and how much of it has gone back or is on its way: one row a source, made with the first
-- refund or chargeback of the order. Two at one moment cannot together take more than came.
CREATE TABLE refund_funds (
    id         uuid   PRIMARY KEY,
    order_id   uuid   NOT NULL REFERENCES orders,
    source     text   NOT NULL CHECK (source IN ('bonus', 'wallet', 'provider')),
    payment_id uuid,
    provider   text,
    paid       bigint NOT NULL CHECK (paid > 0),
    taken      bigint NOT NULL DEFAULT 0,
    CHECK ((source = 'provider') = (payment_id IS NOT NULL)),
    CHECK ((source = 'provider') = (provider IS NOT NULL)),
    CONSTRAINT taken_within_paid CHECK (taken BETWEEN 0 AND paid)
);

CREATE INDEX refund_funds_by_order ON refund_funds (order_id);

-- What of a refund goes where.
CREATE TABLE refund_parts (
    -- The name that payments and the provider know it by.
    id          uuid   PRIMARY KEY,
    refund_id   uuid   NOT NULL REFERENCES refunds,
    fund_id     uuid   NOT NULL REFERENCES refund_funds,
    amount      bigint NOT NULL CHECK (amount > 0),
    destination text   NOT NULL CHECK (destination IN ('bonus', 'wallet', 'instrument')),
    -- `held`: the provider refused, and a person decides.
    status      text   NOT NULL CHECK (status IN ('planned', 'sent', 'held', 'done', 'dropped')),
    -- Why the provider refused; the money went to the wallet then, or is held.
    notice_code text   CHECK (length(notice_code) <= 64),
    done_at     timestamptz,
    -- The provider gave it back after it had said that it would not: paid twice, a loss.
    twice_at    timestamptz,
    UNIQUE (refund_id, fund_id)
);

-- Of a gift: whoever has it lets the buyer give it back.
CREATE TABLE refund_consents (
    line_id    uuid        PRIMARY KEY REFERENCES order_lines,
    -- Whose game it is.
    account_id uuid        NOT NULL,
    given_at   timestamptz NOT NULL
);
