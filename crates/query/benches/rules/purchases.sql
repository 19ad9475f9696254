-- Rule 18, suspect: the same drug bought more often in a month than usual, or more of it than a
-- share of the guideline's dose for the days supplied.
-- feed: settlement-lines
-- reads:
-- knowledge: drug-doses, figures
-- key: settlement-lines patient
-- reach: 31
WITH months AS (
    SELECT patient, item,
        EXTRACT(YEAR FROM event_day) * 12 + EXTRACT(MONTH FROM event_day) AS month,
        count(DISTINCT settlement) AS purchases, sum(quantity) AS quantity,
        sum(days_supplied) AS days,
        max(event_day) AS day, max(intake_number) AS last
    FROM settlement_lines
    WHERE item_kind = 'drug' AND care = 'outpatient'
    GROUP BY patient, item, EXTRACT(YEAR FROM event_day) * 12 + EXTRACT(MONTH FROM event_day)
),
beyond AS (
    SELECT m.patient, m.item, m.month, m.purchases, m.quantity, m.days, m.last
    FROM months m
    JOIN drug_doses d ON d.item = m.item
        AND d.valid_from <= m.day AND (d.valid_until IS NULL OR m.day < d.valid_until)
    JOIN figures p ON p.figure = 'purchases-month-most'
        AND p.valid_from <= m.day AND (p.valid_until IS NULL OR m.day < p.valid_until)
    JOIN figures s ON s.figure = 'dose-percent-most'
        AND s.valid_from <= m.day AND (s.valid_until IS NULL OR m.day < s.valid_until)
    WHERE m.purchases > p.value OR m.quantity * 100 > d.day_dose * m.days * s.value
)
SELECT max(l.settled_at) AS finding_at,
    max(CASE WHEN l.intake_number = b.last THEN l.institution END) AS subject,
    array_agg(l.intake_number ORDER BY l.intake_number) AS evidence,
    b.item AS item, b.purchases AS purchases, CAST(b.quantity AS DECIMAL(38, 4)) AS quantity
FROM beyond b
JOIN settlement_lines l ON l.patient = b.patient AND l.item = b.item
    AND EXTRACT(YEAR FROM l.event_day) * 12 + EXTRACT(MONTH FROM l.event_day) = b.month
WHERE l.item_kind = 'drug' AND l.care = 'outpatient'
GROUP BY b.patient, b.item, b.month, b.purchases, b.quantity
