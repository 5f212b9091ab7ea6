-- One row per number that a person gave up for another, as the messenger announced, and that was
-- seen again after no sign of life for 45 days, so that somebody else may have it: operators in the
-- United States let a number rest for 45 days at least (47 CFR 52.15(f)(1)(ii)), and after as long
-- WhatsApp forgets an account that appears on another phone.
WITH given_up AS (
  SELECT a AS account_id, b AS next_account_id, min("at") AS given_up_at,
         min_by(struct_pack(exhibit_id, locator), struct_pack("at", exhibit_id, locator))
           AS said_in
  FROM account_aliases WHERE relation = 'number_changed' AND "at" IS NOT NULL
  GROUP BY a, b
),
once AS (
  SELECT account_id,
         min_by(next_account_id, struct_pack(given_up_at, next_account_id)) AS next_account_id,
         min(given_up_at) AS given_up_at,
         min_by(said_in, struct_pack(given_up_at, next_account_id)) AS said_in
  FROM given_up GROUP BY account_id
),
life AS (
  SELECT sender_account_id AS account_id, sent_at AS "at", exhibit_id, locator
  FROM messages WHERE kind <> 'system' AND sent_at IS NOT NULL
  UNION ALL
  SELECT account_id, joined_at, exhibit_id, locator FROM memberships WHERE joined_at IS NOT NULL
  UNION ALL
  SELECT unnest(targets), "at", exhibit_id, locator FROM group_events
  WHERE action = 'added' AND "at" IS NOT NULL
  UNION ALL
  SELECT actor, "at", exhibit_id, locator FROM group_events
  WHERE action = 'joined_by_link' AND "at" IS NOT NULL
),
later AS (
  SELECT o.account_id, o.next_account_id, o.given_up_at, o.said_in, l."at",
         struct_pack(exhibit_id := l.exhibit_id, locator := l.locator) AS seen_in,
         lag(l."at", 1, o.given_up_at) OVER (
           PARTITION BY o.account_id ORDER BY l."at", l.exhibit_id, l.locator) AS before_at
  FROM once AS o JOIN life AS l ON l.account_id = o.account_id AND l."at" > o.given_up_at
),
found AS (
  SELECT account_id, min(next_account_id) AS next_account_id, min(given_up_at) AS given_up_at,
         min(said_in) AS said_in, min("at") AS again_from,
         min_by(seen_in, struct_pack("at", seen_in)) AS seen_in,
         min_by(before_at, struct_pack("at", seen_in)) AS last_before
  FROM later
  WHERE epoch_us("at") - epoch_us(before_at) >= 45 * 86400000000
  GROUP BY account_id
)
SELECT account_id, next_account_id, given_up_at,
       round((epoch_us(again_from) - epoch_us(last_before)) / 86400000000, 1) AS silent_days,
       again_from, account_id || '#' || CAST(CAST(again_from AS DATE) AS VARCHAR)
         AS later_account_id,
       said_in.exhibit_id, said_in.locator, seen_in.exhibit_id AS again_exhibit_id,
       seen_in.locator AS again_locator
FROM found
