-- No release has had these: what they told stands in `held_licences`.
DROP TABLE review_licences;
ALTER TABLE held_licences DROP COLUMN is_over;
