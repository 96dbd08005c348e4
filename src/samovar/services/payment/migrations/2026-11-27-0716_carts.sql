-- One row for whoever has ever had a cart: its lock keeps two changes apart.
CREATE TABLE carts (
    account_id uuid        PRIMARY KEY,
    updated_at timestamptz NOT NULL
);

CREATE TABLE cart_items (
    account_id   uuid        NOT NULL REFERENCES carts,
    position     int         NOT NULL CHECK (position >= 0),
    package_id   uuid,
    bundle_id    uuid,
    -- Whoever it is to be given to; none: the buyer.
    recipient_id uuid,
    message      text        CHECK (length(message) <= 1000),
    added_at     timestamptz NOT NULL,
    PRIMARY KEY (account_id, position),
    CHECK ((package_id IS NULL) <> (bundle_id IS NULL)),
    CHECK (recipient_id <> account_id),
    CONSTRAINT cart_items_once UNIQUE NULLS NOT DISTINCT (account_id, package_id, bundle_id, recipient_id)
);

CREATE INDEX cart_items_by_recipient ON cart_items (recipient_id) WHERE recipient_id IS NOT NULL;
