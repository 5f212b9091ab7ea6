-- Text exports whose dates the case reads in another order than their own signs give.
SELECT source_id, date_order FROM source_date_orders WHERE date_order <> file_order
