-- What library told of licences to apps, one row for each: whether a review counts hangs on how its author has the app now.
CREATE TABLE review_licences (
    licence_id    uuid        NOT NULL,
    app_id        uuid        NOT NULL,
    account_id    uuid        NOT NULL,
    kind          text        NOT NULL,
    granted_at    timestamptz NOT NULL,
    revoked_at    timestamptz,
    revoke_reason text,
    PRIMARY KEY (licence_id, app_id)
);

CREATE INDEX review_licences_by_account ON review_licences (account_id, app_id);
