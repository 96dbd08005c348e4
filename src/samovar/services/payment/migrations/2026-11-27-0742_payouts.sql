-- What an organisation has sold, given back and earned in all: kept by whoever holds its lock, so that its page need not add up
-- millions of sales.
ALTER TABLE revenue_owners
    ADD COLUMN gross               bigint NOT NULL DEFAULT 0 CHECK (gross >= 0),
    ADD COLUMN tax                 bigint NOT NULL DEFAULT 0 CHECK (tax >= 0),
    ADD COLUMN commission          bigint NOT NULL DEFAULT 0 CHECK (commission >= 0),
    ADD COLUMN developer           bigint NOT NULL DEFAULT 0 CHECK (developer >= 0),
    ADD COLUMN reversed_tax        bigint NOT NULL DEFAULT 0 CHECK (reversed_tax BETWEEN 0 AND tax),
    ADD COLUMN reversed_commission bigint NOT NULL DEFAULT 0 CHECK (reversed_commission BETWEEN 0 AND commission),
    ADD COLUMN reversed_developer  bigint NOT NULL DEFAULT 0 CHECK (reversed_developer BETWEEN 0 AND developer);

-- Money to organisations: proposed by one person, approved by another, sent to the bank.
CREATE TABLE payouts (
    -- Also the key by which the bank knows it: asked twice, it pays once.
    id              uuid        PRIMARY KEY,
    organisation_id uuid        NOT NULL REFERENCES payees,
    currency        text        NOT NULL,
    -- The first day of the month.
    period          date        NOT NULL CHECK (extract(day FROM period) = 1),
    attempt         int         NOT NULL CHECK (attempt > 0),
    amount          bigint      NOT NULL CHECK (amount > 0),
    -- What stood there when it was proposed: the amount is within what was owed less what may still be refunded.
    payable         bigint      NOT NULL,
    in_window       bigint      NOT NULL CHECK (in_window >= 0),
    inn             text        NOT NULL,
    -- Whom it was approved for. Other details since: it is not sent.
    payee_version   int         NOT NULL,
    is_professional boolean     NOT NULL,
    status          text        NOT NULL CHECK (status IN ('proposed', 'declined', 'approved', 'sending', 'executed', 'rejected')),
    -- Why an approved one is not sent yet: a stable code.
    waits_for       text,
    proposed_by     uuid        NOT NULL,
    proposed_at     timestamptz NOT NULL,
    decided_by      uuid,
    decided_at      timestamptz,
    reason          text        CHECK (length(reason) BETWEEN 1 AND 500),
    sent_at         timestamptz,
    -- When the next step is tried.
    next_look_at    timestamptz,
    looks           int         NOT NULL DEFAULT 0,
    closed_at       timestamptz,
    -- What the bank said when it refused.
    failure         text        CHECK (length(failure) <= 500),
    -- The receipt of a payer of НПД for this money.
    npd_receipt     text        CHECK (length(npd_receipt) BETWEEN 1 AND 500),
    npd_receipt_at  timestamptz,
    UNIQUE (organisation_id, currency, period, attempt),
    CHECK (amount <= payable - in_window),
    CHECK (decided_by IS NULL OR status = 'declined' OR decided_by <> proposed_by),
    CHECK (status IN ('proposed', 'declined') OR decided_by IS NOT NULL),
    CHECK ((closed_at IS NOT NULL) = (status IN ('executed', 'rejected', 'declined')))
);

-- One of a period at a time, and none after one that was executed.
CREATE UNIQUE INDEX payouts_live ON payouts (organisation_id, currency, period)
    WHERE status IN ('proposed', 'approved', 'sending', 'executed');
CREATE INDEX payouts_by_status ON payouts (status, id DESC);
CREATE INDEX payouts_due ON payouts (next_look_at) WHERE status IN ('approved', 'sending');
CREATE INDEX payouts_by_inn ON payouts (inn, period) WHERE is_professional;

-- What the tax service said of a payer of НПД, once a day.
CREATE TABLE npd_checks (
    inn        text        NOT NULL,
    day        date        NOT NULL,
    is_payer   boolean     NOT NULL,
    checked_at timestamptz NOT NULL,
    PRIMARY KEY (inn, day)
);

-- Acts with the agent's report: what was told once is never told otherwise.
CREATE TABLE statements (
    organisation_id uuid        NOT NULL,
    currency        text        NOT NULL,
    period          date        NOT NULL CHECK (extract(day FROM period) = 1),
    number          bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    document        jsonb       NOT NULL,
    issued_at       timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, currency, period)
);
