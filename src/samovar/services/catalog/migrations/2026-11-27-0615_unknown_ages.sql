-- Whose age is not known is neither a child nor an adult: the installation says what they are shown.
ALTER TABLE viewers ALTER COLUMN age_level DROP NOT NULL, ALTER COLUMN age_level DROP DEFAULT;
UPDATE viewers SET age_level = NULL WHERE age_told_at IS NULL;
