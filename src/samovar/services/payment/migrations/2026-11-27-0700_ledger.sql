-- Double entry. An account has no balance of its own here: it is the fold of its transfers. Where money may not go below zero, the
-- balance is kept as a row beside, locked by whoever moves the money, and the database itself refuses what would overdraw it.
CREATE TABLE ledger_accounts (
    -- Derived of kind, owner and currency, so that nobody has to look it up.
    id       uuid PRIMARY KEY,
    kind     text NOT NULL CHECK (kind ~ '^[a-z_]{1,32}$'),
    -- The account of a player, an organisation, a provider; empty where there is one for all.
    owner    text NOT NULL CHECK (length(owner) <= 64),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    UNIQUE (kind, owner, currency)
);

-- Only of accounts that may not be overdrawn. All four only ever grow; what is pending falls when it is resolved.
CREATE TABLE ledger_balances (
    account_id      uuid   PRIMARY KEY REFERENCES ledger_accounts,
    debits_posted   bigint NOT NULL DEFAULT 0 CHECK (debits_posted >= 0),
    credits_posted  bigint NOT NULL DEFAULT 0 CHECK (credits_posted >= 0),
    debits_pending  bigint NOT NULL DEFAULT 0 CHECK (debits_pending >= 0),
    credits_pending bigint NOT NULL DEFAULT 0 CHECK (credits_pending >= 0),
    CONSTRAINT no_overdraft CHECK (debits_posted + debits_pending <= credits_posted)
);

CREATE TABLE ledger_transfers (
    -- Derived of what caused it and the name of the leg, so that a repeated cause writes nothing more.
    id                uuid        PRIMARY KEY,
    kind              text        NOT NULL CHECK (kind IN ('posted', 'pending', 'post', 'void', 'expire')),
    debit_account_id  uuid        NOT NULL REFERENCES ledger_accounts,
    credit_account_id uuid        NOT NULL REFERENCES ledger_accounts,
    -- Minor units. That of a `void` or an `expire` is what it gives back.
    amount            bigint      NOT NULL CHECK (amount > 0),
    currency          text        NOT NULL,
    -- Why: `purchase`, `top_up`, `refund`.
    code              text        NOT NULL CHECK (code ~ '^[a-z_]{1,32}$'),
    -- The order, refund, payout or other thing that moved it.
    cause_id          uuid        NOT NULL,
    -- What a `post`, `void` or `expire` resolves.
    pending_id        uuid        REFERENCES ledger_transfers,
    -- From then on a `pending` one may be expired; none: never by itself.
    expires_at        timestamptz,
    -- For whoever corrects by hand: who and why.
    actor_id          uuid,
    reason            text        CHECK (length(reason) <= 500),
    created_at        timestamptz NOT NULL,
    -- In which transaction: what is older than every open one never changes any more, and is rolled up and chained.
    written_in        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    seq               bigint      GENERATED ALWAYS AS IDENTITY,
    CHECK (debit_account_id <> credit_account_id),
    CHECK ((pending_id IS NOT NULL) = (kind IN ('post', 'void', 'expire'))),
    CHECK (expires_at IS NULL OR kind = 'pending')
);

-- A pending transfer is resolved at most once.
CREATE UNIQUE INDEX ledger_transfers_by_pending ON ledger_transfers (pending_id) WHERE pending_id IS NOT NULL;
CREATE INDEX ledger_transfers_by_cause ON ledger_transfers (cause_id);
CREATE INDEX ledger_transfers_by_debit ON ledger_transfers (debit_account_id, written_in, seq);
CREATE INDEX ledger_transfers_by_credit ON ledger_transfers (credit_account_id, written_in, seq);
CREATE INDEX ledger_transfers_by_order ON ledger_transfers (written_in, seq);
CREATE INDEX ledger_transfers_by_expiry ON ledger_transfers (expires_at) WHERE expires_at IS NOT NULL;

CREATE FUNCTION refuse_to_change_the_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'transfers never change: write a reversing one';
END $$;

CREATE TRIGGER ledger_transfers_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_ledger();
