-- Rule 27, suspect: one telephone or address left by several persons who each cost much in a year.
-- What is much is the least cost of the dearest twentieth of persons, a figure of each year.
-- feed: settlement-lines
-- reads:
-- knowledge: figures
-- key: settlement-lines contact
WITH costly AS (
    SELECT contact, patient, EXTRACT(YEAR FROM event_day) AS year, max(event_day) AS day,
        CAST(sum(amount) AS BIGINT) AS amount
    FROM settlement_lines
    WHERE contact IS NOT NULL
    GROUP BY contact, patient, EXTRACT(YEAR FROM event_day)
),
several AS (
    SELECT p.contact, p.year
    FROM figures c
    JOIN costly p ON c.figure = 'costly-year-fen'
        AND c.valid_from <= p.day AND (c.valid_until IS NULL OR p.day < c.valid_until)
    JOIN figures m ON m.figure = 'costly-persons-most'
        AND m.valid_from <= p.day AND (m.valid_until IS NULL OR p.day < m.valid_until)
    WHERE p.amount >= c.value
    GROUP BY p.contact, p.year
    HAVING count(*) > max(m.value)
),
persons AS (
    SELECT l.contact, s.year, l.patient, CAST(sum(l.amount) AS BIGINT) AS amount,
        max(l.intake_number) AS last, max(l.settled_at) AS last_at, max(l.event_day) AS day
    FROM several s
    JOIN settlement_lines l ON l.contact = s.contact AND EXTRACT(YEAR FROM l.event_day) = s.year
    GROUP BY l.contact, s.year, l.patient
),
shared AS (
    SELECT p.contact, max(p.last_at) AS last_at, max(p.last) AS last,
        array_agg(p.last ORDER BY p.last) AS lines, count(*) AS persons
    FROM persons p
    JOIN figures c ON c.figure = 'costly-year-fen'
        AND c.valid_from <= p.day AND (c.valid_until IS NULL OR p.day < c.valid_until)
    WHERE p.amount >= c.value
    GROUP BY p.contact, p.year
)
SELECT s.last_at AS finding_at, l.institution AS subject, s.lines AS evidence, s.persons AS persons
FROM shared s
JOIN settlement_lines l ON l.contact = s.contact AND l.intake_number = s.last
