-- Rule 9, clear: more of an item for one person than a day or a week may have.
-- feed: settlement-lines
-- reads:
-- knowledge: quantity-limits
-- key: settlement-lines patient
-- reach: 7
WITH lines AS (
    SELECT l.intake_number, l.settled_at, l.institution, l.patient, l.item, l.event_day, l.quantity,
        q.day_most, q.week_most, (to_unixtime(l.event_day) / 86400 + 3) / 7 AS week
    FROM settlement_lines l
    JOIN quantity_limits q ON q.item = l.item
        AND q.valid_from <= l.event_day AND (q.valid_until IS NULL OR l.event_day < q.valid_until)
)
SELECT max(settled_at) AS finding_at, institution AS subject,
    array_agg(intake_number ORDER BY intake_number) AS evidence,
    item AS item, 'day' AS span, CAST(sum(quantity) AS DECIMAL(38, 4)) AS quantity
FROM lines
GROUP BY patient, item, institution, event_day
HAVING sum(quantity) > max(day_most)
UNION ALL
SELECT max(settled_at) AS finding_at, institution AS subject,
    array_agg(intake_number ORDER BY intake_number) AS evidence,
    item AS item, 'week' AS span, CAST(sum(quantity) AS DECIMAL(38, 4)) AS quantity
FROM lines
GROUP BY patient, item, institution, week
HAVING sum(quantity) > max(week_most)
