-- Rule 24, clear: fewer packs scanned than settled, of a drug that must be scanned.
-- feed: settlement-lines
-- reads: code-scans
-- knowledge: scanned-items
-- key: settlement-lines line, code-scans line
-- reach: 1
WITH sold AS (
    SELECT line, count(*) AS packs
    FROM code_scans
    WHERE kind = 'sold' AND line IS NOT NULL
    GROUP BY line
)
SELECT l.settled_at AS finding_at, l.institution AS subject, [l.intake_number] AS evidence,
    l.item AS item, l.quantity AS quantity,
    CASE WHEN s.packs IS NULL THEN 0 ELSE s.packs END AS packs
FROM settlement_lines l
JOIN scanned_items i ON i.item = l.item
    AND i.valid_from <= l.event_day AND (i.valid_until IS NULL OR l.event_day < i.valid_until)
LEFT JOIN sold s ON s.line = l.line
WHERE l.care = 'outpatient' AND (s.packs IS NULL OR s.packs < l.quantity)
