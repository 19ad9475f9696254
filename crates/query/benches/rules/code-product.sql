-- Rule 22, clear: what the code of the pack is of is not the drug that was settled.
-- feed: code-scans
-- reads:
-- knowledge: code-products
-- key: code-scans code
-- reach: 1
SELECT s.scanned_at AS finding_at, s.institution AS subject, [s.intake_number] AS evidence,
    s.item AS item, p.item AS product
FROM code_scans s
JOIN code_products p ON p.prefix = substr(s.code, 1, 7)
    AND p.valid_from <= s.event_day AND (p.valid_until IS NULL OR s.event_day < p.valid_until)
WHERE s.kind = 'sold' AND s.item IS NOT NULL AND s.item <> p.item
