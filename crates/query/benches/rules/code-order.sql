-- Rule 23, clear: a pack sold before it was received, after it expired or after its recall.
-- feed: code-scans
-- reads:
-- knowledge: recalled-lots
-- key: code-scans code
WITH early AS (
    SELECT code, institution, min(CASE WHEN kind = 'sold' THEN scanned_at END) AS sold_at
    FROM code_scans
    GROUP BY code, institution
    HAVING min(CASE WHEN kind = 'sold' THEN scanned_at END) IS NOT NULL
        AND (min(CASE WHEN kind = 'received' THEN scanned_at END) IS NULL
            OR min(CASE WHEN kind = 'received' THEN scanned_at END)
                > min(CASE WHEN kind = 'sold' THEN scanned_at END))
)
SELECT s.scanned_at AS finding_at, s.institution AS subject, [s.intake_number] AS evidence,
    'not received' AS why, s.code AS code
FROM early e
JOIN code_scans s ON s.code = e.code AND s.institution = e.institution AND s.scanned_at = e.sold_at
WHERE s.kind = 'sold'
UNION ALL
SELECT s.scanned_at AS finding_at, s.institution AS subject, [s.intake_number] AS evidence,
    'expired' AS why, s.code AS code
FROM code_scans s
WHERE s.kind = 'sold' AND s.expires_on < s.event_day
UNION ALL
SELECT s.scanned_at AS finding_at, s.institution AS subject, [s.intake_number] AS evidence,
    'recalled' AS why, s.code AS code
FROM code_scans s
JOIN recalled_lots r ON r.lot = s.lot AND r.valid_from <= s.event_day
    AND (r.valid_until IS NULL OR s.event_day < r.valid_until)
WHERE s.kind = 'sold'
