-- What of a disputed payment its payer's wallet had, and is set aside there: a top-up, a refund to the wallet, late money that went there.
ALTER TABLE chargebacks ADD COLUMN from_wallet bigint NOT NULL DEFAULT 0;

UPDATE chargebacks c SET from_wallet = covered FROM payments p WHERE p.id = c.payment_id AND p.purpose = 'top_up';

ALTER TABLE chargebacks ADD CONSTRAINT chargebacks_from_wallet_covered CHECK (from_wallet BETWEEN 0 AND covered) NOT VALID;
