-- Cookies that nobody was given: forged, flipped, cut, oversized, repeated, malformed, and names that objects have.
local letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
-- Built beforehand, so that it is not Lua that one waits for; fewer where they are long, for memory's sake.
local HEADERS, COOKIES = 2048, 400000
local requests, counts = {}, {}
local genuine, pool, headers
-- What each thread of wrk counts; there is one.
local threads = {}

local function text(length)
  local at = math.random(#pool - length)
  return pool:sub(at, at + length - 1)
end

local function flipped()
  local at = math.random(#genuine)
  local other = genuine:sub(at, at) == "A" and "B" or "A"
  return genuine:sub(1, at - 1) .. other .. genuine:sub(at + 1)
end

local values = {
  function() return text(#genuine) end,
  flipped,
  function() return genuine:sub(1, math.random(#genuine) - 1) end,
  function() return genuine .. text(1) end,
  function() return '"' .. genuine .. '"' end,
  function() return (genuine:gsub("..", "%1%%41", 1)) end,
  function() return "=" .. text(5) end,
  function() return "__proto__" end,
}

local names = { "sid", "sid", "sid", "sid", "sid", "sid", "SID", "__Host-sid", "__proto__", "constructor" }

local function one() return names[math.random(#names)] .. "=" .. values[math.random(#values)]() end

local function many(count, make)
  local out = {}
  for i = 1, count do out[i] = make() end
  return table.concat(out, "; ")
end

local function repeated() return many(math.random(40, 120), one) end
local function forged() return many(math.random(40, 120), function() return "sid=" .. text(#genuine) end) end
local function near() return many(math.random(40, 120), function() return "sid=" .. flipped() end) end
local function short() return many(math.random(2000, 4000), function() return "sid=" .. text(math.random(0, 3)) end) end

-- What comes up more often than the rest stands here more often.
local kinds = {
  repeated, repeated, repeated, repeated, repeated, repeated,
  forged, forged, near, near,
  short, short, short,
  function() return "sid=" .. text(3000) .. "; " .. repeated() end,
  function() return "sid=" .. text(10) .. "; " .. many(200, function() return "a" .. text(5) .. "=1" end) end,
  function() return ";;;=; =sid; sid; sid==" .. text(5) .. ";" .. many(40, one) .. (" ;"):rep(40) end,
}

-- Pairs with a name, whatever either half is; what has no name or no "=" is sent, and not counted.
local function pairs_of(header)
  local count = 0
  for part in header:gmatch("[^;]+") do
    if part:match("^[ \t]*[^= \t][^=]*=") then count = count + 1 end
  end
  return count
end

function setup(thread) threads[#threads + 1] = thread end

function init(args)
  math.randomseed(tonumber(args[1]))
  genuine = args[2]
  local exactly = tonumber(args[4])
  local out = {}
  for i = 1, 65536 do
    local at = math.random(#letters)
    out[i] = letters:sub(at, at)
  end
  pool = table.concat(out)
  headers = exactly > 0 and math.min(HEADERS, math.ceil(COOKIES / exactly)) or HEADERS
  for i = 1, headers do
    local header = exactly > 0 and many(exactly, one) or kinds[math.random(#kinds)]()
    wrk.headers["Cookie"] = header
    requests[i] = wrk.format("GET", args[3])
    counts[i] = pairs_of(header)
  end
  -- wrk asks once before it begins, and sends nothing of that.
  sent, cookies, met = -1, 0, 0
end

function request()
  local i = math.random(headers)
  sent = sent + 1
  if sent > 0 then cookies = cookies + counts[i] end
  return requests[i]
end

-- Milliseconds from an answer to the next request. Where that is there already when workerd looks for it, workerd goes
-- on with it and looks at nobody else; a worker of three lines leaves a visitor waiting as long as that lasts.
function delay() return 5 end

-- Somebody's page has a form with a token, and whoever is new may be given nothing.
function response(status, headers, body)
  if headers["set-cookie"] or headers["Set-Cookie"] or body:find('name="csrf"', 1, true) then met = met + 1 end
end

function done(summary)
  local errors = summary.errors
  local function sum(name)
    local total = 0
    for _, thread in ipairs(threads) do total = total + thread:get(name) end
    return total
  end
  io.write(string.format(
    '\nfound {"requests":%d,"sent":%d,"cookies":%d,"met":%d,"seconds":%f,"sockets":%d,"statuses":%d,"timeouts":%d}\n',
    summary.requests, sum("sent"), sum("cookies"), sum("met"), summary.duration / 1e6,
    errors.connect + errors.read + errors.write, errors.status, errors.timeout
  ))
end
