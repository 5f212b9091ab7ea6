-- Recycled numbers
-- Which numbers changed their owner, and when?
SELECT * FROM recycled_numbers
ORDER BY again_from, account_id
