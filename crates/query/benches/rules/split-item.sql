-- Rule 12, suspect: every part of an item charged on its own, for the same person on the same day.
-- feed: settlement-lines
-- reads:
-- knowledge: split-items
-- key: settlement-lines patient
-- reach: 1
WITH several AS (
    SELECT l.patient, l.institution, l.event_day, s.item
    FROM settlement_lines l
    JOIN split_items s ON s.part = l.item
        AND s.valid_from <= l.event_day AND (s.valid_until IS NULL OR l.event_day < s.valid_until)
    GROUP BY l.patient, l.institution, l.event_day, s.item
    HAVING count(*) > 1
)
SELECT max(l.settled_at) AS finding_at, l.institution AS subject,
    array_agg(l.intake_number ORDER BY l.intake_number) AS evidence, s.item AS item
FROM several e
JOIN split_items s ON s.item = e.item
    AND s.valid_from <= e.event_day AND (s.valid_until IS NULL OR e.event_day < s.valid_until)
JOIN settlement_lines l ON l.patient = e.patient AND l.institution = e.institution
    AND l.event_day = e.event_day AND l.item = s.part
GROUP BY l.patient, l.institution, l.event_day, s.item
HAVING count(DISTINCT s.part) >= max(s.parts)
