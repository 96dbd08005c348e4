-- How fast a device may fetch, as its player asks; none: as fast as it goes.
CREATE TABLE device_limits (
    account_id  uuid   NOT NULL,
    device_id   text   NOT NULL,
    bytes_per_s bigint NOT NULL CHECK (bytes_per_s > 0),
    PRIMARY KEY (account_id, device_id)
);
