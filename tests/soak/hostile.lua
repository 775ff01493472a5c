-- Cookies that nobody was given: forged, cut, oversized, repeated, malformed, and names that objects have.
local letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
local genuine = ""

local function text(length)
  local out = {}
  for i = 1, length do
    local at = math.random(#letters)
    out[i] = letters:sub(at, at)
  end
  return table.concat(out)
end

local function flipped(value)
  local at = math.random(#value)
  local other = value:sub(at, at) == "A" and "B" or "A"
  return value:sub(1, at - 1) .. other .. value:sub(at + 1)
end

local kinds = {
  function() return "sid=" .. text(#genuine) end,
  function() return "sid=" .. flipped(genuine) end,
  function() return "sid=" .. genuine:sub(1, math.random(#genuine) - 1) end,
  function() return "sid=" .. genuine .. text(1) end,
  function() return "sid=" .. text(3000) end,
  function() return ("sid=" .. text(#genuine) .. "; "):rep(60) end,
  function() return "sid=" .. text(10) .. "; " .. ("a" .. text(5) .. "=1; "):rep(200) end,
  function() return "sid=\"" .. genuine .. "\"; sid" end,
  function() return "sid=" .. genuine:gsub("..", "%1%%41", 1) end,
  function() return ";;;=; =sid; sid==" .. text(5) .. ";" end,
  function() return "__proto__=" .. text(8) .. "; constructor=" .. text(8) .. "; sid=__proto__" end,
  function() return "SID=" .. genuine .. "; __Host-sid=" .. genuine end,
}

function init(args)
  math.randomseed(tonumber(args[1]))
  genuine = args[2]
end

function request()
  wrk.headers["Cookie"] = kinds[math.random(#kinds)]()
  return wrk.format("GET", "/visit")
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nfound {"requests":%d,"seconds":%f,"sockets":%d,"statuses":%d,"timeouts":%d}\n',
    summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write, errors.status, errors.timeout
  ))
end
