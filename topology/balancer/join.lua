-- A new replica gets no request before it has answered /ready.
--
-- HAProxy 2.6 takes a server for up as soon as its name has an address, until its first check fails. leastconn sends it
-- every request then, because it has none. So all servers begin with the weight 0, and get a weight here. A server whose
-- address is gone gets the weight 0 back: the next address of its slot belongs to another replica.

local BACKENDS = { "reads", "writes" }
local PERIOD_MS = 200
local WEIGHT = "100"
local REQUEST = "GET /ready HTTP/1.0\r\nHost: balancer\r\n\r\n"

-- The addresses that have a weight, by backend and server.
local granted = {}

local function ready(address, port)
  local socket = core.tcp()
  socket:settimeout(1)
  local line
  if socket:connect(address, tonumber(port)) and socket:send(REQUEST) then
    line = socket:receive("*l")
  end
  socket:close()
  return line ~= nil and line:match("^HTTP/%d%.%d 200 ") ~= nil
end

local function look(key, server)
  local address, port = server:get_addr():match("^(%d+%.%d+%.%d+%.%d+):(%d+)$")
  -- Most slots are empty, and figures of a server cost more than its address.
  if granted[key] == nil and (address == nil or address == "0.0.0.0") then return end
  local there = address ~= nil and address ~= "0.0.0.0" and not server:get_stats()["status"]:match("^MAINT")
  if granted[key] ~= nil and (not there or granted[key] ~= address) then
    server:set_weight("0")
    granted[key] = nil
  end
  if there and granted[key] == nil and ready(address, port) then
    server:set_weight(WEIGHT)
    granted[key] = address
  end
end

-- A task for each slot: a replica that is slow to answer holds up no other.
local function watch(key, server)
  core.register_task(function()
    while true do
      pcall(look, key, server)
      core.msleep(PERIOD_MS)
    end
  end)
end

-- The backends are there when the configuration was read.
core.register_init(function()
  for _, backend in ipairs(BACKENDS) do
    for name, server in pairs(core.backends[backend].servers) do
      watch(backend .. "/" .. name, server)
    end
  end
end)
