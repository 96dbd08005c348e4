-- What is sold: one or more apps at a price. An edition is a package of one game's page.
CREATE TABLE packages (
    id              uuid        PRIMARY KEY,
    slug            text        NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    -- The page on which it is offered.
    app_id          uuid        NOT NULL REFERENCES apps,
    organisation_id uuid,
    names           jsonb       NOT NULL,
    -- 0 for the standard one, which lists show the price of; then the editions in their order.
    place           smallint    NOT NULL,
    state           text        NOT NULL CHECK (state IN ('draft', 'on_sale', 'withdrawn')),
    is_preorder     boolean     NOT NULL DEFAULT false,
    -- Where it is sold and where a licence of it may be activated (`domain.Availability`).
    sold            jsonb       NOT NULL,
    activatable     jsonb       NOT NULL,
    -- Set with its first sale: from then on it cannot lose apps.
    first_sold_at   timestamptz,
    version         bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);

CREATE INDEX packages_by_app ON packages (app_id, place);

CREATE TABLE package_apps (
    package_id uuid     NOT NULL REFERENCES packages ON DELETE CASCADE,
    app_id     uuid     NOT NULL REFERENCES apps,
    place      smallint NOT NULL,
    PRIMARY KEY (package_id, app_id)
);

CREATE INDEX package_apps_by_app ON package_apps (app_id);

CREATE TABLE bundles (
    id               uuid        PRIMARY KEY,
    slug             text        NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    organisation_id  uuid,
    names            jsonb       NOT NULL,
    descriptions     jsonb       NOT NULL,
    -- `complete_the_set`: one pays for what one lacks; `must_purchase_together`: all or nothing.
    kind             text        NOT NULL CHECK (kind IN ('complete_the_set', 'must_purchase_together')),
    -- Comes off the packages' prices of the moment, after their own discounts.
    discount_percent smallint    NOT NULL CHECK (discount_percent BETWEEN 0 AND 95),
    state            text        NOT NULL CHECK (state IN ('draft', 'on_sale', 'withdrawn')),
    version          bigint      NOT NULL,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL
);

CREATE TABLE bundle_packages (
    bundle_id  uuid     NOT NULL REFERENCES bundles ON DELETE CASCADE,
    package_id uuid     NOT NULL REFERENCES packages,
    place      smallint NOT NULL,
    PRIMARY KEY (bundle_id, package_id)
);

CREATE INDEX bundle_packages_by_package ON bundle_packages (package_id);
