-- A payment: one try to collect money of a player through a provider. It is written before anything is sent.
CREATE TABLE payments (
    id                  uuid        PRIMARY KEY,
    -- What it is for, and its id: an order or a top-up of the wallet.
    purpose             text        NOT NULL CHECK (purpose IN ('order', 'top_up')),
    purpose_id          uuid        NOT NULL,
    account_id          uuid        NOT NULL,
    method              text        NOT NULL CHECK (method IN ('sbp', 'card', 'sberpay', 'tpay')),
    amount              bigint      NOT NULL CHECK (amount > 0),
    currency            text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    description         text        NOT NULL CHECK (length(description) BETWEEN 1 AND 128),
    -- Where the provider sends the player back to.
    return_url          text        CHECK (length(return_url) <= 2048),
    -- Whether the instrument is to be kept for next time, and which kept one it is paid with.
    save_method         boolean     NOT NULL DEFAULT false,
    saved_method_id     uuid,
    -- `sent`: the provider may have it, no answer yet; `unknown`: its answer was lost.
    state               text        NOT NULL DEFAULT 'intended' CHECK (state IN (
        'intended', 'sent', 'unknown', 'pending', 'authorised', 'captured', 'canceled', 'failed')),
    -- Chosen when it is sent first; another one only when it is certain that this one made nothing.
    provider            text        CHECK (length(provider) <= 32),
    provider_payment_id text        CHECK (length(provider_payment_id) <= 64),
    -- How the player confirms it: `redirect` and `qr` have an address.
    confirmation_kind   text        CHECK (confirmation_kind IN ('redirect', 'qr')),
    confirmation_url    text        CHECK (length(confirmation_url) <= 2048),
    captured            bigint      NOT NULL DEFAULT 0 CHECK (captured >= 0),
    refund_pending      bigint      NOT NULL DEFAULT 0 CHECK (refund_pending >= 0),
    refunded            bigint      NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    -- What the provider kept of it, where it says so.
    fee                 bigint      CHECK (fee >= 0),
    failure_code        text        CHECK (failure_code ~ '^[a-z0-9_]{1,64}$'),
    captured_at         timestamptz,
    -- Since when nobody wants it any more: it is canceled, or what came late is sent back.
    stopped_at          timestamptz,
    expires_at          timestamptz NOT NULL,
    created_at          timestamptz NOT NULL,
    -- When the janitor looks at it next; none: nothing is left to do.
    next_check_at       timestamptz,
    checks              int         NOT NULL DEFAULT 0,
    -- Until then somebody is speaking with the provider about it.
    held_until          timestamptz,
    version             bigint      NOT NULL DEFAULT 1,
    -- Two refunds at one moment cannot together take more than was captured.
    CONSTRAINT refunds_within_captured CHECK (refunded + refund_pending <= captured),
    CHECK (provider_payment_id IS NULL OR provider IS NOT NULL),
    CHECK (captured = 0 OR (state = 'captured' AND provider_payment_id IS NOT NULL)),
    UNIQUE (provider, provider_payment_id)
);

CREATE INDEX payments_by_purpose ON payments (purpose_id);
CREATE INDEX payments_by_account ON payments (account_id, id DESC);
CREATE INDEX payments_by_check ON payments (next_check_at) WHERE next_check_at IS NOT NULL;
CREATE INDEX payments_by_capture ON payments (provider, captured_at) WHERE captured_at IS NOT NULL;

-- Money of a payment on its way back.
CREATE TABLE payment_refunds (
    -- That of the refund it belongs to.
    id                 uuid        PRIMARY KEY,
    payment_id         uuid        NOT NULL REFERENCES payments,
    amount             bigint      NOT NULL CHECK (amount > 0),
    -- `asked`: a refund wants it; `top_up`: an advance that nobody touched; `late` and `mismatch`: what came in fits nothing and goes back by itself.
    kind               text        NOT NULL CHECK (kind IN ('asked', 'top_up', 'late', 'mismatch')),
    state              text        NOT NULL DEFAULT 'intended' CHECK (state IN ('intended', 'sent', 'unknown', 'pending', 'done', 'refused')),
    provider_refund_id text        CHECK (length(provider_refund_id) <= 64),
    failure_code       text        CHECK (failure_code ~ '^[a-z0-9_]{1,64}$'),
    created_at         timestamptz NOT NULL,
    settled_at         timestamptz,
    next_check_at      timestamptz,
    checks             int         NOT NULL DEFAULT 0,
    held_until         timestamptz
);

CREATE INDEX payment_refunds_by_payment ON payment_refunds (payment_id);
CREATE INDEX payment_refunds_by_check ON payment_refunds (next_check_at) WHERE next_check_at IS NOT NULL;

-- What is asked of a provider that moves money. The key is here before the call, and the same one goes with each repetition, so
-- that a lost answer never becomes a second effect.
CREATE TABLE payment_calls (
    key           uuid        PRIMARY KEY,
    payment_id    uuid        NOT NULL REFERENCES payments,
    refund_id     uuid        REFERENCES payment_refunds,
    kind          text        NOT NULL CHECK (kind IN ('create', 'capture', 'cancel', 'refund')),
    provider      text        NOT NULL,
    tries         int         NOT NULL DEFAULT 1,
    -- `unknown` until an answer is certain; `not_made`: it is certain that it had no effect.
    outcome       text        NOT NULL DEFAULT 'unknown' CHECK (outcome IN ('unknown', 'done', 'declined', 'not_made')),
    first_sent_at timestamptz NOT NULL,
    answered_at   timestamptz,
    CHECK ((kind = 'refund') = (refund_id IS NOT NULL))
);

-- One open call of a kind at a time.
CREATE UNIQUE INDEX payment_calls_open ON payment_calls (payment_id, kind, refund_id) NULLS NOT DISTINCT WHERE outcome = 'unknown';
CREATE INDEX payment_calls_by_refund ON payment_calls (refund_id) WHERE refund_id IS NOT NULL;
CREATE INDEX payment_calls_by_payment ON payment_calls (payment_id);

-- What providers told by themselves. Only a reason to ask them: nothing in it is believed.
CREATE TABLE provider_events (
    id           uuid        PRIMARY KEY,
    provider     text        NOT NULL CHECK (length(provider) <= 32),
    -- The provider's id of the payment or refund, and what is said to have happened to it.
    object_id    text        NOT NULL CHECK (length(object_id) <= 64),
    kind         text        NOT NULL CHECK (length(kind) <= 64),
    payment_id   uuid        NOT NULL REFERENCES payments,
    refund_id    uuid        REFERENCES payment_refunds,
    received_at  timestamptz NOT NULL,
    deliveries   int         NOT NULL DEFAULT 1,
    processed_at timestamptz,
    next_try_at  timestamptz,
    tries        int         NOT NULL DEFAULT 0,
    UNIQUE (provider, object_id, kind)
);

CREATE INDEX provider_events_by_try ON provider_events (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX provider_events_by_payment ON provider_events (payment_id);
CREATE INDEX provider_events_by_refund ON provider_events (refund_id) WHERE refund_id IS NOT NULL;
