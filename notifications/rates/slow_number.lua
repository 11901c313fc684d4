-- Half a number's rate, once per wave of refusals, and a pause: `pace.slow_number`.
-- KEYS: number. ARGV: now ("" for Redis's own clock), seconds to hold, slowest factor, seconds of one wave, recovery in
-- seconds, seconds to keep. Returns the seconds of the pause as text.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1e6
end
local hold, slowest = tonumber(ARGV[2]), tonumber(ARGV[3])
local wave, recovery = tonumber(ARGV[4]), tonumber(ARGV[5])

local found = redis.call('HMGET', KEYS[1], 'factor', 'slowed_at', 'held_until')
local factor, slowed_at = tonumber(found[1] or '1'), tonumber(found[2] or '0')
local held_until = math.max(tonumber(found[3] or '0'), now + hold)
if now - slowed_at >= wave or factor == 1 then
  local reached = math.min(1, factor * 2 ^ math.min((now - slowed_at) / recovery, 64))
  factor, slowed_at = math.max(slowest, reached / 2), now
end
redis.call('HSET', KEYS[1], 'factor', string.format('%.9f', factor), 'slowed_at', string.format('%.6f', slowed_at),
  'held_until', string.format('%.6f', held_until))
redis.call('EXPIRE', KEYS[1], ARGV[6] + math.ceil(held_until - now))
return string.format('%.6f', held_until - now)
