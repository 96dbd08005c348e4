-- Instruments that players let be kept for next time. What stands for one is worth nothing outside the shop's account at its provider.
CREATE TABLE saved_methods (
    id             uuid        PRIMARY KEY,
    account_id     uuid        NOT NULL,
    provider       text        NOT NULL CHECK (length(provider) <= 32),
    method         text        NOT NULL CHECK (method IN ('sbp', 'card', 'sberpay', 'tpay')),
    provider_token text        NOT NULL CHECK (length(provider_token) BETWEEN 1 AND 128),
    -- How its owner knows it again: the payment system and the last digits.
    title          text        NOT NULL CHECK (length(title) BETWEEN 1 AND 64),
    created_at     timestamptz NOT NULL,
    UNIQUE (account_id, provider, provider_token)
);

CREATE INDEX saved_methods_by_account ON saved_methods (account_id, id DESC);
