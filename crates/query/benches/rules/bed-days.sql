-- Rule 10, clear: more bed or nursing days charged than the stay has. The day of discharge is none.
-- feed: stays
-- reads: settlement-lines
-- knowledge: day-items
-- key: stays patient, settlement-lines patient
-- reach: 60
WITH charged AS (
    SELECT l.patient, l.stay, l.item, CAST(sum(l.quantity) AS DECIMAL(38, 4)) AS days
    FROM settlement_lines l
    JOIN day_items d ON d.item = l.item
        AND d.valid_from <= l.event_day AND (d.valid_until IS NULL OR l.event_day < d.valid_until)
    WHERE l.stay IS NOT NULL
    GROUP BY l.patient, l.stay, l.item
),
beyond AS (
    SELECT s.admitted_at, s.institution, s.intake_number, s.patient, s.stay, c.item, c.days
    FROM stays s
    JOIN charged c ON c.patient = s.patient AND c.stay = s.stay
    WHERE s.discharged_at IS NOT NULL AND c.days > 1
        AND c.days > (to_unixtime(s.discharged_at) + 28800) / 86400
            - to_unixtime(s.event_day) / 86400
)
SELECT b.admitted_at AS finding_at, b.institution AS subject, [b.intake_number] AS evidence,
    array_agg(l.intake_number ORDER BY l.intake_number) AS evidence_settlement_lines,
    b.item AS item, b.days AS days
FROM beyond b
JOIN settlement_lines l ON l.patient = b.patient AND l.stay = b.stay AND l.item = b.item
GROUP BY b.admitted_at, b.institution, b.intake_number, b.item, b.days
