-- An adult's yes to one package for a child of the family, as account tells: one purchase of it is let through.
CREATE TABLE purchase_approvals (
    request_id  uuid        PRIMARY KEY,
    family_id   uuid        NOT NULL,
    account_id  uuid        NOT NULL,
    payer_id    uuid        NOT NULL,
    package_id  uuid        NOT NULL,
    approved_at timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    -- The order that it let through last.
    order_id    uuid        REFERENCES orders,
    CHECK (expires_at > approved_at)
);

CREATE INDEX purchase_approvals_by_account ON purchase_approvals (account_id, package_id);
CREATE INDEX purchase_approvals_by_payer ON purchase_approvals (payer_id);
CREATE INDEX purchase_approvals_by_expiry ON purchase_approvals (expires_at);
