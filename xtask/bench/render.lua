-- Load on POST /v1/render: a new text in every request, every answer looked at.
-- wrk … URL -- FILE FIRST EVERY
-- FILE: models, one in each line. FIRST: the number in the first request; 0 leaves all requests alike.
-- EVERY: milliseconds between requests, on average, whatever the answers take; 0: one as soon as the last is answered.

local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long ns; } bench_time; int clock_gettime(int, bench_time *);")

local MARK = "@NUMBER@"
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

local function now()
  local time = ffi.new("bench_time")
  ffi.C.clock_gettime(1, time)
  return tonumber(time.s) * 1000 + tonumber(time.ns) / 1e6
end

local function split(line)
  local parts, from = {}, 1
  while true do
    local first, last = line:find(MARK, from, true)
    if not first then break end
    parts[#parts + 1] = line:sub(from, first - 1)
    from = last + 1
  end
  parts[#parts + 1] = line:sub(from)
  return parts
end

function init(args)
  models = {}
  for line in io.lines(args[1]) do
    models[#models + 1] = split(line)
  end
  number = tonumber(args[2])
  step = number == 0 and 0 or 1
  sent, answered, wrong = 0, 0, 0
  wrk.headers["Content-Type"] = "application/json"
  local every = tonumber(args[3])
  if every > 0 then
    math.randomseed(number + 1)
    local due = now()
    delay = function()
      -- As between strangers: most follow each other closely, some after a while.
      due = due - every * math.log(1 - math.random())
      return math.max(0, math.floor(due - now() + 0.5))
    end
  end
end

function request()
  sent = sent + 1
  number = number + step
  return wrk.format("POST", nil, nil, table.concat(models[sent % #models + 1], string.format("%d", number)))
end

function response(status, headers, body)
  answered = answered + 1
  if status ~= 200 or body:sub(1, 5) ~= "%PDF-" then
    wrong = wrong + 1
  end
end

function done(summary, latency, requests)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  local sent, answered = 0, 0
  for _, thread in ipairs(threads) do
    sent = sent + thread:get("sent")
    answered = answered + thread:get("answered")
    errors = errors + thread:get("wrong")
  end
  local line = 'bench {"p50":%.3f,"p90":%.3f,"p99":%.3f,"max":%.3f,"mean":%.3f,"per_second":%.3f,"errors":%d,'
    .. '"sent":%d,"answered":%d}\n'
  local ms = function(micros) return micros / 1000 end
  io.write(line:format(
    ms(latency:percentile(50)), ms(latency:percentile(90)), ms(latency:percentile(99)), ms(latency.max),
    ms(latency.mean), summary.requests / summary.duration * 1e6, errors, sent, answered))
end
