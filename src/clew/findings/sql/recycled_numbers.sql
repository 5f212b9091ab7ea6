-- Numbers that one person gave up and another has since: which dates part the two
SELECT * FROM numbers_given_again ORDER BY account_id
