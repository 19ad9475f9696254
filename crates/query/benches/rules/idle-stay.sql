-- Rule 16, suspect: a stay in which nothing was ordered, or during which the person was seen
-- elsewhere on several days.
-- feed: stays
-- reads: consultations
-- knowledge: figures
-- key: stays patient, consultations patient
-- reach: 60
WITH outside AS (
    SELECT s.intake_number, max(f.value) AS least, count(DISTINCT c.event_day) AS days,
        array_agg(c.intake_number ORDER BY c.intake_number) AS consultations
    FROM stays s
    JOIN consultations c ON c.patient = s.patient AND c.institution <> s.institution
        AND s.admitted_at < c.began_at AND c.began_at < s.discharged_at
    JOIN figures f ON f.figure = 'outside-days-least'
        AND f.valid_from <= s.event_day AND (f.valid_until IS NULL OR s.event_day < f.valid_until)
    WHERE NOT c.online
    GROUP BY s.intake_number
)
SELECT s.admitted_at AS finding_at, s.institution AS subject, [s.intake_number] AS evidence,
    CASE WHEN o.days >= o.least THEN o.consultations END AS evidence_consultations,
    s.orders AS orders, CASE WHEN o.days >= o.least THEN o.days ELSE 0 END AS days_outside
FROM stays s
LEFT JOIN outside o ON o.intake_number = s.intake_number
WHERE (s.orders = 0 AND s.tests = 0) OR o.days >= o.least
