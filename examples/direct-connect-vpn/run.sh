#!/usr/bin/env bash
# A data centre by Direct Connect, with a VPN connection in reserve. See README.md.
source "$(dirname "$0")/../hybrid.sh"

# associated PREFIXES: waits until the Direct Connect gateway tells the data centre of these.
associated() {
  local prefixes='allowedPrefixesToDirectConnectGateway[].cidr'
  local association='directConnectGatewayAssociations[0]'
  becomes "$association_id" "associated $1" \
    "join(' ',[$association.associationState,join(',',$association.$prefixes)])" \
    directconnect describe-direct-connect-gateway-associations --association-id "$association_id"
}

say 'A VPC on a transit gateway, and a route to the data centre by it'
network app 10.1.0.0/24
let_in 192.168.0.0/16 app
transit 'hub hub_table'
attach hub app
attached app
way hub 192.168.0.0/16 app
running "$app_host"

say 'A line to the data centre, which ends at a Direct Connect gateway'
transit_interface line 65010
interface line down

say 'The Direct Connect gateway is associated with the transit gateway: these blocks are reached there'
keep association_id directConnectGatewayAssociation.associationId \
  directconnect create-direct-connect-gateway-association \
  --direct-connect-gateway-id "$line_gateway" --gateway-id "$hub" \
  --add-allowed-prefixes-to-direct-connect-gateway cidr=10.0.0.0/16
associated 10.0.0.0/16

say 'The router at the other end of the line, and what it learns'
run openvpc site add line --virtual-interface "$line_interface" --prefix 192.168.0.0/16 \
  --host 192.168.1.10
interface line available
learned hub_table
run openvpc site list

say 'The packet arrives. The data centre knows no way back: AWS tells it of the list, not of the VPCs'
run openvpc probe app site:line/192.168.1.10 --tcp 443
call directconnect update-direct-connect-gateway-association --association-id "$association_id" \
  --add-allowed-prefixes-to-direct-connect-gateway cidr=10.1.0.0/24
associated 10.0.0.0/16,10.1.0.0/24
run openvpc probe app site:line/192.168.1.10 --tcp 443 --expect reachable

say 'The reserve: a VPN connection from another device, which announces the same prefix'
customer reserve 203.0.113.1 65010
vpn reserve hub
attached reserve
run openvpc site add reserve --customer-gateway "$reserve_cgw" --prefix 192.168.0.0/16 \
  --host 192.168.1.10
tunnels reserve 'UP UP'

say 'Direct Connect comes before a VPN: its route alone is shown, and carries everything'
learned hub_table
run openvpc probe app 192.168.1.10 --tcp 443 --expect reachable

say 'The line goes down: the route of the VPN connection appears in its place'
run openvpc site down line
interface line down
learned hub_table
run openvpc probe app 192.168.1.10 --tcp 443 --expect reachable

say 'The line is mended, and takes over again'
run openvpc site up line
interface line available
learned hub_table
run openvpc ping app 192.168.1.10 -c 1

say 'The same while the line is well: a failover test holds its BGP session down'
call directconnect start-bgp-failover-test --virtual-interface-id "$line_interface" \
  --test-duration-in-minutes 10
interface line testing
learned hub_table
run openvpc ping app 192.168.1.10 -c 1
call directconnect stop-bgp-failover-test --virtual-interface-id "$line_interface"
interface line available
learned hub_table
