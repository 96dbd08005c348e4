-- Reviews ask of the same licences how they came and how they ended.
ALTER TABLE held_licences
    ADD COLUMN kind text NOT NULL DEFAULT 'unknown',
    -- It never comes back, so that a grant that is heard of later changes nothing.
    ADD COLUMN revoked_at timestamptz,
    ADD COLUMN revoke_reason text;

UPDATE held_licences h SET kind = r.kind, revoked_at = r.revoked_at, revoke_reason = r.revoke_reason
FROM review_licences r WHERE r.licence_id = h.licence_id;

UPDATE held_licences SET revoked_at = granted_at WHERE is_over AND revoked_at IS NULL;
