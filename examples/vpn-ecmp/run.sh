#!/usr/bin/env bash
# Two VPN connections of one data centre share its traffic. See README.md.
source "$(dirname "$0")/../hybrid.sh"

# flows: by which connection and tunnel 24 flows go, of as many source ports.
flows() {
  local port
  printf '$ openvpc trace app 192.168.1.10 --tcp 443 --source-port 50001 … 50024\n'
  for port in {50001..50024}; do
    openvpc trace app 192.168.1.10 --tcp 443 --source-port "$port" || true
  done | sed -n 's/.* ✓ vpn-connection .*(\(.*\)) *egress *\(.*\)/flows by \1, \2/p' | sort -u
}

say 'A VPC on a transit gateway that shares traffic among VPN connections, as it does by default'
network app 10.1.0.0/24
transit 'hub hub_table'
run aws ec2 describe-transit-gateways --transit-gateway-ids "$hub" --output text \
  --query 'TransitGateways[].Options.VpnEcmpSupport'
attach hub app
attached app
way hub 192.168.0.0/16 app
running "$app_host"

say 'Two devices of one data centre: one ASN and one prefix, so AS paths that are equal'
customer left 203.0.113.1 65010
customer right 203.0.113.2 65010
vpn left hub
vpn right hub
attached left right
for side in left right; do
  cgw="${side}_cgw"
  run openvpc site add $side --customer-gateway "${!cgw}" --prefix 192.168.0.0/16 \
    --host 192.168.1.10
done
tunnels left 'UP UP'
tunnels right 'UP UP'

say 'One route, four tunnels: flows are spread over all of them, each flow stays on one'
learned hub_table
flows

say 'A device goes down: the other takes all'
run openvpc site down left
tunnels left 'DOWN DOWN'
flows

say 'It comes back, and takes its share'
run openvpc site up left
tunnels left 'UP UP'
flows
