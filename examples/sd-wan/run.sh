#!/usr/bin/env bash
# An SD-WAN appliance at a transit gateway by Connect: GRE with BGP inside. See README.md.
source "$(dirname "$0")/../hybrid.sh"

# sessions STATES: waits until both BGP sessions of the peer are so.
sessions() {
  local configurations='ConnectPeerConfiguration.BgpConfigurations[].BgpStatus'
  becomes "$peer" "$1" "join(' ',TransitGatewayConnectPeers[0].$configurations)" \
    ec2 describe-transit-gateway-connect-peers --transit-gateway-connect-peer-ids "$peer"
}

say 'Two VPCs on a transit gateway that has addresses of its own: one of them holds the appliance'
network app 10.1.0.0/24
network wan 10.9.0.0/24
let_in 192.168.0.0/16 app
transit 'hub hub_table' --options TransitGatewayCidrBlocks=10.200.0.0/24
attach hub app
attach hub wan
attached app wan
way hub 192.168.0.0/16 app
running "$app_host" "$wan_host"

say 'A Connect attachment rides on the attachment of that VPC; the appliance is a peer of it'
keep connect_attachment TransitGatewayConnect.TransitGatewayAttachmentId \
  ec2 create-transit-gateway-connect --options Protocol=gre \
  --transport-transit-gateway-attachment-id "$wan_attachment"
attached connect
keep appliance 'Reservations[0].Instances[0].PrivateIpAddress' \
  ec2 describe-instances --instance-ids "$wan_host"
keep peer TransitGatewayConnectPeer.TransitGatewayConnectPeerId \
  ec2 create-transit-gateway-connect-peer --transit-gateway-attachment-id "$connect_attachment" \
  --peer-address "$appliance" --inside-cidr-blocks 169.254.6.0/29 --bgp-options PeerAsn=65020
becomes "$peer" available 'TransitGatewayConnectPeers[0].State' \
  ec2 describe-transit-gateway-connect-peers --transit-gateway-connect-peer-ids "$peer"

say 'The branches that the appliance leads to: it speaks BGP with both addresses of the gateway'
run openvpc site add branch --connect-peer "$peer" --prefix 192.168.0.0/16 --host 192.168.7.20

say 'No session comes up: GRE finds no way out of the VPC of the appliance'
sessions 'down down'
run openvpc trace site:branch/192.168.7.20 169.254.6.2 --tcp 179

say 'That VPC needs a route to the CIDR block of the gateway'
way hub 10.200.0.0/24 wan
sessions 'up up'
learned hub_table
run openvpc site list

say 'The branch reaches the VPC. What the gateway sends first the appliance does not let in: no GRE'
run openvpc probe site:branch/192.168.7.20 app --tcp 443 --expect reachable
run openvpc probe app site:branch/192.168.7.20 --tcp 443 --expect dropped

say 'A rule of its security group for GRE, which is protocol 47'
call ec2 authorize-security-group-ingress --group-id "$wan_sg" --protocol 47 --cidr 10.200.0.0/24
run openvpc probe app site:branch/192.168.7.20 --tcp 443 --expect reachable

say 'Somebody deletes the route. The gateway hears nothing, and gives up when the hold time is over'
call ec2 delete-route --route-table-id "$wan_rtb" --destination-cidr-block 10.200.0.0/24
run openvpc ping app site:branch/192.168.7.20 -c 1
sessions 'down down'
learned hub_table
run openvpc ping app site:branch/192.168.7.20 -c 1

say 'The route is back, and so are the sessions'
way hub 10.200.0.0/24 wan
sessions 'up up'
run openvpc ping app site:branch/192.168.7.20 -c 1
