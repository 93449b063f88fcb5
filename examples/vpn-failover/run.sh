#!/usr/bin/env bash
# A data centre behind a VPN connection with BGP, and what its tunnels may do. See README.md.
source "$(dirname "$0")/../hybrid.sh"

say 'A VPC on a transit gateway, and a route to the data centre by it'
network app 10.1.0.0/24
let_in 192.168.0.0/16 app
transit 'hub hub_table'
attach hub app
attached app
way hub 192.168.0.0/16 app
running "$app_host"

say 'A VPN connection has two tunnels. AWS waits for the device at the other end to bring them up'
customer dc 203.0.113.1 65010
vpn dc hub
attached dc
telemetry dc
run openvpc ping app 192.168.1.10 -c 1

say 'The data centre: a router that brings up both tunnels and speaks BGP, and a host behind it'
run openvpc site add dc --customer-gateway "$dc_cgw" --prefix 192.168.0.0/16 --host 192.168.1.10
tunnels dc 'UP UP'
telemetry dc
learned hub_table
run openvpc site list
run openvpc probe app site:dc/192.168.1.10 --tcp 443 --expect reachable
run openvpc probe site:dc/192.168.1.10 app --tcp 443 --expect reachable

say 'One tunnel goes down: the other carries'
run openvpc site down dc "$dc_one"
telemetry dc
run openvpc probe app site:dc/192.168.1.10 --tcp 443 --expect reachable

say 'Both are down: what BGP has taught the gateway is gone, and so is the way'
run openvpc site down dc "$dc_two"
telemetry dc
learned hub_table
run openvpc probe app site:dc/192.168.1.10 --tcp 443 --expect dropped

say 'A static route does not go when the tunnels do: it leads to an attachment that carries nothing'
transit_route hub_table 192.168.0.0/16 --transit-gateway-attachment-id "$dc_attachment"
run openvpc ping app site:dc/192.168.1.10 -c 1
call ec2 delete-transit-gateway-route --transit-gateway-route-table-id "$hub_table" \
  --destination-cidr-block 192.168.0.0/16

say 'The tunnels come up again'
run openvpc site up dc
tunnels dc 'UP UP'
run openvpc ping app site:dc/192.168.1.10 -c 1

say 'The device loses its power. Nobody tells AWS: its tunnels are up, and packets are lost in them'
run openvpc site unreachable dc
telemetry dc
run openvpc probe app site:dc/192.168.1.10 --tcp 443 --expect dropped

say 'Dead peer detection finds out after 30 seconds. Now the tunnels are down, and the routes gone'
run openvpc clock advance 30s
tunnels dc 'DOWN DOWN'
telemetry dc
run openvpc ping app site:dc/192.168.1.10 -c 1

say 'The power is back'
run openvpc site up dc
tunnels dc 'UP UP'
run openvpc ping app site:dc/192.168.1.10 -c 1
