-- A key that refers to an account locks that account's row in every transfer: of one that all purchases go through, it would be the
-- one row that all wait for. A transfer and its accounts are written by one statement, and the nightly check looks for any without.
ALTER TABLE ledger_transfers DROP CONSTRAINT ledger_transfers_debit_account_id_fkey;
ALTER TABLE ledger_transfers DROP CONSTRAINT ledger_transfers_credit_account_id_fkey;

-- Balances change all the time and nothing in them is indexed: with room in its page a row is changed in place.
ALTER TABLE ledger_balances SET (fillfactor = 50);

-- What each transfer does to both of its sides: a `post` ends the whole of what it resolves, also where it posts a part.
CREATE VIEW ledger_effects AS
SELECT t.id, t.debit_account_id, t.credit_account_id, t.currency, t.written_in, t.seq,
       CASE WHEN t.kind IN ('posted', 'post') THEN t.amount ELSE 0 END AS posted,
       CASE t.kind WHEN 'pending' THEN t.amount WHEN 'posted' THEN 0 ELSE -p.amount END AS pending
FROM ledger_transfers t
LEFT JOIN ledger_transfers p ON p.id = t.pending_id;

-- The hash chain: transfers in the order of (written_in, seq), once no open transaction can still write before them.
CREATE TABLE ledger_blocks (
    number     bigint      PRIMARY KEY CHECK (number > 0),
    -- Its last transfer; it begins after that of the block before.
    written_in xid8        NOT NULL,
    seq        bigint      NOT NULL,
    transfers  int         NOT NULL CHECK (transfers > 0),
    -- For each transfer 16 bytes of its id and 16 of its SHA-256: so that the one that was changed can be named.
    leaves     bytea       NOT NULL CHECK (length(leaves) = 32 * transfers),
    -- SHA-256 over the hash before it, the number and the leaves.
    hash       bytea       NOT NULL CHECK (length(hash) = 32),
    created_at timestamptz NOT NULL
);

CREATE TRIGGER ledger_blocks_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_blocks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_ledger();

-- How far the chain and the sums below have come; one row, locked by whoever carries them on.
CREATE TABLE ledger_position (
    is_only      boolean     PRIMARY KEY DEFAULT true CHECK (is_only),
    block_number bigint      NOT NULL DEFAULT 0,
    hash         bytea       NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    written_in   xid8        NOT NULL DEFAULT '0',
    seq          bigint      NOT NULL DEFAULT 0,
    -- Every pending transfer whose time was over then is resolved.
    expired_until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO ledger_position DEFAULT VALUES;

-- What has gone through each account up to there. With the transfers after it: its balance.
CREATE TABLE ledger_sums (
    account_id      uuid   PRIMARY KEY,
    debits_posted   bigint NOT NULL,
    credits_posted  bigint NOT NULL,
    debits_pending  bigint NOT NULL,
    credits_pending bigint NOT NULL
) WITH (fillfactor = 50);
