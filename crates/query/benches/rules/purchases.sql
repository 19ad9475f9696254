-- Rule 18, suspect: the same drug bought more often in a month than usual, or more of it than a
-- share of the guideline's dose for the days supplied.
-- feed: settlement-lines
-- reads:
-- knowledge: drug-doses, figures
-- key: settlement-lines patient
-- reach: 31
WITH doses AS (
    SELECT d.item, d.day_dose * s.value AS dose, d.valid_from AS dose_from,
        d.valid_until AS dose_until, s.valid_from, s.valid_until
    FROM figures s
    JOIN drug_doses d ON s.figure = 'dose-percent-most'
),
candidates AS (
    SELECT m.patient, m.item
    FROM figures p
    JOIN (
        SELECT patient, item, count(*) AS lines
        FROM settlement_lines
        WHERE item_kind = 'drug' AND care = 'outpatient'
        GROUP BY patient, item
        HAVING count(*) > 1
    ) m ON p.figure = 'purchases-month-most' AND m.lines > p.value
    UNION
    -- More than a share of the dose over a month is more than it in one line at least.
    SELECT l.patient, l.item
    FROM settlement_lines l
    JOIN doses d ON d.item = l.item
        AND d.dose_from <= l.event_day AND (d.dose_until IS NULL OR l.event_day < d.dose_until)
        AND d.valid_from <= l.event_day AND (d.valid_until IS NULL OR l.event_day < d.valid_until)
    WHERE l.item_kind = 'drug' AND l.care = 'outpatient'
        AND l.quantity * 100 > d.dose * l.days_supplied
),
lines AS (
    SELECT l.patient, l.item, l.settlement, l.quantity, l.days_supplied, l.event_day,
        l.settled_at, l.institution, l.intake_number,
        EXTRACT(YEAR FROM l.event_day) * 12 + EXTRACT(MONTH FROM l.event_day) AS month
    FROM settlement_lines l
    JOIN candidates c ON c.patient = l.patient AND c.item = l.item
    WHERE l.item_kind = 'drug' AND l.care = 'outpatient'
),
months AS (
    SELECT patient, item, month, count(DISTINCT settlement) AS purchases,
        sum(quantity) AS quantity, sum(days_supplied) AS days, max(event_day) AS day,
        max(intake_number) AS last, max(settled_at) AS last_at,
        array_agg(intake_number ORDER BY intake_number) AS evidence
    FROM lines
    GROUP BY patient, item, month
)
SELECT m.last_at AS finding_at, l.institution AS subject, m.evidence AS evidence, m.item AS item,
    m.purchases AS purchases, CAST(m.quantity AS DECIMAL(38, 4)) AS quantity
FROM months m
JOIN settlement_lines l ON l.patient = m.patient AND l.intake_number = m.last
JOIN doses d ON d.item = m.item
    AND d.dose_from <= m.day AND (d.dose_until IS NULL OR m.day < d.dose_until)
    AND d.valid_from <= m.day AND (d.valid_until IS NULL OR m.day < d.valid_until)
JOIN figures p ON p.figure = 'purchases-month-most'
    AND p.valid_from <= m.day AND (p.valid_until IS NULL OR m.day < p.valid_until)
WHERE m.purchases > p.value OR m.quantity * 100 > d.dose * m.days
