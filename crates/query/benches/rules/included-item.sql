-- Rule 11, clear: an item charged beside another that includes it, for one person on one day.
-- feed: settlement-lines
-- reads:
-- knowledge: included-items
-- key: settlement-lines patient
-- reach: 1
WITH whole AS (
    SELECT w.intake_number, w.patient, w.institution, w.event_day, w.item, i.included
    FROM settlement_lines w
    JOIN included_items i ON i.item = w.item
        AND i.valid_from <= w.event_day AND (i.valid_until IS NULL OR w.event_day < i.valid_until)
)
SELECT p.settled_at AS finding_at, p.institution AS subject,
    array_sort([p.intake_number, w.intake_number]) AS evidence, p.item AS item, w.item AS including
FROM settlement_lines p
JOIN whole w ON w.patient = p.patient AND w.institution = p.institution
    AND w.event_day = p.event_day AND w.included = p.item
