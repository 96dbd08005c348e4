-- Pictures by the SHA-256 of their large form, so that an address never shows another picture.
CREATE TABLE avatars (
    hash       text        PRIMARY KEY,
    large      bytea       NOT NULL,
    small      bytea       NOT NULL,
    -- When somebody last chose it; one that nobody has is deleted a while later.
    chosen_at  timestamptz NOT NULL
);

CREATE INDEX avatars_by_time ON avatars (chosen_at);
