-- Pictures of pages. The bytes are in the media store, under the hash; here is what is known of them.
CREATE TABLE images (
    -- SHA-256 of the picture as it is stored.
    hash        text        PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
    -- SHA-256 of the file that it was painted from: the same file is not painted twice.
    source      text        NOT NULL,
    width       integer     NOT NULL CHECK (width > 0),
    height      integer     NOT NULL CHECK (height > 0),
    size_bytes  bigint      NOT NULL,
    -- When it was last sent.
    chosen_at   timestamptz NOT NULL,
    -- Set once the bytes are in the store.
    is_stored   boolean     NOT NULL DEFAULT false
);

CREATE INDEX images_by_source ON images (source);
CREATE INDEX images_by_choice ON images (chosen_at);

-- Who shows it: the id of an app, or of a draft. A picture without a row here is deleted a week after it was last sent.
CREATE TABLE image_uses (
    image     text NOT NULL REFERENCES images,
    holder_id uuid NOT NULL,
    PRIMARY KEY (image, holder_id)
);

CREATE INDEX image_uses_by_holder ON image_uses (holder_id);

-- Pictures whose rows are gone and whose bytes are being deleted: whoever sends one meanwhile is asked to send it again.
CREATE TABLE image_removals (
    hash text PRIMARY KEY
);
