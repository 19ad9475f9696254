-- Rule 26, suspect: one doctor in two places at once, or more consultations in a day than can be.
-- feed: consultations
-- reads:
-- knowledge: figures
-- key: consultations doctor
-- reach: 1
WITH there AS (
    SELECT doctor, event_day, institution, count(*) AS consultations,
        max(intake_number) AS last, max(began_at) AS last_at
    FROM consultations
    GROUP BY doctor, event_day, institution
),
days AS (
    SELECT doctor, event_day, CAST(sum(consultations) AS BIGINT) AS consultations,
        count(*) AS institutions, min(institution) AS one, max(last) AS last,
        max(last_at) AS last_at
    FROM there
    GROUP BY doctor, event_day
),
places AS (
    SELECT c.doctor, c.event_day, c.intake_number, c.institution, c.began_at, c.ended_at
    FROM consultations c
    JOIN days d ON d.doctor = c.doctor AND d.event_day = c.event_day AND d.institutions > 1
    WHERE NOT c.online
)
SELECT b.began_at AS finding_at, b.institution AS subject,
    array_sort([a.intake_number, b.intake_number]) AS evidence, b.doctor AS doctor,
    CAST(NULL AS BIGINT) AS consultations
FROM places a
JOIN consultations b ON a.doctor = b.doctor AND a.event_day = b.event_day AND NOT b.online
    AND a.institution <> b.institution AND a.ended_at > b.began_at
    AND (a.began_at < b.began_at OR (a.began_at = b.began_at AND a.intake_number < b.intake_number))
UNION ALL
SELECT d.last_at AS finding_at, d.one AS subject, [d.last] AS evidence, d.doctor AS doctor,
    d.consultations AS consultations
FROM figures f
JOIN days d ON f.figure = 'consultations-day-most'
    AND f.valid_from <= d.event_day AND (f.valid_until IS NULL OR d.event_day < f.valid_until)
WHERE d.consultations > f.value
