-- A key may hold in one game of its organisation alone; none: in all of it.
ALTER TABLE api_keys ADD COLUMN game_id uuid;
