-- Codes that take something off a purchase. What a code gives is never changed: it is ended, and another one made.
CREATE TABLE promo_codes (
    id                uuid        PRIMARY KEY,
    -- As its owner wrote it, and as it is found: whatever case, spaces and look-alike letters somebody types.
    code              text        NOT NULL CHECK (length(code) <= 64),
    code_key          text        NOT NULL UNIQUE,
    -- Whose it is; none: the platform's.
    organisation_id   uuid,
    scope             text        NOT NULL CHECK (scope IN ('all', 'organisation', 'packages')),
    package_ids       uuid[]      NOT NULL DEFAULT '{}' CHECK (cardinality(package_ids) <= 100),
    percent           int         CHECK (percent BETWEEN 1 AND 100),
    amount            bigint      CHECK (amount > 0),
    currency          text        CHECK (currency ~ '^[A-Z]{3}$'),
    -- What the lines that it counts for must cost at the least, in its currency.
    minimum           bigint      CHECK (minimum > 0),
    -- Where it counts; none: everywhere.
    countries         text[],
    starts_at         timestamptz NOT NULL,
    ends_at           timestamptz,
    limit_total       int         CHECK (limit_total > 0),
    limit_per_account int         NOT NULL CHECK (limit_per_account > 0),
    -- Counted only where there is a limit, and never beyond it.
    redeemed          int         NOT NULL DEFAULT 0 CHECK (redeemed >= 0),
    actor_id          uuid        NOT NULL,
    created_at        timestamptz NOT NULL,
    -- Since when somebody has ended it.
    ended_at          timestamptz,
    CHECK ((percent IS NULL) <> (amount IS NULL)),
    CHECK (currency IS NOT NULL OR (amount IS NULL AND minimum IS NULL)),
    CHECK ((scope = 'packages') = (cardinality(package_ids) > 0)),
    CHECK (scope <> 'organisation' OR organisation_id IS NOT NULL),
    CHECK (organisation_id IS NULL OR scope <> 'all'),
    CHECK (ends_at > starts_at),
    CONSTRAINT promo_codes_not_oversold CHECK (limit_total IS NULL OR redeemed <= limit_total)
);

CREATE INDEX promo_codes_by_organisation ON promo_codes (organisation_id, id DESC);

-- One for each order that a code was used in.
CREATE TABLE promo_redemptions (
    quote_id      uuid        PRIMARY KEY,
    promo_code_id uuid        NOT NULL REFERENCES promo_codes,
    account_id    uuid        NOT NULL,
    -- What it took off.
    amount        bigint      NOT NULL CHECK (amount >= 0),
    currency      text        NOT NULL,
    redeemed_at   timestamptz NOT NULL,
    -- When the order came to nothing and the code could be used again.
    returned_at   timestamptz
);

CREATE INDEX promo_redemptions_by_code ON promo_redemptions (promo_code_id) WHERE returned_at IS NULL;
CREATE INDEX promo_redemptions_by_account ON promo_redemptions (account_id);

-- How often each account uses each code: the row that two purchases of one account meet at.
CREATE TABLE promo_uses (
    promo_code_id uuid NOT NULL REFERENCES promo_codes,
    account_id    uuid NOT NULL,
    uses          int  NOT NULL CHECK (uses >= 0),
    PRIMARY KEY (promo_code_id, account_id)
);

CREATE INDEX promo_uses_by_account ON promo_uses (account_id);
