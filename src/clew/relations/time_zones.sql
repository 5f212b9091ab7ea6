-- One row per time zone whose rules the engine knows.
SELECT name FROM pg_timezone_names()
