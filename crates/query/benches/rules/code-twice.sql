-- Rule 21, clear: one pack sold more often than it came back. A pack from which single pieces were
-- sold is left out.
-- feed: code-scans
-- reads:
-- knowledge:
-- key: code-scans code
WITH twice AS (
    SELECT code, max(CASE WHEN kind = 'sold' THEN intake_number END) AS last
    FROM code_scans
    WHERE kind <> 'received'
    GROUP BY code
    HAVING sum(CASE WHEN kind = 'sold' THEN 1 ELSE -1 END) > 1
        AND max(CASE WHEN split THEN 1 ELSE 0 END) = 0
)
SELECT max(s.scanned_at) AS finding_at,
    max(CASE WHEN s.intake_number = t.last THEN s.institution END) AS subject,
    array_agg(s.intake_number ORDER BY s.intake_number) AS evidence, t.code AS code
FROM twice t
JOIN code_scans s ON s.code = t.code
WHERE s.kind <> 'received'
GROUP BY t.code
