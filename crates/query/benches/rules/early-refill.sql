-- Rule 19, suspect: the same drug again while what was supplied lasts for many more days.
-- feed: settlement-lines
-- reads:
-- knowledge: figures
-- key: settlement-lines patient
-- reach: 92
WITH again AS (
    SELECT patient, item
    FROM settlement_lines
    WHERE item_kind = 'drug' AND care = 'outpatient' AND days_supplied > 0
    GROUP BY patient, item
    HAVING count(*) > 1
),
refills AS (
    SELECT l.settled_at, l.institution, l.item, l.intake_number, l.event_day,
        lag(l.intake_number) OVER (
            PARTITION BY l.patient, l.item ORDER BY l.settled_at, l.intake_number) AS before,
        lag(to_unixtime(l.event_day) / 86400 + l.days_supplied) OVER (
            PARTITION BY l.patient, l.item ORDER BY l.settled_at, l.intake_number) AS lasts_until
    FROM settlement_lines l
    JOIN again a ON a.patient = l.patient AND a.item = l.item
    WHERE l.item_kind = 'drug' AND l.care = 'outpatient' AND l.days_supplied > 0
)
SELECT r.settled_at AS finding_at, r.institution AS subject,
    array_sort([r.before, r.intake_number]) AS evidence, r.item AS item,
    r.lasts_until - to_unixtime(r.event_day) / 86400 AS days_left
FROM figures f
JOIN refills r ON f.figure = 'refill-days-early-most'
    AND f.valid_from <= r.event_day AND (f.valid_until IS NULL OR r.event_day < f.valid_until)
WHERE r.before IS NOT NULL AND r.lasts_until - to_unixtime(r.event_day) / 86400 > f.value
