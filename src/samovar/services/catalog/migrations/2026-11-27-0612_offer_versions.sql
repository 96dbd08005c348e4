-- Who made what is sold as it is, and when: packages, bundles and sales as each change left them, and who called discounts off.
CREATE TABLE package_versions (
    package_id uuid        NOT NULL REFERENCES packages ON DELETE CASCADE,
    version    bigint      NOT NULL,
    document   jsonb       NOT NULL,
    -- Who: none for an import, and once forgotten.
    account_id uuid,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (package_id, version)
);

CREATE TABLE bundle_versions (
    bundle_id  uuid        NOT NULL REFERENCES bundles ON DELETE CASCADE,
    version    bigint      NOT NULL,
    document   jsonb       NOT NULL,
    account_id uuid,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (bundle_id, version)
);

CREATE TABLE sale_versions (
    sale_id    uuid        NOT NULL REFERENCES sales ON DELETE CASCADE,
    version    bigint      NOT NULL,
    document   jsonb       NOT NULL,
    account_id uuid,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (sale_id, version)
);

CREATE TABLE discount_ends (
    discount_id uuid        PRIMARY KEY REFERENCES discounts ON DELETE CASCADE,
    account_id  uuid,
    ended_at    timestamptz NOT NULL
);
