-- Rule 15, suspect: admitted again to the same hospital within so many days with a related
-- diagnosis, which is one of the same group of three letters, and not as part of a planned course.
-- feed: stays
-- reads:
-- knowledge: figures
-- key: stays patient
-- reach: 75
SELECT b.admitted_at AS finding_at, b.institution AS subject,
    array_sort([a.intake_number, b.intake_number]) AS evidence,
    (to_unixtime(b.admitted_at) - to_unixtime(a.discharged_at)) / 3600 AS hours_between
FROM stays a
JOIN stays b ON a.patient = b.patient AND a.institution = b.institution
    AND a.discharged_at <= b.admitted_at
JOIN figures f ON f.figure = 'readmission-days-most'
    AND f.valid_from <= b.event_day AND (f.valid_until IS NULL OR b.event_day < f.valid_until)
WHERE to_unixtime(b.admitted_at) - to_unixtime(a.discharged_at) <= f.value * 86400
    AND substr(a.diagnoses[1], 1, 3) = substr(b.diagnoses[1], 1, 3)
    AND (b.planned IS NULL OR NOT b.planned)
