-- An order: what one account buys at once, from one quote.
CREATE TABLE orders (
    id              uuid        PRIMARY KEY,
    account_id      uuid        NOT NULL,
    -- One quote becomes one order.
    quote_id        uuid        NOT NULL UNIQUE,
    country         text        NOT NULL,
    currency        text        NOT NULL,
    status          text        NOT NULL CHECK (status IN (
        'created', 'pending', 'paid', 'fulfilled', 'canceled', 'expired', 'failed', 'partially_refunded', 'refunded')),
    method          text        NOT NULL,
    total           bigint      NOT NULL CHECK (total >= 0),
    -- Where it comes from; they add up to the total.
    bonus_amount    bigint      NOT NULL DEFAULT 0 CHECK (bonus_amount >= 0),
    wallet_amount   bigint      NOT NULL DEFAULT 0 CHECK (wallet_amount >= 0),
    provider_amount bigint      NOT NULL DEFAULT 0 CHECK (provider_amount >= 0),
    created_at      timestamptz NOT NULL,
    -- Until then it may be paid.
    expires_at      timestamptz NOT NULL,
    paid_at         timestamptz,
    fulfilled_at    timestamptz,
    closed_at       timestamptz,
    -- Why it is canceled, expired or failed: a stable code.
    failure_code    text,
    version         bigint      NOT NULL DEFAULT 1,
    CHECK (bonus_amount + wallet_amount + provider_amount = total)
);

CREATE INDEX orders_by_account ON orders (account_id, id DESC);
CREATE INDEX orders_by_expiry ON orders (expires_at) WHERE status IN ('created', 'pending');

CREATE TABLE order_lines (
    id               uuid    PRIMARY KEY,
    order_id         uuid    NOT NULL REFERENCES orders,
    position         int     NOT NULL,
    package_id       uuid    NOT NULL,
    bundle_id        uuid,
    app_ids          uuid[]  NOT NULL CHECK (cardinality(app_ids) BETWEEN 1 AND 500),
    names            jsonb   NOT NULL,
    -- Who is paid; none for what was imported.
    organisation_id  uuid,
    -- Who will have it: the buyer, or whoever it is given to.
    recipient_id     uuid    NOT NULL,
    is_gift          boolean NOT NULL,
    is_preorder      boolean NOT NULL,
    -- How the price was made, step by step, as catalog told it: for the page of the order.
    base             bigint  NOT NULL CHECK (base >= 0),
    discount_percent int     NOT NULL,
    bundle_percent   int     NOT NULL,
    promo_percent    int     NOT NULL DEFAULT 0,
    region           text    NOT NULL,
    price_version    text    NOT NULL,
    -- What is paid for it.
    final            bigint  NOT NULL CHECK (final >= 0),
    -- When it was given for good: the licence is there and, of a pre-order, the game is out. From then on the money is earned.
    licence_id       uuid,
    licensed_at      timestamptz,
    delivered_at     timestamptz,
    refund_pending   bigint  NOT NULL DEFAULT 0 CHECK (refund_pending >= 0),
    refunded         bigint  NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    refunded_at      timestamptz,
    UNIQUE (order_id, position),
    -- Two refunds at one moment cannot together take more than was paid.
    CONSTRAINT refunds_within_price CHECK (refunded + refund_pending <= final)
);

CREATE INDEX order_lines_by_order ON order_lines (order_id);
CREATE INDEX order_lines_by_organisation ON order_lines (organisation_id, delivered_at) WHERE delivered_at IS NOT NULL;

-- Who is buying or has bought which package: a second purchase of it is refused from the first moment of the first one until
-- that is canceled or refunded.
CREATE TABLE purchase_claims (
    account_id uuid NOT NULL,
    package_id uuid NOT NULL,
    line_id    uuid NOT NULL REFERENCES order_lines,
    PRIMARY KEY (account_id, package_id)
);

CREATE INDEX purchase_claims_by_line ON purchase_claims (line_id);
