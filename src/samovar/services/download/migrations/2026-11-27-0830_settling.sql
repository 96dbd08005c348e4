-- Packs that are compressed again in the background.
ALTER TABLE packs
    -- It was written in the background, as small as it gets.
    ADD COLUMN is_settled boolean NOT NULL DEFAULT false,
    ADD COLUMN settle_attempts int NOT NULL DEFAULT 0,
    ADD COLUMN settle_tried_at timestamptz,
    -- All its chunks lie in others as well; no build needs it any more, and it goes after the time of grace.
    ADD COLUMN replaced_at timestamptz;
