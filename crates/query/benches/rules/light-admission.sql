-- Rule 17, suspect: admitted with less than the score and fewer tests than the diagnosis asks for.
-- feed: stays
-- reads:
-- knowledge: admission-thresholds
-- key: stays patient
-- reach: 1
SELECT s.admitted_at AS finding_at, s.institution AS subject, [s.intake_number] AS evidence,
    s.severity AS severity, t.severity_least AS severity_least, s.tests AS tests
FROM stays s
JOIN admission_thresholds t ON t.diagnosis_group = substr(s.diagnoses[1], 1, 3)
    AND t.valid_from <= s.event_day AND (t.valid_until IS NULL OR s.event_day < t.valid_until)
WHERE s.severity < t.severity_least AND s.tests < t.tests_least
