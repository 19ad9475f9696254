-- Rule 8, suspect: a second-line drug, and none of the first-line drugs that must be tried first.
-- feed: settlement-lines
-- reads:
-- knowledge: second-line-drugs
-- key: settlement-lines patient
-- reach: 90
WITH taken AS (
    SELECT l.intake_number, l.settled_at, l.institution, l.patient, l.item, d.first_item,
        d.within_days
    FROM settlement_lines l
    JOIN second_line_drugs d ON d.item = l.item
        AND d.valid_from <= l.event_day AND (d.valid_until IS NULL OR l.event_day < d.valid_until)
),
tried AS (
    SELECT DISTINCT t.intake_number AS number
    FROM taken t
    JOIN settlement_lines f ON f.patient = t.patient AND f.item = t.first_item
        AND f.settled_at < t.settled_at
        AND to_unixtime(t.settled_at) - to_unixtime(f.settled_at) <= t.within_days * 86400
)
SELECT t.settled_at AS finding_at, t.institution AS subject, [t.intake_number] AS evidence,
    t.item AS item
FROM (SELECT DISTINCT intake_number, settled_at, institution, item FROM taken) t
WHERE NOT EXISTS (SELECT 1 FROM tried y WHERE y.number = t.intake_number)
