-- Names that could not be tied
-- How many names of text exports could not be tied to an account, so that nobody knows whose they are?
SELECT count(*) AS value FROM persons WHERE named_only
