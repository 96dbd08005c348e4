-- A fiscal receipt (54-ФЗ): one for each cause and kind, planned in the transaction that moves the money.
CREATE TABLE receipts (
    id            uuid        PRIMARY KEY,
    -- What it is about: `advance` a top-up, or money that fitted nothing; `sale` an order; `delivery` a line that was paid before it was
    -- given; `refund` a refund; `reversal` and `correction` another receipt.
    kind          text        NOT NULL CHECK (kind IN ('advance', 'sale', 'delivery', 'refund', 'reversal', 'correction')),
    cause_id      uuid        NOT NULL,
    order_id      uuid        REFERENCES orders,
    account_id    uuid        NOT NULL,
    operation     text        NOT NULL CHECK (operation IN ('sell', 'sell_refund', 'sell_correction', 'sell_refund_correction')),
    currency      text        NOT NULL,
    -- In minor units: money that moved outside, and advances that were used up or came back.
    electronic    bigint      NOT NULL CHECK (electronic >= 0),
    offset_amount bigint      NOT NULL CHECK (offset_amount >= 0),
    total         bigint      NOT NULL CHECK (total > 0),
    items         jsonb       NOT NULL,
    -- `refused` is for good, until a person corrects it.
    state         text        NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'sent', 'registered', 'refused', 'corrected')),
    planned_at    timestamptz NOT NULL,
    -- What is sent; made with the first try and never changed, so that a repetition is one.
    document      jsonb,
    attempt       int         NOT NULL DEFAULT 1,
    tries         int         NOT NULL DEFAULT 0,
    next_try_at   timestamptz,
    sent_at       timestamptz,
    remote_id     text        CHECK (length(remote_id) <= 128),
    settled_at    timestamptz,
    failure       text        CHECK (length(failure) <= 500),
    -- ФН, ФД, ФПД and where the receipt can be seen.
    drive         text        CHECK (length(drive) <= 32),
    number        bigint,
    sign          bigint,
    registered_at timestamptz,
    link          text        CHECK (length(link) <= 1000),
    -- Who of the staff corrects what, and why.
    actor_id      uuid,
    reason        text        CHECK (length(reason) BETWEEN 1 AND 500),
    UNIQUE (cause_id, kind),
    CHECK (electronic + offset_amount = total),
    CHECK ((state IN ('registered', 'corrected')) <= (settled_at IS NOT NULL)),
    CHECK (state <> 'registered' OR (drive IS NOT NULL AND number IS NOT NULL AND sign IS NOT NULL))
);

CREATE INDEX receipts_by_order ON receipts (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX receipts_by_account ON receipts (account_id);
CREATE INDEX receipts_by_try ON receipts (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX receipts_by_state ON receipts (state, id DESC);
CREATE INDEX receipts_by_day ON receipts (planned_at);

-- How a paid line stands with the receipts; real money alone, without bonuses.
CREATE TABLE receipt_lines (
    line_id     uuid    PRIMARY KEY REFERENCES order_lines,
    order_id    uuid    NOT NULL REFERENCES orders,
    net         bigint  NOT NULL CHECK (net >= 0),
    -- What of it came from outside before the line was given, and has a receipt of prepayment.
    prepaid     bigint  NOT NULL CHECK (prepaid >= 0),
    refunded    bigint  NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    -- Its receipt of full payment is planned.
    is_closed   boolean NOT NULL,
    CHECK (prepaid <= net)
);

CREATE INDEX receipt_lines_by_order ON receipt_lines (order_id);
