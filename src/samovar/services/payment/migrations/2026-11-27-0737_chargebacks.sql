-- A payment that the payer's bank takes back.
CREATE TABLE chargebacks (
    id          uuid        PRIMARY KEY,
    payment_id  uuid        NOT NULL REFERENCES payments,
    -- Who paid.
    account_id  uuid        NOT NULL,
    provider    text        NOT NULL,
    -- How the provider names the dispute.
    case_id     text        NOT NULL CHECK (length(case_id) BETWEEN 1 AND 64),
    amount      bigint      NOT NULL CHECK (amount > 0),
    currency    text        NOT NULL,
    -- How much of it was still there, and is kept from going back a second time meanwhile.
    covered     bigint      NOT NULL CHECK (covered BETWEEN 0 AND amount),
    reason      text        NOT NULL CHECK (reason ~ '^[a-z_]{1,32}$'),
    note        text        CHECK (length(note) BETWEEN 1 AND 500),
    status      text        NOT NULL CHECK (status IN ('opened', 'won', 'lost')),
    -- The refund that followed a loss; none where nothing was left to take.
    refund_id   uuid        REFERENCES refunds,
    -- Who of the staff wrote it down, and who its end; none: the provider told it.
    actor_id    uuid,
    decider_id  uuid,
    opened_at   timestamptz NOT NULL,
    decided_at  timestamptz,
    UNIQUE (provider, case_id),
    CHECK ((status = 'opened') = (decided_at IS NULL))
);

CREATE INDEX chargebacks_by_payment ON chargebacks (payment_id);
CREATE INDEX chargebacks_by_account ON chargebacks (account_id);
CREATE INDEX chargebacks_by_time ON chargebacks (opened_at DESC, id DESC);

-- What banks took of a source beyond what was left of it: it had gone back before, or is on its way.
ALTER TABLE refund_funds ADD COLUMN disputed bigint NOT NULL DEFAULT 0 CHECK (disputed >= 0);

-- A part may also be one that the bank took itself.
ALTER TABLE refund_parts DROP CONSTRAINT refund_parts_destination_check;
ALTER TABLE refund_parts ADD CONSTRAINT refund_parts_destination_known
    CHECK (destination IN ('bonus', 'wallet', 'instrument', 'chargeback'));
