-- Rule 13, clear: a person lies in two hospitals at once, longer than a transfer takes.
-- feed: stays
-- reads:
-- knowledge: figures
-- key: stays patient
-- reach: 60
SELECT b.admitted_at AS finding_at, b.institution AS subject,
    array_sort([a.intake_number, b.intake_number]) AS evidence, a.institution AS other
FROM stays a
JOIN stays b ON a.patient = b.patient AND a.institution <> b.institution
    AND (a.admitted_at < b.admitted_at
        OR (a.admitted_at = b.admitted_at AND a.intake_number < b.intake_number))
JOIN figures f ON f.figure = 'transfer-hours-most'
    AND f.valid_from <= b.event_day AND (f.valid_until IS NULL OR b.event_day < f.valid_until)
WHERE a.discharged_at IS NULL
    OR to_unixtime(a.discharged_at) - to_unixtime(b.admitted_at) > f.value * 3600
