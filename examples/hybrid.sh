# What the examples with sites share, on top of transit.sh.
source "$(dirname "${BASH_SOURCE[0]}")/transit.sh"

# customer NAME ADDRESS ASN: a customer gateway; sets NAME_cgw.
customer() {
  keep "${1}_cgw" CustomerGateway.CustomerGatewayId ec2 create-customer-gateway --type ipsec.1 \
    --public-ip "$2" --bgp-asn "$3" --tag-specifications "$(named customer-gateway "$1")"
}

# vpn NAME GATEWAY: a VPN connection with BGP from that customer to a transit gateway; sets NAME_vpn,
# NAME_one and NAME_two, AWS's addresses of the tunnels, and NAME_attachment.
vpn() {
  local customer="${1}_cgw" connection="${1}_vpn"
  local ids='VpnConnectionId,Options.TunnelOptions[].OutsideIpAddress'
  keep "$connection ${1}_one ${1}_two" "VpnConnection.[$ids][]" ec2 create-vpn-connection \
    --type ipsec.1 --customer-gateway-id "${!customer}" --transit-gateway-id "${!2}" \
    --tag-specifications "$(named vpn-connection "$1")"
  keep "${1}_attachment" 'TransitGatewayAttachments[0].TransitGatewayAttachmentId' \
    ec2 describe-transit-gateway-attachments --filters "Name=resource-id,Values=${!connection}"
}

# tunnels NAME STATES: waits until both tunnels are so.
tunnels() {
  local connection="${1}_vpn"
  becomes "${!connection}" "$2" "join(' ',VpnConnections[0].VgwTelemetry[].Status)" \
    ec2 describe-vpn-connections --vpn-connection-ids "${!connection}"
}

# telemetry NAME: what AWS says of the tunnels.
telemetry() {
  local connection="${1}_vpn"
  run aws ec2 describe-vpn-connections --vpn-connection-ids "${!connection}" --output text \
    --query 'VpnConnections[].VgwTelemetry[].[OutsideIpAddress,Status,StatusMessage]'
}

# learned TABLE: the active routes of a gateway's table.
learned() {
  run aws ec2 search-transit-gateway-routes --transit-gateway-route-table-id "${!1}" --output text \
    --filters Name=state,Values=active \
    --query 'Routes[].[DestinationCidrBlock,Type,TransitGatewayAttachments[0].ResourceType]'
}

# transit_interface NAME ASN: a Direct Connect connection with a transit virtual interface on a new
# Direct Connect gateway; sets NAME_gateway and NAME_interface.
transit_interface() {
  local gateway="${1}_gateway"
  keep "${1}_connection" connectionId directconnect create-connection --location EqDC2 \
    --bandwidth 1Gbps --connection-name "$1"
  keep "$gateway" directConnectGateway.directConnectGatewayId \
    directconnect create-direct-connect-gateway --direct-connect-gateway-name "$1" \
    --amazon-side-asn 64600
  becomes "${!gateway}" available 'directConnectGateways[0].directConnectGatewayState' \
    directconnect describe-direct-connect-gateways --direct-connect-gateway-id "${!gateway}"
  local connection="${1}_connection" interface="virtualInterfaceName=$1,vlan=101,asn=$2"
  keep "${1}_interface" virtualInterface.virtualInterfaceId \
    directconnect create-transit-virtual-interface --connection-id "${!connection}" \
    --new-transit-virtual-interface "$interface,directConnectGatewayId=${!gateway}"
}

# interface NAME STATE: waits until the virtual interface is so.
interface() {
  local interface="${1}_interface"
  becomes "${!interface}" "$2" 'virtualInterfaces[0].virtualInterfaceState' \
    directconnect describe-virtual-interfaces --virtual-interface-id "${!interface}"
}
