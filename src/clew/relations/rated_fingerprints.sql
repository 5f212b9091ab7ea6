-- One row per fingerprint, with whether there is enough in the picture to tell it from others.
SELECT *, quality >= 50 AS enough FROM fingerprints
