-- Model of introductions
-- Which figures make a first known share likely to be the true beginning?
SELECT * FROM introduction_model
ORDER BY abs(coefficient) DESC, figure
