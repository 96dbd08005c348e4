-- For exports: one row a game, and beside each version where its content is fetched, for contents are too large for an export.
CREATE VIEW saves_by_game AS
SELECT f.account_id, f.app_id, jsonb_agg(
    jsonb_build_object('path', f.path, 'versions', v.versions) ORDER BY f.path
) AS files
FROM save_files f
-- As RFC 3986 has it: everything but letters, digits and four signs is written as its bytes.
CROSS JOIN LATERAL (
    SELECT string_agg(
        CASE WHEN b BETWEEN 48 AND 57 OR b BETWEEN 65 AND 90 OR b BETWEEN 97 AND 122 OR b IN (45, 46, 95, 126) THEN chr(b)
            ELSE '%' || upper(lpad(to_hex(b), 2, '0')) END, '' ORDER BY i
    ) AS encoded
    FROM generate_series(0, octet_length(convert_to(f.path, 'UTF8')) - 1) AS i
    CROSS JOIN LATERAL get_byte(convert_to(f.path, 'UTF8'), i) AS b
) p
CROSS JOIN LATERAL (
    SELECT jsonb_agg(
        jsonb_build_object(
            'version_id', v.id, 'parent_id', v.parent_id, 'content_id', v.content_id, 'size_bytes', v.size_bytes,
            'device_id', v.device_id, 'created_at', v.created_at, 'is_unresolved', v.is_unresolved,
            'is_current', v.id = f.current_version_id,
            'content_url', CASE WHEN v.content_id IS NOT NULL
                THEN '/v1/library/' || f.app_id || '/saves/' || p.encoded || '?version_id=' || v.id END
        ) ORDER BY v.id
    ) AS versions
    FROM save_versions v
    WHERE v.account_id = f.account_id AND v.app_id = f.app_id AND v.path = f.path
) v
GROUP BY f.account_id, f.app_id;

CREATE VIEW save_sizes_by_game AS
SELECT account_id, app_id, count(*) AS versions, sum(size_bytes) AS size_bytes FROM save_versions GROUP BY account_id, app_id;
