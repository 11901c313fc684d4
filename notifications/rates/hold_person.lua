-- A person's messages wait, longer at each refusal in a row: `pace.hold_person`.
-- KEYS: person. ARGV: now ("" for Redis's own clock), base, highest exponent, seconds that count as in a row, how
-- far a burst runs ahead, seconds per message, seconds to keep. Returns the seconds to wait as text.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1e6
end
local found = redis.call('HMGET', KEYS[1], 'refusals', 'held_until')
local refusals, held_until = tonumber(found[1] or '0'), tonumber(found[2] or '0')
if now > held_until + tonumber(ARGV[4]) then refusals = 0 end
local seconds = tonumber(ARGV[2]) ^ math.min(refusals, tonumber(ARGV[3]))
held_until = now + seconds
redis.call('HSET', KEYS[1], 'refusals', refusals + 1, 'held_until', string.format('%.6f', held_until),
  'next_at', string.format('%.6f', held_until + tonumber(ARGV[5]) + tonumber(ARGV[6])))
redis.call('EXPIRE', KEYS[1], ARGV[7] + math.ceil(seconds))
return string.format('%.6f', seconds)
