-- Rule 19, suspect: the same drug again while what was supplied lasts for many more days.
-- feed: settlement-lines
-- reads:
-- knowledge: figures
-- key: settlement-lines patient
-- reach: 92
WITH refills AS (
    SELECT settled_at, institution, item, intake_number, event_day,
        lag(intake_number)
            OVER (PARTITION BY patient, item ORDER BY settled_at, intake_number) AS before,
        lag(to_unixtime(event_day) / 86400 + days_supplied)
            OVER (PARTITION BY patient, item ORDER BY settled_at, intake_number) AS lasts_until
    FROM settlement_lines
    WHERE item_kind = 'drug' AND care = 'outpatient' AND days_supplied > 0
)
SELECT r.settled_at AS finding_at, r.institution AS subject,
    array_sort([r.before, r.intake_number]) AS evidence, r.item AS item,
    r.lasts_until - to_unixtime(r.event_day) / 86400 AS days_left
FROM refills r
JOIN figures f ON f.figure = 'refill-days-early-most'
    AND f.valid_from <= r.event_day AND (f.valid_until IS NULL OR r.event_day < f.valid_until)
WHERE r.before IS NOT NULL AND r.lasts_until - to_unixtime(r.event_day) / 86400 > f.value
