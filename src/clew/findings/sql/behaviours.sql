-- What people do in the network: organise, distribute, bridge groups and countries, or stay silent.
-- Measures of centrality answer none of these questions; counts of what was done do. No row is made
-- where the figures are nil. Bridging is what was done, and no trait: a content stood in one group of
-- the person, and the person brought it into another that had not shown it.
WITH acts AS (
  SELECT *, CAST(added + removed + postings AS DOUBLE) AS acts, greatest(admin_of, created) AS leads
  FROM organising
),
-- by groups led; a hundred acts weigh as much as half a group, so that they order equals
organisers AS (
  SELECT 1 AS turn, 'organiser' AS behaviour, person_id, country,
         leads + acts / (100 + acts) AS score, greatest(leads, added_in) AS groups, 0 AS contents,
         CAST([] AS VARCHAR[]) AS countries, CAST(NULL AS DOUBLE) AS watched,
         ['admin_of=' || admin_of, 'created=' || created, 'added=' || added,
          'added_in=' || added_in, 'removed=' || removed, 'postings=' || postings,
          'codes=' || codes] AS figures
  FROM acts
),
again AS (SELECT *, greatest(shares - introduced, 0.0) AS again FROM distributing),
-- by shares that brought nothing new, times the logarithm of the groups they went to
distributors AS (
  SELECT 2, 'distributor', person_id, country, again * ln(1 + groups), groups, contents,
         CAST([] AS VARCHAR[]), NULL,
         ['shares=' || shares, 'shared_again=' || printf('%.0f', again),
          'introduced=' || printf('%.0f', introduced), 'forwarded=' || forwarded,
          'into_groups=' || groups]
  FROM again
),
ways AS (
  SELECT 3 AS turn, 'group_bridge' AS behaviour, b.* FROM bridging AS b
  UNION ALL
  SELECT 4, 'country_bridge', b.* FROM bridging AS b WHERE b.abroad
),
between_countries AS (
  SELECT behaviour, person_id, from_country || '>' || to_country AS pair,
         CAST(sum(contents) AS BIGINT) AS contents
  FROM ways WHERE from_country IS NOT NULL AND to_country IS NOT NULL
  GROUP BY behaviour, person_id, from_country, to_country
),
bridged AS (
  SELECT behaviour, person_id,
         ordered_list(pair || ' ' || contents, struct_pack(most := -contents, pair)) AS countries
  FROM between_countries GROUP BY behaviour, person_id
),
carried_all AS (
  SELECT turn, behaviour, person_id, country, CAST(sum(contents) AS BIGINT) AS contents,
         count(DISTINCT from_chat || ' ' || to_chat) AS ways, count(DISTINCT to_chat) AS groups
  FROM ways GROUP BY turn, behaviour, person_id, country
),
-- by contents brought from group to group, or from country to country
bridges AS (
  SELECT c.turn, c.behaviour, c.person_id, c.country, CAST(c.contents AS DOUBLE), c.groups,
         c.contents, coalesce(b.countries, CAST([] AS VARCHAR[])), NULL,
         ['carried=' || c.contents, 'ways=' || c.ways, 'into_groups=' || c.groups]
  FROM carried_all AS c
  LEFT JOIN bridged AS b ON b.behaviour = c.behaviour AND b.person_id = c.person_id
),
-- spans of time in which devices hold a group, without their overlaps
reached AS (
  SELECT chat_id, begins_us, ends_us,
         max(ends_us) OVER (PARTITION BY chat_id ORDER BY begins_us, ends_us
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before_us
  FROM watched
),
numbered AS (
  SELECT *, CAST(sum(CASE WHEN begins_us <= before_us THEN 0 ELSE 1 END) OVER (
              PARTITION BY chat_id ORDER BY begins_us, ends_us
              ROWS UNBOUNDED PRECEDING) AS BIGINT) AS span
  FROM reached
),
spans AS (
  SELECT chat_id, min(begins_us) AS begins_us, max(ends_us) AS ends_us
  FROM numbered GROUP BY chat_id, span
),
lives AS (
  SELECT chat_id, min(life_begins_us) AS begins_us, max(life_ends_us) AS ends_us
  FROM watched GROUP BY chat_id
),
stayed AS (
  SELECT s.person_id, s.country, s.chat_id, s.messages,
         greatest(coalesce(s.joined_us, l.begins_us), l.begins_us) AS begins_us,
         least(coalesce(s.ended_us, l.ends_us), l.ends_us) AS ends_us
  FROM silent_memberships AS s LEFT JOIN lives AS l ON l.chat_id = s.chat_id
),
seen AS (
  SELECT s.person_id, CAST(sum(greatest(
           least(p.ends_us, s.ends_us) - greatest(p.begins_us, s.begins_us), 0)) AS BIGINT) AS seen_us
  FROM stayed AS s JOIN spans AS p ON p.chat_id = s.chat_id GROUP BY s.person_id
),
known AS (
  SELECT person_id, country, count(*) AS groups, CAST(sum(messages) AS BIGINT) AS messages,
         CAST(sum(coalesce(greatest(ends_us - begins_us, 0), 0)) AS BIGINT) AS known_us
  FROM stayed GROUP BY person_id, country
),
parts AS (
  SELECT k.*, CASE WHEN k.known_us > 0
                   THEN CAST(coalesce(s.seen_us, 0) AS DOUBLE) / k.known_us ELSE 0.0 END AS part
  FROM known AS k LEFT JOIN seen AS s ON s.person_id = k.person_id
),
-- by groups that they share nothing in, times how much of these devices show
silent_members AS (
  SELECT 5, 'silent_member', person_id, country, groups * part / (1 + messages), groups, 0,
         CAST([] AS VARCHAR[]), round(part, 4),
         ['groups=' || groups, 'messages=' || messages,
          'days=' || printf('%.0f', known_us / 86400000000)]
  FROM parts
),
found AS (
  SELECT * FROM organisers UNION ALL SELECT * FROM distributors UNION ALL SELECT * FROM bridges
  UNION ALL SELECT * FROM silent_members
),
scored AS (
  SELECT turn, behaviour, person_id, country, round(score, 4) AS score, groups, contents, countries,
         watched, figures
  FROM found
),
asked AS (SELECT count(DISTINCT person_id) AS persons FROM group_members)
SELECT s.behaviour, s.person_id, s.country,
       row_number() OVER (PARTITION BY s.behaviour ORDER BY s.score DESC, s.person_id) AS rank,
       s.score, s.groups, s.contents, s.countries, s.watched, s.figures, a.persons
FROM scored AS s CROSS JOIN asked AS a
ORDER BY s.turn, rank
