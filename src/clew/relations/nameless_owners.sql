-- One row per account that stands for the holder of a device where the device does not say who that
-- is.
SELECT DISTINCT account_id FROM accounts WHERE id_type = 'owner'
