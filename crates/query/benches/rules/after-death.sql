-- Rule 20, clear: a service after the death of the person.
-- feed: settlement-lines
-- reads: deaths
-- knowledge: figures
-- key: settlement-lines patient, deaths person
SELECT l.settled_at AS finding_at, l.institution AS subject, [l.intake_number] AS evidence,
    [d.intake_number] AS evidence_deaths, l.item AS item, d.died_at AS died_at
FROM settlement_lines l
JOIN deaths d ON d.person = l.patient AND d.died_at < l.settled_at
JOIN figures f ON f.figure = 'after-death-hours'
    AND f.valid_from <= l.event_day AND (f.valid_until IS NULL OR l.event_day < f.valid_until)
WHERE to_unixtime(l.settled_at) - to_unixtime(d.died_at) > f.value * 3600
