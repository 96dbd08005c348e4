-- Money that support gives for a fault of the platform or of a game: to the wallet or as bonus money.
CREATE TABLE compensations (
    id           uuid        PRIMARY KEY,
    -- Who gets it.
    account_id   uuid        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('wallet', 'bonus')),
    amount       bigint      NOT NULL CHECK (amount > 0),
    currency     text        NOT NULL,
    reason       text        NOT NULL CHECK (reason ~ '^[a-z_]{1,32}$'),
    note         text        CHECK (length(note) BETWEEN 1 AND 500),
    -- For which purchase; that one is not refunded by itself any more.
    line_id      uuid        REFERENCES order_lines,
    -- What a second person approves: whoever looks at other contents approves nothing.
    content_hash text        NOT NULL,
    status       text        NOT NULL CHECK (status IN ('proposed', 'given', 'rejected', 'expired')),
    proposer_id  uuid        NOT NULL,
    proposed_at  timestamptz NOT NULL,
    -- Until then a second person may approve; none: nobody else was needed.
    expires_at   timestamptz,
    decider_id   uuid,
    decided_at   timestamptz,
    decision     text        CHECK (length(decision) BETWEEN 1 AND 500),
    CHECK (decider_id IS NULL OR decider_id <> proposer_id),
    CHECK (proposer_id <> account_id),
    CHECK (decider_id IS NULL OR decider_id <> account_id),
    CHECK (status = 'proposed' OR decided_at IS NOT NULL),
    CHECK (status <> 'given' OR expires_at IS NULL OR decider_id IS NOT NULL)
);

CREATE INDEX compensations_by_account ON compensations (account_id, proposed_at DESC, id DESC);
CREATE INDEX compensations_by_time ON compensations (proposed_at DESC, id DESC);
CREATE INDEX compensations_by_line ON compensations (line_id) WHERE line_id IS NOT NULL;
CREATE INDEX compensations_proposed ON compensations (expires_at) WHERE status = 'proposed';

-- How much one of the staff has given on a day (UTC): by themselves, and by approving what others proposed.
CREATE TABLE compensation_days (
    actor_id uuid   NOT NULL,
    day      date   NOT NULL,
    alone    bigint NOT NULL DEFAULT 0 CHECK (alone >= 0),
    approved bigint NOT NULL DEFAULT 0 CHECK (approved >= 0),
    PRIMARY KEY (actor_id, day)
);
