-- The replicas of the app: worker 0 asks the engine's name server for their addresses, and each address whether it is
-- ready. Every worker sends requests to the ready ones in turn.
local balancer = require 'ngx.balancer'

local NAME_SERVER = '127.0.0.11'
local PORT = 3000
local EVERY_S = 0.5
-- A replica that failed a request is left out for so long, unless all are.
local ASIDE_S = 5
-- "app", type A, class IN, recursion desired.
local QUESTION = '\18\52\1\0\0\1\0\0\0\0\0\0\3app\0\0\1\0\1'

local shared = ngx.shared.replicas
local known, list, turn = nil, {}, 0
local M = {}

-- TCP, because an answer by UDP has room for some twenty addresses only.
local function ask()
    local socket = ngx.socket.tcp()
    socket:settimeout(1000)
    if not socket:connect(NAME_SERVER, 53) then return nil end
    socket:send('\0' .. string.char(#QUESTION) .. QUESTION)
    local size = socket:receive(2)
    local answer = size and socket:receive(size:byte(1) * 256 + size:byte(2))
    socket:close()
    return answer
end

local function addresses(answer)
    local found, at = {}, #QUESTION + 1
    for _ = 1, answer:byte(7) * 256 + answer:byte(8) do
        local length = answer:byte(at)
        while length > 0 and length < 192 do
            at = at + length + 1
            length = answer:byte(at)
        end
        at = at + (length == 0 and 1 or 2)
        local kind, size = answer:byte(at + 1), answer:byte(at + 8) * 256 + answer:byte(at + 9)
        if kind == 1 then found[#found + 1] = table.concat({ answer:byte(at + 10, at + 13) }, '.') end
        at = at + 10 + size
    end
    return found
end

local function ready(address)
    local socket = ngx.socket.tcp()
    socket:settimeout(1000)
    if not socket:connect(address, PORT) then return nil end
    socket:send('GET /ready HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n')
    local line = socket:receive('*l')
    socket:close()
    return line and line:find(' 200 ', 1, true) and address
end

local function look(premature)
    local answer = not premature and ask()
    if not answer then return end
    local asked = {}
    for i, address in ipairs(addresses(answer)) do asked[i] = ngx.thread.spawn(ready, address) end
    local able = {}
    for _, thread in ipairs(asked) do
        local _, address = ngx.thread.wait(thread)
        if address then able[#able + 1] = address end
    end
    -- When no replica is ready, no replica is at fault but something that they share. The old list stays.
    if #able > 0 then shared:set('ready', table.concat(able, ' ')) end
end

function M.watch()
    if ngx.worker.id() ~= 0 then return end
    ngx.timer.at(0, look)
    ngx.timer.every(EVERY_S, look)
end

local function replicas()
    local now = shared:get('ready')
    if now and now ~= known then
        known, list = now, {}
        for address in now:gmatch('%S+') do list[#list + 1] = address end
    end
    return list
end

local function next_one(tried)
    local all = replicas()
    for pass = 1, 2 do
        for _ = 1, #all do
            turn = turn + 1
            local address = all[turn % #all + 1]
            if not tried[address] and (pass == 2 or not shared:get('aside ' .. address)) then return address end
        end
    end
end

function M.choose()
    local ctx = ngx.ctx
    if not ctx.tried then
        ctx.tried = {}
        balancer.set_more_tries(1)
    elseif balancer.get_last_failure() then
        shared:set('aside ' .. ctx.last, true, ASIDE_S)
    end
    local address = next_one(ctx.tried)
    if not address then return ngx.exit(502) end
    ctx.tried[address], ctx.last = true, address
    local ok, why = balancer.set_current_peer(address, PORT)
    if not ok then ngx.log(ngx.ERR, why) end
end

return M
