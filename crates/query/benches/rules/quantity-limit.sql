-- Rule 9, clear: more of an item for one person than a day or a week may have.
-- feed: settlement-lines
-- reads:
-- knowledge: quantity-limits
-- key: settlement-lines patient
-- reach: 7
WITH limited AS (
    SELECT l.patient, l.item, l.institution, l.event_day, sum(l.quantity) AS quantity,
        max(q.day_most) AS day_most, max(q.week_most) AS week_most
    FROM settlement_lines l
    JOIN quantity_limits q ON q.item = l.item
        AND q.valid_from <= l.event_day AND (q.valid_until IS NULL OR l.event_day < q.valid_until)
    GROUP BY l.patient, l.item, l.institution, l.event_day
),
beyond AS (
    SELECT patient, item, institution, 'day' AS span, event_day AS first, event_day AS last,
        quantity
    FROM limited
    WHERE quantity > day_most
    UNION ALL
    SELECT patient, item, institution, 'week' AS span, min(event_day) AS first,
        max(event_day) AS last, sum(quantity) AS quantity
    FROM limited
    GROUP BY patient, item, institution, (to_unixtime(event_day) / 86400 + 3) / 7
    HAVING sum(quantity) > max(week_most)
)
SELECT max(l.settled_at) AS finding_at, b.institution AS subject,
    array_agg(l.intake_number ORDER BY l.intake_number) AS evidence,
    b.item AS item, b.span AS span, CAST(b.quantity AS DECIMAL(38, 4)) AS quantity
FROM beyond b
JOIN settlement_lines l ON l.patient = b.patient AND l.item = b.item
    AND l.institution = b.institution AND b.first <= l.event_day AND l.event_day <= b.last
GROUP BY b.patient, b.item, b.institution, b.span, b.first, b.quantity
