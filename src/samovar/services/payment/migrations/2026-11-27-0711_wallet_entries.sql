-- Whose a wallet or bonus account is, so that a player's own history can be found and handed over.
ALTER TABLE ledger_accounts ADD COLUMN account_id uuid GENERATED ALWAYS AS (
    CASE WHEN kind IN ('wallet', 'bonus') AND owner ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN owner::uuid END
) STORED;

-- What each transfer did to what its player may spend, in the order in which it came to hold.
CREATE VIEW wallet_entries AS
SELECT a.account_id, a.kind AS money, a.currency, t.id, t.seq, t.code, t.kind AS step, t.cause_id, t.created_at,
       -(CASE WHEN t.kind IN ('posted', 'post') THEN t.amount ELSE 0 END
           + CASE t.kind WHEN 'pending' THEN t.amount WHEN 'posted' THEN 0 ELSE -p.amount END) AS change
FROM ledger_accounts a
JOIN ledger_transfers t ON t.debit_account_id = a.id
LEFT JOIN ledger_transfers p ON p.id = t.pending_id
WHERE a.account_id IS NOT NULL
UNION ALL
SELECT a.account_id, a.kind, a.currency, t.id, t.seq, t.code, t.kind, t.cause_id, t.created_at,
       CASE WHEN t.kind IN ('posted', 'post') THEN t.amount ELSE 0 END
FROM ledger_accounts a
JOIN ledger_transfers t ON t.credit_account_id = a.id
WHERE a.account_id IS NOT NULL;
