-- What becomes of each sale: first a queue, then what came out of it. A line stands here once it is delivered, or earlier when a
-- refund came first. Whoever changes a row, or moves the money of an organisation, locks rows in this order: sales, then
-- revenue_owners by owner, then the balances of the ledger.
CREATE SEQUENCE sales_seq;

CREATE TABLE sales (
    line_id             uuid        PRIMARY KEY REFERENCES order_lines,
    order_id            uuid        NOT NULL REFERENCES orders,
    -- Who is paid: an organisation's id, or `unclaimed`.
    owner               text        NOT NULL CHECK (length(owner) BETWEEN 1 AND 64),
    package_id          uuid        NOT NULL,
    currency            text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- What was paid for the line.
    gross               bigint      NOT NULL CHECK (gross > 0),
    -- What was given back of it before it was split: that is never split.
    early               bigint      NOT NULL DEFAULT 0 CHECK (early BETWEEN 0 AND gross),
    delivered_at        timestamptz,
    -- The order in which they are split.
    seq                 bigint,
    split_at            timestamptz,
    -- By which rules: the version of the tiers, how much the owner had earned before, the regime and its rate of VAT.
    tier_version        int,
    basis_before        bigint,
    vat_regime          text,
    vat_percent         int,
    -- What came out of it.
    tax                 bigint,
    commission          bigint,
    developer           bigint,
    -- What of that went back.
    reversed_tax        bigint      NOT NULL DEFAULT 0,
    reversed_commission bigint      NOT NULL DEFAULT 0,
    reversed_developer  bigint      NOT NULL DEFAULT 0,
    CHECK ((delivered_at IS NULL) = (seq IS NULL)),
    CHECK (split_at IS NULL OR delivered_at IS NOT NULL),
    CONSTRAINT a_split_is_whole CHECK (
        CASE WHEN split_at IS NULL THEN num_nonnulls(tier_version, basis_before, vat_regime, vat_percent, tax, commission, developer) = 0
        ELSE num_nulls(tier_version, basis_before, vat_regime, vat_percent, tax, commission, developer) = 0
            AND tax >= 0 AND commission >= 0 AND developer >= 0 AND basis_before >= 0 AND tax + commission + developer = gross - early
        END),
    CONSTRAINT reversed_within_split CHECK (
        reversed_tax BETWEEN 0 AND coalesce(tax, 0) AND reversed_commission BETWEEN 0 AND coalesce(commission, 0)
        AND reversed_developer BETWEEN 0 AND coalesce(developer, 0))
);

CREATE INDEX sales_unsplit ON sales (seq) WHERE delivered_at IS NOT NULL AND split_at IS NULL;
CREATE INDEX sales_by_order ON sales (order_id);
CREATE INDEX sales_by_owner ON sales (owner, currency, delivered_at) WHERE split_at IS NOT NULL;
CREATE INDEX sales_by_split ON sales (owner, currency, split_at) WHERE split_at IS NOT NULL;

-- Each refund of a line, once.
CREATE TABLE sale_reversals (
    refund_id    uuid        NOT NULL,
    line_id      uuid        NOT NULL REFERENCES sales,
    amount       bigint      NOT NULL CHECK (amount > 0),
    -- It came before the split: all of it left what was prepaid.
    is_early     boolean     NOT NULL,
    tax          bigint      NOT NULL CHECK (tax >= 0),
    commission   bigint      NOT NULL CHECK (commission >= 0),
    developer    bigint      NOT NULL CHECK (developer >= 0),
    -- Where the developer's part was taken from.
    from_payable bigint      NOT NULL CHECK (from_payable >= 0),
    from_reserve bigint      NOT NULL CHECK (from_reserve >= 0),
    from_debt    bigint      NOT NULL CHECK (from_debt >= 0),
    reversed_at  timestamptz NOT NULL,
    PRIMARY KEY (refund_id, line_id),
    CHECK (developer = from_payable + from_reserve + from_debt),
    CHECK (tax + commission + developer = CASE WHEN is_early THEN 0 ELSE amount END)
);

CREATE INDEX sale_reversals_by_line ON sale_reversals (line_id);
CREATE INDEX sale_reversals_by_time ON sale_reversals (reversed_at);

-- Each organisation in each currency: the lock that all who move its money take first.
CREATE TABLE revenue_owners (
    owner    text   NOT NULL,
    currency text   NOT NULL,
    -- What it has earned so far, tax left out, refunds taken off: where it stands among the tiers.
    basis    bigint NOT NULL DEFAULT 0 CHECK (basis >= 0),
    -- What it owes after refunds of money that was paid out; the account `debt` of the ledger.
    debt     bigint NOT NULL DEFAULT 0 CHECK (debt >= 0),
    PRIMARY KEY (owner, currency)
);

-- Kept back of what was earned, until its day.
CREATE TABLE reserve_holds (
    id          uuid        PRIMARY KEY,
    owner       text        NOT NULL,
    currency    text        NOT NULL,
    amount      bigint      NOT NULL CHECK (amount > 0),
    kept_at     timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    released_at timestamptz,
    -- Less than the amount when refunds had taken the rest.
    released    bigint      CHECK (released BETWEEN 0 AND amount),
    CHECK ((released_at IS NULL) = (released IS NULL)),
    FOREIGN KEY (owner, currency) REFERENCES revenue_owners
);

CREATE INDEX reserve_holds_by_due ON reserve_holds (due_at) WHERE released_at IS NULL;
CREATE INDEX reserve_holds_by_owner ON reserve_holds (owner, currency);

-- The shares of the platform, each version for ever: a sale keeps the number of the one it was split by.
CREATE TABLE tier_tables (
    version    int         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    currency   text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    valid_from timestamptz NOT NULL,
    -- [{"above": minor units, "basis_points": hundredths of a percent}, …], the first above 0.
    tiers      jsonb       NOT NULL,
    actor_id   uuid,
    reason     text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    created_at timestamptz NOT NULL,
    UNIQUE (currency, valid_from)
);

-- 15 % up to 50 million roubles of earnings of an organisation, 10 % up to 250 million, 5 % above.
INSERT INTO tier_tables (currency, valid_from, tiers, reason, created_at) VALUES
    ('RUB', '2000-01-01T00:00:00Z',
     '[{"above": 0, "basis_points": 1500}, {"above": 5000000000, "basis_points": 1000}, {"above": 25000000000, "basis_points": 500}]',
     'The first table', '2026-11-27T00:00:00Z');
