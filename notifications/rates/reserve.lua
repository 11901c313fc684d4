-- A slot for one message: `pace.reserve`, with the figures kept in Redis and read and written in one step.
-- KEYS: number, person. ARGV: now ("" for Redis's own clock), messages per second, share of the rate that is spread,
-- seconds per message to one person, how far a burst to them runs ahead, seconds planned ahead, recovery in seconds,
-- seconds to keep. Returns the answer and the seconds as text, since Redis cuts off decimals.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1e6
end
local per_second, share = tonumber(ARGV[2]), tonumber(ARGV[3])
local person_seconds, person_ahead = tonumber(ARGV[4]), tonumber(ARGV[5])
local plan, recovery, keep = tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8]

local function figures(key, ...)
  local found = redis.call('HMGET', key, ...)
  for i = 1, #found do found[i] = tonumber(found[i] or '') end
  return found
end

local function due_at(next_at, held_until, ahead)
  return math.max(next_at, now, held_until > now and held_until + ahead or now)
end

local number = figures(KEYS[1], 'next_at', 'held_until', 'factor', 'slowed_at')
local person = figures(KEYS[2], 'next_at', 'held_until')
local doublings = math.min((now - (number[4] or 0)) / recovery, 64)
local rate = per_second * math.min(1, (number[3] or 1) * 2 ^ doublings)
local interval = 1 / (rate * share)
local number_ahead = interval * (math.max(1, rate * (1 - share)) - 1)

local number_at = due_at(number[1] or 0, number[2] or 0, number_ahead)
local person_at = due_at(person[1] or 0, person[2] or 0, person_ahead)
local of_number, of_person = number_at - now - number_ahead, person_at - now - person_ahead
local seconds = math.max(0, of_number, of_person)
if seconds > plan then
  return {of_number >= of_person and 'number_full' or 'person_full', string.format('%.6f', seconds)}
end
redis.call('HSET', KEYS[1], 'next_at', string.format('%.6f', number_at + interval))
redis.call('HSET', KEYS[2], 'next_at', string.format('%.6f', person_at + person_seconds))
redis.call('EXPIRE', KEYS[1], keep)
redis.call('EXPIRE', KEYS[2], keep)
return {seconds > 0 and 'planned' or 'go', string.format('%.6f', seconds)}
