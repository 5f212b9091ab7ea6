-- One row per device and account that it names as its own, with the account's id as its holder has
-- it: of a number that somebody else had before, the later one where the file that names it was used
-- after that.
WITH used AS (
  SELECT a.exhibit_id, a.account_id, r.later_account_id, r.again_from,
         coalesce(max(m.sent_at) FILTER (WHERE m.from_owner AND m.sender_account_id = a.account_id),
                  max(m.sent_at)) AS last_at
  FROM accounts AS a
  JOIN numbers_given_again AS r ON r.account_id = a.account_id
  JOIN messages AS m ON m.exhibit_id = a.exhibit_id AND m.source_id = a.source_id
  WHERE a.is_owner
  GROUP BY a.exhibit_id, a.account_id, r.later_account_id, r.again_from
)
SELECT DISTINCT a.exhibit_id, a.account_id,
       coalesce(u.later_account_id, a.account_id) AS own_account_id
FROM accounts AS a
LEFT JOIN used AS u ON u.exhibit_id = a.exhibit_id AND u.account_id = a.account_id
                   AND u.again_from <= u.last_at
WHERE a.is_owner
