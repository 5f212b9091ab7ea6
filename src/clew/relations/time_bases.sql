-- One row per basis of a message's time, with what the timeline calls that clock.
SELECT time_basis, basis
FROM (VALUES ('server', 'server'), ('corrected', 'device_corrected'),
             ('sender_clock', 'device_uncorrected')) AS named(time_basis, basis)
