-- Rule 28, suspect: the mean cost of a line of an institution in a month lies further from the mean
-- of its peers than so many standard deviations. Whole numbers only: with n institutions, their
-- means m, the sum s of m and the sum q of their squares, (n·m − s)² > z²·(n·q − s²).
-- feed: settlement-lines
-- reads:
-- registers: medical-institution
-- knowledge: figures
-- reach: 31
WITH days AS (
    SELECT institution, event_day, sum(amount) AS amount, count(*) AS lines,
        max(intake_number) AS last, max(settled_at) AS last_at
    FROM settlement_lines
    GROUP BY institution, event_day
),
months AS (
    SELECT institution, EXTRACT(YEAR FROM event_day) * 12 + EXTRACT(MONTH FROM event_day) AS month,
        CAST(sum(amount) / sum(lines) AS BIGINT) AS mean, max(last) AS last,
        max(last_at) AS last_at, max(event_day) AS day
    FROM days
    GROUP BY institution, EXTRACT(YEAR FROM event_day) * 12 + EXTRACT(MONTH FROM event_day)
),
graded AS (
    SELECT m.institution, m.month, m.mean, m.last, m.last_at, m.day, i.grade
    FROM months m
    JOIN medical_institution i ON i.entry = m.institution AND i.valid_from <= m.last_at
        AND (i.valid_until IS NULL OR m.last_at < i.valid_until)
),
peers AS (
    SELECT grade, month, count(*) AS n, CAST(sum(mean) AS DECIMAL(18, 0)) AS s,
        CAST(sum(CAST(mean AS DECIMAL(18, 0)) * CAST(mean AS DECIMAL(18, 0))) AS DECIMAL(27, 0))
            AS q
    FROM graded
    GROUP BY grade, month
)
SELECT g.last_at AS finding_at, g.institution AS subject, [g.last] AS evidence, g.month AS month,
    g.mean AS mean, CAST(p.s AS BIGINT) / p.n AS mean_of_peers
FROM graded g
JOIN peers p ON p.grade = g.grade AND p.month = g.month
JOIN figures z ON z.figure = 'deviations-most'
    AND z.valid_from <= g.day AND (z.valid_until IS NULL OR g.day < z.valid_until)
JOIN figures k ON k.figure = 'peers-least'
    AND k.valid_from <= g.day AND (k.valid_until IS NULL OR g.day < k.valid_until)
WHERE p.n >= k.value
    AND CAST(p.n * g.mean - p.s AS DECIMAL(18, 0)) * CAST(p.n * g.mean - p.s AS DECIMAL(18, 0))
        > CAST(z.value * z.value AS DECIMAL(4, 0))
            * CAST(CAST(p.n AS DECIMAL(9, 0)) * p.q - p.s * p.s AS DECIMAL(30, 0))
