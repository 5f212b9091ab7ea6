-- The same messages in databases of the case: by text, by sender where both give a number, and by
-- time: UTC and local time differ by whole quarters of an hour, and by no more than fifteen hours.
WITH exported AS (
  SELECT o.source_id, o.exhibit_id, o.event_id, o.day_first, o.month_first, m.text_normal,
         c.platform, a.e164 AS number
  FROM dates_open AS o
  JOIN messages AS m ON m.event_id = o.event_id
  JOIN chats AS c ON c.chat_id = m.chat_id
  LEFT JOIN accounts AS a ON a.account_id = m.sender_account_id
  WHERE length(m.text_normal) >= 4
),
wanted AS (SELECT DISTINCT text_normal, platform FROM exported),
conversations AS (SELECT DISTINCT chat_id, platform FROM chats),
numbers AS (SELECT account_id, min(e164) AS number FROM accounts GROUP BY account_id),
dated AS (
  SELECT m.source_id, m.locator, m.text_normal, c.platform, n.number,
         CAST(m.sent_at AS TIMESTAMP) AS sent_at
  FROM messages AS m
  JOIN conversations AS c ON c.chat_id = m.chat_id
  JOIN wanted AS w ON w.text_normal = m.text_normal AND w.platform = c.platform
  LEFT JOIN numbers AS n ON n.account_id = m.sender_account_id
  WHERE m.sent_at IS NOT NULL AND m.tz_basis = 'utc'
),
met AS (
  SELECT e.source_id, e.exhibit_id, e.event_id, d.source_id AS other_source_id,
         d.locator AS other_locator,
         epoch_us(e.day_first) - epoch_us(d.sent_at) AS day_apart,
         epoch_us(e.month_first) - epoch_us(d.sent_at) AS month_apart
  FROM exported AS e
  JOIN dated AS d ON d.text_normal = e.text_normal AND d.platform = e.platform
  WHERE (length(e.text_normal) >= 12 OR e.number = d.number)
    AND (e.number = d.number OR e.number IS NULL OR d.number IS NULL)
),
compared AS (
  SELECT *,
         abs(day_apart) <= 54000000000
           AND abs(day_apart - 900000000 * round(day_apart / 900000000.0)) <= 120000000 AS by_day,
         abs(month_apart) <= 54000000000
           AND abs(month_apart - 900000000 * round(month_apart / 900000000.0)) <= 120000000
           AS by_month
  FROM met
),
agreeing AS (
  SELECT source_id, exhibit_id, event_id, bool_or(by_day) AS by_day, bool_or(by_month) AS by_month,
         min(other_source_id) AS other_source_id, min(other_locator) AS other_locator
  FROM compared WHERE by_day OR by_month
  GROUP BY source_id, exhibit_id, event_id
)
SELECT source_id, exhibit_id, other_source_id, min(other_locator) AS other_locator,
       min(event_id) AS event_id,
       count(*) FILTER (WHERE by_day) AS day_first, count(*) FILTER (WHERE by_month) AS month_first
FROM agreeing WHERE by_day <> by_month
GROUP BY source_id, exhibit_id, other_source_id
ORDER BY source_id, exhibit_id, other_source_id
