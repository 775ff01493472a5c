-- Visitors with cookies: the answers' cookies are kept, some get lost, and what is asked is picked by chance.
local jar = {}
local most = 4000
local actions = { "visit", "visit", "visit", "visit", "write", "write", "write", "login", "logout", "everywhere" }

function init(args)
  math.randomseed(tonumber(args[1]))
end

function request()
  local action = actions[math.random(#actions)]
  if action == "everywhere" and math.random() < 0.9 then action = "write" end
  if action == "logout" and math.random() < 0.5 then action = "write" end
  -- One in twenty has no cookie: somebody new.
  wrk.headers["Cookie"] = jar[math.random(most)]
  if math.random() < 0.05 then wrk.headers["Cookie"] = nil end
  return wrk.format("GET", "/" .. action)
end

function response(status, headers, body)
  local line = headers["set-cookie"] or headers["Set-Cookie"]
  local pair = line and line:match("^[^;]+")
  if pair and not pair:match("=$") then
    jar[math.random(most)] = pair
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nfound {"requests":%d,"seconds":%f,"sockets":%d,"statuses":%d,"timeouts":%d,"p50":%f,"p99":%f,"p999":%f}\n',
    summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write, errors.status, errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency:percentile(99.9) / 1000
  ))
end
