-- A slot for one message: `pace.reserve`, with the figures kept in Redis and read and written in one step.
-- KEYS: number, person. ARGV: now ("" for Redis's own clock), messages per second, 1 for bulk and 2 for bulk whose turn
-- is now, share of the rate that is spread, of that the most for bulk, of the rate the least for bulk, seconds until
-- a number counts as busy, seconds per message to one person, how far a burst to them runs ahead, seconds planned
-- ahead, recovery in seconds, seconds to keep. Returns the answer and the seconds as text, since Redis cuts off decimals.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1e6
end
local per_second, bulk, share = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local most_bulk, least_bulk, busy = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local person_seconds, person_ahead = tonumber(ARGV[8]), tonumber(ARGV[9])
local plan, recovery, keep = tonumber(ARGV[10]), tonumber(ARGV[11]), ARGV[12]

local function figures(key, ...)
  local found = redis.call('HMGET', key, ...)
  for i = 1, #found do found[i] = tonumber(found[i] or '') end
  return found
end

local function due_at(next_at, held_until, ahead)
  return math.max(next_at, now, held_until > now and held_until + ahead or now)
end

local function set(key, name, moment)
  redis.call('HSET', key, name, string.format('%.6f', moment))
  redis.call('EXPIRE', key, keep)
end

local function answer(word, seconds)
  return {word, string.format('%.6f', seconds)}
end

local number = figures(KEYS[1], 'next_at', 'held_until', 'factor', 'slowed_at', 'bulk_next_at', 'bulk_least_at')
local person = figures(KEYS[2], 'next_at', 'held_until')
local held_until, bulk_least_at = number[2] or 0, number[6] or 0
local doublings = math.min((now - (number[4] or 0)) / recovery, 64)
local rate = per_second * math.min(1, (number[3] or 1) * 2 ^ doublings)
local interval = 1 / (rate * share)
local ahead = interval * (math.max(1, rate * (1 - share)) - 1)
local number_at = due_at(number[1] or 0, held_until, ahead)
local of_number = number_at - now - ahead
if of_number <= 0 then
  bulk_least_at = now + busy
  set(KEYS[1], 'bulk_least_at', bulk_least_at)
end

-- The next slot of the person and of a pace of the number's, if it is near: how long until then, or the answer.
local function take(name, pace_at, pace_ahead, pace_interval)
  local person_at = due_at(person[1] or 0, person[2] or 0, person_ahead)
  local of_pace, of_person = pace_at - now - pace_ahead, person_at - now - person_ahead
  local seconds = math.max(0, of_pace, of_person)
  if seconds > plan then
    return nil, answer(of_pace >= of_person and 'number_full' or 'person_full', seconds)
  end
  set(KEYS[1], name, pace_at + pace_interval)
  set(KEYS[2], 'next_at', person_at + person_seconds)
  return seconds
end

if bulk == 0 then
  local seconds, full = take('next_at', number_at, ahead, interval)
  return full or answer(seconds > 0 and 'planned' or 'go', seconds)
end
if bulk == 1 then
  local bulk_at = due_at(number[5] or 0, held_until, ahead / 2)
  local seconds, full = take('bulk_next_at', bulk_at, ahead / 2, interval / most_bulk)
  if full or seconds > 0 then return full or answer('planned', seconds) end
end
if of_number <= 0 then
  set(KEYS[1], 'next_at', number_at + interval)
  return answer('go', 0)
end
if now >= math.max(bulk_least_at, held_until) then
  set(KEYS[1], 'bulk_least_at', now + 1 / (rate * least_bulk))
  return answer('go', 0)
end
return answer('planned', of_number)
