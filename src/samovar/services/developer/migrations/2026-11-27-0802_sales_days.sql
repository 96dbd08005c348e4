-- What organisations sold and gave back, as payment counts it: by package, country, currency and day of Moscow, in minor units.
CREATE TABLE sales_days (
    organisation_id     uuid   NOT NULL,
    package_id          uuid   NOT NULL,
    day                 date   NOT NULL,
    country             text   NOT NULL,
    currency            text   NOT NULL,
    units               bigint NOT NULL,
    gross               bigint NOT NULL,
    tax                 bigint NOT NULL,
    commission          bigint NOT NULL,
    developer           bigint NOT NULL,
    refunded_units      bigint NOT NULL,
    refunds             bigint NOT NULL,
    refunded_tax        bigint NOT NULL,
    refunded_commission bigint NOT NULL,
    refunded_developer  bigint NOT NULL,
    PRIMARY KEY (organisation_id, package_id, day, country, currency)
);

-- On the page of which app a package is offered; none: catalog was not asked yet, or knows nothing of it.
CREATE TABLE sold_packages (
    package_id  uuid        PRIMARY KEY,
    app_id      uuid,
    next_ask_at timestamptz NOT NULL
);

CREATE INDEX sold_packages_by_app ON sold_packages (app_id) WHERE app_id IS NOT NULL;
CREATE INDEX sold_packages_unknown ON sold_packages (next_ask_at) WHERE app_id IS NULL;
