-- By what lists of titles are ordered (`apps/titles.sort_key`), byte by byte.
ALTER TABLE apps ADD COLUMN sort_key text COLLATE "C" NOT NULL DEFAULT '';

-- Who is credited with what. The document names creators; this is for looking the other way.
CREATE TABLE app_creators (
    app_id     uuid     NOT NULL REFERENCES apps ON DELETE CASCADE,
    creator_id uuid     NOT NULL REFERENCES creators,
    role       text     NOT NULL CHECK (role IN ('developer', 'publisher')),
    -- Its place in the document's list.
    place      smallint NOT NULL,
    PRIMARY KEY (app_id, role, creator_id)
);

CREATE INDEX app_creators_by_creator ON app_creators (creator_id, app_id);

-- When account said the age level: an earlier word that comes later does not count.
ALTER TABLE viewers ADD COLUMN age_told_at timestamptz;
