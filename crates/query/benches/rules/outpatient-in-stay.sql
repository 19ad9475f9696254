-- Rule 14, suspect: something settled as outpatient care while the person lies in hospital.
-- feed: settlement-lines
-- reads: stays
-- knowledge: figures
-- key: settlement-lines patient, stays patient
-- reach: 60
SELECT l.settled_at AS finding_at, l.institution AS subject, [l.intake_number] AS evidence,
    array_agg(s.intake_number ORDER BY s.intake_number) AS evidence_stays, l.item AS item
FROM settlement_lines l
JOIN stays s ON s.patient = l.patient AND s.admitted_at < l.settled_at
    AND l.settled_at < s.discharged_at
JOIN figures f ON f.figure = 'outpatient-margin-hours'
    AND f.valid_from <= l.event_day AND (f.valid_until IS NULL OR l.event_day < f.valid_until)
WHERE l.care = 'outpatient'
    AND to_unixtime(l.settled_at) - to_unixtime(s.admitted_at) > f.value * 3600
    AND to_unixtime(s.discharged_at) - to_unixtime(l.settled_at) > f.value * 3600
GROUP BY l.intake_number, l.settled_at, l.institution, l.item
