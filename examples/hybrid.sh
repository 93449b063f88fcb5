# What the examples with sites share, on top of transit.sh.
source "$(dirname "${BASH_SOURCE[0]}")/transit.sh"

# customer NAME ADDRESS ASN: a customer gateway; sets NAME_cgw.
customer() {
  keep "${1}_cgw" CustomerGateway.CustomerGatewayId ec2 create-customer-gateway --type ipsec.1 \
    --public-ip "$2" --bgp-asn "$3" --tag-specifications "$(named customer-gateway "$1")"
}

# vpn NAME GATEWAY: a VPN connection of that customer to a transit gateway, with BGP; sets NAME_vpn,
# AWS's addresses of its tunnels NAME_one and NAME_two, and NAME_attachment.
vpn() {
  local customer="${1}_cgw" tunnels='Options.TunnelOptions[].OutsideIpAddress'
  keep "${1}_vpn ${1}_one ${1}_two" "VpnConnection.[VpnConnectionId,$tunnels[]][]" \
    ec2 create-vpn-connection --type ipsec.1 --customer-gateway-id "${!customer}" \
    --transit-gateway-id "${!2}" --tag-specifications "$(named vpn-connection "$1")"
  customer="${1}_vpn"
  keep "${1}_attachment" 'TransitGatewayAttachments[0].TransitGatewayAttachmentId' \
    ec2 describe-transit-gateway-attachments --filters "Name=resource-id,Values=${!customer}"
}
