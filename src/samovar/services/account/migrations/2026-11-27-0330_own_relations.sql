-- What a person may read of their own relations: neither a block by the other, nor a request that was withheld from them, nor
-- what the other calls them, nor that the other has declined. Whom nothing of this tells of is not in it.
CREATE VIEW own_relations AS
SELECT own.account_id, own.other_id, r.friends_since, own.nickname, own.favourite, own.blocks_since,
       CASE WHEN own.sees_request THEN r.request_sender_id END AS request_sender_id,
       CASE WHEN own.sees_request THEN r.request_sent_at END AS request_sent_at
FROM relations r CROSS JOIN LATERAL (
    SELECT side.*,
           r.request_state = 'pending' AND (r.request_sender_id = side.account_id OR NOT r.request_withheld) AS sees_request
    FROM (
        VALUES (r.low_id, r.high_id, r.low_nickname, r.low_favourite, r.low_blocks_since),
               (r.high_id, r.low_id, r.high_nickname, r.high_favourite, r.high_blocks_since)
    ) AS side (account_id, other_id, nickname, favourite, blocks_since)
) AS own
WHERE r.friends_since IS NOT NULL OR own.blocks_since IS NOT NULL OR own.sees_request;

-- The row of an erased person stays for those that point at it; nobody asks, blocks or invites a person who is gone.
ALTER TABLE accounts ADD COLUMN is_erased boolean NOT NULL DEFAULT false;
