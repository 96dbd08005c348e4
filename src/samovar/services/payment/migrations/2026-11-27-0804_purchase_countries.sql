-- By the prices of which country somebody bought last, and since when that holds: for 90 days it is not another one.
CREATE TABLE purchase_countries (
    account_id uuid        PRIMARY KEY,
    country    text        NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    held_since timestamptz NOT NULL
);
