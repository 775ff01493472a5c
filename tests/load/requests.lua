-- What wrk sends: one request after another, each of a visitor picked by chance, and what it found, as JSON.
local requests = {}

function init(args)
  math.randomseed(tonumber(args[2]))
  for cookie in io.lines(args[3]) do
    wrk.headers["Cookie"] = cookie
    requests[#requests + 1] = wrk.format(args[1], nil)
  end
end

function request()
  return requests[math.random(#requests)]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nfound {"requests":%d,"seconds":%f,"sockets":%d,"statuses":%d,"timeouts":%d,"p50":%f,"p90":%f,"p99":%f,"longest":%f}\n',
    summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write, errors.status, errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(90) / 1000, latency:percentile(99) / 1000, latency.max / 1000
  ))
end
