-- Comes with PostgreSQL and is trusted: the owner of the database may add it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- What packages cost without a discount, and ever did: a row holds from `since` until `until`. Rows are added and closed, never changed.
CREATE TABLE base_prices (
    id         uuid        PRIMARY KEY,
    package_id uuid        NOT NULL REFERENCES packages ON DELETE CASCADE,
    region     text        NOT NULL REFERENCES price_regions,
    -- Minor units; 0 is free; none: no price here from then on.
    amount     bigint      CHECK (amount BETWEEN 0 AND 1000000000000),
    currency   text        NOT NULL,
    since      timestamptz NOT NULL,
    until      timestamptz CHECK (until >= since),
    -- Somebody pays more in the same currency since then, in this region or one that falls back to another.
    is_raised  boolean     NOT NULL DEFAULT false,
    -- Who: none for an import.
    account_id uuid,
    EXCLUDE USING gist (package_id WITH =, region WITH =, tstzrange(since, until) WITH &&)
);

CREATE INDEX base_prices_by_package ON base_prices (package_id, region, since DESC);
CREATE INDEX base_prices_raised ON base_prices (package_id, since DESC) WHERE is_raised;

CREATE FUNCTION refuse_to_rewrite_a_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.until IS NULL AND NEW.until IS NOT NULL AND row(NEW.id, NEW.package_id, NEW.region, NEW.amount, NEW.currency,
        NEW.since, NEW.is_raised) IS NOT DISTINCT FROM row(OLD.id, OLD.package_id, OLD.region, OLD.amount, OLD.currency,
        OLD.since, OLD.is_raised) THEN
        RETURN NEW;
    END IF;
    IF OLD.account_id IS NOT NULL AND NEW.account_id IS NULL AND NEW.until IS NOT DISTINCT FROM OLD.until AND NEW.amount
        IS NOT DISTINCT FROM OLD.amount AND row(NEW.id, NEW.package_id, NEW.region, NEW.currency, NEW.since, NEW.is_raised)
        = row(OLD.id, OLD.package_id, OLD.region, OLD.currency, OLD.since, OLD.is_raised) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a price that was charged is history: it is closed and followed by another, never rewritten';
END $$;
CREATE TRIGGER base_prices_are_history BEFORE UPDATE ON base_prices
    FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite_a_price();

-- What discounts must keep to. A new rule is a new row; a discount keeps the version that it was judged by.
CREATE TABLE discount_rules (
    version        smallint    PRIMARY KEY,
    effective_from timestamptz NOT NULL UNIQUE,
    -- `prices.discounts.domain.DiscountRules`.
    rules          jsonb       NOT NULL
);

INSERT INTO discount_rules (version, effective_from, rules) VALUES (1, '2020-01-01T00:00:00Z', '{
    "percent_min": 10, "percent_max": 95, "launch_percent_max": 40,
    "days_min": 1, "days_max": 14, "launch_days_min": 7, "launch_days_max": 14,
    "rest_days_after_release": 30, "rest_days_after_raise": 30, "rest_days_after_discount": 30,
    "no_raise_days_after_release": 30, "planned_ahead_days_max": 365,
    "price_min": {
        "RUB": 1000, "BYN": 50, "KZT": 8000, "UZS": 200000, "AMD": 6000, "AZN": 30, "GEL": 50, "KGS": 1500, "USD": 19,
        "EUR": 19, "GBP": 15, "BRL": 99, "CNY": 100, "INR": 1500, "JPY": 20, "TRY": 500, "AED": 70, "RSD": 2000,
        "KRW": 200, "VND": 4000
    }
}');

-- Events of the store that many packages join.
CREATE TABLE sales (
    id           uuid        PRIMARY KEY,
    slug         text        NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    names        jsonb       NOT NULL,
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    -- Until when packages may join.
    join_until   timestamptz NOT NULL,
    canceled_at  timestamptz,
    version      bigint      NOT NULL,
    created_at   timestamptz NOT NULL,
    CHECK (starts_at < ends_at AND join_until <= ends_at)
);

CREATE INDEX sales_by_start ON sales (starts_at, id) WHERE canceled_at IS NULL;

CREATE TABLE discounts (
    id            uuid        PRIMARY KEY,
    package_id    uuid        NOT NULL REFERENCES packages ON DELETE CASCADE,
    kind          text        NOT NULL CHECK (kind IN ('launch', 'custom', 'seasonal')),
    percent       smallint    NOT NULL CHECK (percent BETWEEN 1 AND 99),
    -- [starts_at, ends_at). A launch discount begins with the release instead, and lasts as long.
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL CHECK (starts_at < ends_at),
    -- It was called off then, before or after its start.
    ended_at      timestamptz,
    sale_id       uuid        REFERENCES sales,
    rules_version smallint    NOT NULL REFERENCES discount_rules,
    -- Who: none for an import.
    account_id    uuid,
    created_at    timestamptz NOT NULL,
    -- Whether others have been told that it has begun, and that it is over.
    start_told    boolean     NOT NULL DEFAULT false,
    end_told      boolean     NOT NULL DEFAULT false,
    EXCLUDE USING gist (
        package_id WITH =,
        tstzrange(starts_at, greatest(starts_at, least(ends_at, ended_at))) WITH &&
    ) WHERE (kind <> 'launch')
);

CREATE INDEX discounts_by_package ON discounts (package_id, ends_at);
CREATE INDEX discounts_by_sale ON discounts (sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX discounts_to_start ON discounts (starts_at) WHERE NOT start_told;
CREATE INDEX discounts_to_end ON discounts (ends_at) WHERE NOT end_told;
CREATE UNIQUE INDEX discounts_one_launch ON discounts (package_id) WHERE kind = 'launch' AND ended_at IS NULL;

-- When an app came out here. Pages hold days; discounts need the instant, and one that nobody dates back.
CREATE TABLE app_releases (
    app_id          uuid        PRIMARY KEY REFERENCES apps ON DELETE CASCADE,
    early_access_at timestamptz,
    released_at     timestamptz
);

CREATE FUNCTION note_the_release_of_an_app() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- What comes from elsewhere had its release there; our own comes out when its page says so.
    came_out timestamptz := CASE WHEN NEW.origin = 'own' THEN NEW.updated_at
        ELSE least(coalesce(NEW.released_on::timestamp AT TIME ZONE 'UTC', NEW.updated_at), NEW.updated_at) END;
BEGIN
    INSERT INTO app_releases AS noted (app_id, early_access_at, released_at) VALUES (
        NEW.id,
        CASE WHEN NEW.stage = 'early_access' THEN came_out END,
        CASE WHEN NEW.stage = 'released' THEN came_out END
    )
    ON CONFLICT (app_id) DO UPDATE SET
        early_access_at = coalesce(noted.early_access_at, excluded.early_access_at),
        released_at = coalesce(noted.released_at, excluded.released_at);
    RETURN NULL;
END $$;
CREATE TRIGGER apps_note_their_release AFTER INSERT OR UPDATE OF state, stage ON apps
    FOR EACH ROW WHEN (NEW.state = 'published' AND NEW.stage <> 'coming_soon')
    EXECUTE FUNCTION note_the_release_of_an_app();

INSERT INTO app_releases (app_id, early_access_at, released_at)
SELECT id,
       CASE WHEN stage = 'early_access' THEN least(coalesce(released_on::timestamp AT TIME ZONE 'UTC', created_at), created_at) END,
       CASE WHEN stage = 'released' THEN least(coalesce(released_on::timestamp AT TIME ZONE 'UTC', created_at), created_at) END
FROM apps WHERE state = 'published' AND stage <> 'coming_soon'
ON CONFLICT DO NOTHING;
