# What the examples with transit gateways share, on top of common.sh.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# let_in BLOCK NETWORK…: HTTPS, by the networks' security groups.
let_in() {
  local block=$1 sg
  shift
  for sg in "${@/%/_sg}"; do
    call ec2 authorize-security-group-ingress --group-id "${!sg}" --protocol tcp --port 443 \
      --cidr "$block"
  done
}

# transit "NAME TABLE" OPTION…: a transit gateway, and the table it has by itself where that is wanted.
transit() {
  local name=${1%% *}
  keep "$1" 'TransitGateway.[TransitGatewayId,Options.PropagationDefaultRouteTableId]' \
    ec2 create-transit-gateway "${@:2}" --tag-specifications "$(named transit-gateway "$name")"
  becomes "${!name}" available 'TransitGateways[0].State' \
    ec2 describe-transit-gateways --transit-gateway-ids "${!name}"
}

# transit_table VARIABLE GATEWAY NAME: a route table of a transit gateway.
transit_table() {
  keep "$1" TransitGatewayRouteTable.TransitGatewayRouteTableId \
    ec2 create-transit-gateway-route-table --transit-gateway-id "${!2}" \
    --tag-specifications "$(named transit-gateway-route-table "$3")"
}

# attach GATEWAY NETWORK: asks for an attachment of its VPC, by its subnets; sets NETWORK_attachment.
attach() {
  local vpc="${2}_vpc" subnets="${2}_subnet"
  keep "${2}_attachment" TransitGatewayVpcAttachment.TransitGatewayAttachmentId \
    ec2 create-transit-gateway-vpc-attachment --transit-gateway-id "${!1}" --vpc-id "${!vpc}" \
    --subnet-ids ${!subnets} \
    --tag-specifications "$(named transit-gateway-attachment "$2")"
}

# attached NETWORK…: waits until all their attachments are available: the first state by alphabet.
attached() {
  local ids=() attachment
  for attachment in "${@/%/_attachment}"; do ids+=("${!attachment}"); done
  becomes "each attachment" available 'sort(TransitGatewayAttachments[].State)[-1]' \
    ec2 describe-transit-gateway-attachments --transit-gateway-attachment-ids "${ids[@]}"
}

# associate TABLE NETWORK…: what comes from them is routed by that table.
associate() {
  local table=$1 attachment
  shift
  for attachment in "${@/%/_attachment}"; do
    call ec2 associate-transit-gateway-route-table --transit-gateway-route-table-id "${!table}" \
      --transit-gateway-attachment-id "${!attachment}"
  done
}

# propagate TABLE NETWORK…: the table learns the way to them.
propagate() {
  local table=$1 attachment
  shift
  for attachment in "${@/%/_attachment}"; do
    call ec2 enable-transit-gateway-route-table-propagation \
      --transit-gateway-route-table-id "${!table}" \
      --transit-gateway-attachment-id "${!attachment}"
  done
}

# transit_route TABLE BLOCK OPTION…: a static route of a gateway's table.
transit_route() {
  call ec2 create-transit-gateway-route --transit-gateway-route-table-id "${!1}" \
    --destination-cidr-block "$2" "${@:3}"
}

# way GATEWAY BLOCK NETWORK…: the VPCs' own routes to a transit gateway.
way() {
  local gateway=$1 block=$2 rtb
  shift 2
  for rtb in "${@/%/_rtb}"; do
    call ec2 create-route --route-table-id "${!rtb}" --destination-cidr-block "$block" \
      --transit-gateway-id "${!gateway}"
  done
}
