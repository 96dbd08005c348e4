-- Where an app's page is shown, out of its document, which may be large: what decides of sales in a list reads this alone.
-- NULL: everywhere.
ALTER TABLE apps ADD COLUMN visible jsonb GENERATED ALWAYS AS (document -> 'visible') STORED;
