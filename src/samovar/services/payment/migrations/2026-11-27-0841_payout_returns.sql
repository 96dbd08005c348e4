-- A bank may send an executed payout back, days later. One person of finance says so, another confirms it; the payout is rejected then,
-- and its money owed as before.
ALTER TABLE payouts
    ADD COLUMN return_reason       text        CHECK (length(return_reason) BETWEEN 1 AND 500),
    ADD COLUMN return_reported_by  uuid,
    ADD COLUMN return_reported_at  timestamptz,
    ADD COLUMN return_confirmed_by uuid        CHECK (return_confirmed_by <> return_reported_by);
