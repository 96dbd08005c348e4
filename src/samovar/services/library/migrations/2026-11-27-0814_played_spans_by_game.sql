-- For exports, which hand over a limited number of rows: one a game.
CREATE VIEW played_spans_by_game AS
SELECT account_id, app_id, jsonb_agg(jsonb_build_array(started_at, ended_at) ORDER BY ended_at) AS spans
FROM played_spans GROUP BY account_id, app_id;
