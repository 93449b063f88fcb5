#!/usr/bin/env bash
# Transit gateways of two Regions, peered, with static routes. See README.md.
source "$(dirname "$0")/../transit.sh"

# region NAME CIDR GATEWAY OTHERS: a VPC on a transit gateway, with a route to OTHERS by it.
region() {
  local name=$1 gateway=$3 host="$1_host"
  network "$name" "$2"
  let_in 10.0.0.0/8 "$name"
  transit "$gateway ${gateway}_table"
  attach "$gateway" "$name"
  way "$gateway" "$4" "$name"
  attached "$name"
  running "${!host}"
}

# peering_is STATE: waits until it is, as the Region sees it that the calls go to.
peering_is() {
  becomes "$peering" "$1" 'TransitGatewayPeeringAttachments[0].State' \
    ec2 describe-transit-gateway-peering-attachments --transit-gateway-attachment-ids "$peering"
}

say 'A VPC in Virginia on a transit gateway, whose default table learns the way to it'
in_region us-east-1
region virginia 10.0.0.0/24 west 10.1.0.0/16
say 'The same in Ireland'
in_region eu-west-1
region ireland 10.1.0.0/24 east 10.0.0.0/16

say 'A peering of the two: asked for in Virginia, accepted in Ireland'
in_region us-east-1
keep peering TransitGatewayPeeringAttachment.TransitGatewayAttachmentId \
  ec2 create-transit-gateway-peering-attachment --transit-gateway-id "$west" \
  --peer-transit-gateway-id "$east" --peer-account-id "$AWS_ACCESS_KEY_ID" \
  --peer-region eu-west-1 --tag-specifications "$(named transit-gateway-attachment atlantic)"
peering_attachment=$peering
in_region eu-west-1
peering_is pendingAcceptance
call ec2 accept-transit-gateway-peering-attachment --transit-gateway-attachment-id "$peering"
peering_is available

say '1. A peering propagates nothing: Virginia knows no way'
run openvpc probe virginia ireland --tcp 443

say '2. A static route in Virginia: the request arrives, Ireland knows no way back'
in_region us-east-1
transit_route west_table 10.1.0.0/16 --transit-gateway-attachment-id "$peering"
run openvpc probe virginia ireland --tcp 443

say 'A static route in Ireland'
in_region eu-west-1
transit_route east_table 10.0.0.0/16 --transit-gateway-attachment-id "$peering"
run openvpc probe virginia ireland --tcp 443 --expect reachable
run openvpc probe ireland virginia --tcp 443 --expect reachable

say '3. The peering leaves the table of Ireland: what comes from Virginia goes nowhere there'
call ec2 disassociate-transit-gateway-route-table \
  --transit-gateway-route-table-id "$east_table" --transit-gateway-attachment-id "$peering"
run openvpc probe virginia ireland --tcp 443
say 'What Ireland begins gets there, and the reply does not get back'
run openvpc probe ireland virginia --tcp 443

say 'Associated again'
associate east_table peering

say 'Who reaches whom'
run openvpc matrix --tcp 443
