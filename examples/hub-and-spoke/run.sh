#!/usr/bin/env bash
# Three VPCs on a transit gateway: prod and dev reach shared, not each other. See README.md.
source "$(dirname "$0")/../transit.sh"

say 'Three VPCs, each with an instance that takes HTTPS from all of them'
network shared 10.0.0.0/24
network prod 10.1.0.0/24
network dev 10.1.1.0/24
let_in 10.0.0.0/8 shared prod dev

say 'A transit gateway that puts nobody into a table by itself; two tables of our own'
transit hub --options DefaultRouteTableAssociation=disable,DefaultRouteTablePropagation=disable
transit_table spokes_table hub spokes
transit_table shared_table hub shared

say 'The VPCs attached, and their own routes to the gateway'
attach hub shared
attach hub prod
attach hub dev
way hub 10.1.0.0/16 shared
way hub 0.0.0.0/0 prod dev
attached shared prod dev
running "$shared_host" "$prod_host" "$dev_host"

say '1. Attached is not connected: no table says where to go with what comes from prod'
run openvpc probe prod shared --tcp 443

say '2. Associated: the table is asked, and knows no way'
associate spokes_table prod dev
associate shared_table shared
run openvpc probe prod shared --tcp 443

say '3. shared propagates into the table of the spokes: the request arrives, the reply is lost'
propagate spokes_table shared
run openvpc probe prod shared --tcp 443

say 'The spokes propagate into the table of shared'
propagate shared_table prod dev
run openvpc probe prod shared --tcp 443 --expect reachable

say 'prod does not reach dev: nobody told the table of the spokes about either'
run openvpc probe prod dev --tcp 443

say '4. shared shall be the way to the rest of the world: a default route. It is one to dev, too'
transit_route spokes_table 0.0.0.0/0 --transit-gateway-attachment-id "$shared_attachment"
run openvpc probe prod dev --tcp 443

say 'A blackhole for the blocks of the spokes: the longest prefix wins'
transit_route spokes_table 10.1.0.0/16 --blackhole
run openvpc probe prod dev --tcp 443
run aws ec2 search-transit-gateway-routes --transit-gateway-route-table-id "$spokes_table" \
  --filters Name=state,Values=active,blackhole --output text \
  --query 'Routes[].[DestinationCidrBlock,Type,State]'

say 'Who reaches whom'
run openvpc matrix --tcp 443
