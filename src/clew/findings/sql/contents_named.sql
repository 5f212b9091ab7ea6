-- Contents that an id names: that of a file, or any digest of it in small letters.
SELECT sha256 FROM items
WHERE (item_id = $id OR sha256 = $low OR md5 = $low OR sha1 = $low) AND sha256 IS NOT NULL
UNION
SELECT sha256 FROM shares WHERE sha256 = $low
ORDER BY sha256
