#!/usr/bin/env bash
# One packet, many receivers: multicast domains of a transit gateway over two VPCs. See README.md.
source "$(dirname "$0")/../transit.sh"

group=224.0.1.5

# another NETWORK NAME: one more instance in the subnet; sets NAME_host.
another() {
  local subnet="${1}_subnet"
  host "${2}_host" "$2" --subnet-id "${!subnet}"
}

# interfaces NAME…: of the instances; sets NAME_eni.
interfaces() {
  local name host
  for name in "$@"; do
    host="${name}_host"
    keep "${name}_eni" 'NetworkInterfaces[0].NetworkInterfaceId' ec2 describe-network-interfaces \
      --filters "Name=attachment.instance-id,Values=${!host}"
  done
}

# domain NAME OPTION: a multicast domain.
domain() {
  keep "$1" TransitGatewayMulticastDomain.TransitGatewayMulticastDomainId \
    ec2 create-transit-gateway-multicast-domain --transit-gateway-id "$hub" --options "$2" \
    --tag-specifications "$(named transit-gateway-multicast-domain "$1")"
  becomes "${!1}" available 'TransitGatewayMulticastDomains[0].State' \
    ec2 describe-transit-gateway-multicast-domains \
    --transit-gateway-multicast-domain-ids "${!1}"
}

# subnets VERB DOMAIN NETWORK…: associate-…, disassociate-…
subnets() {
  local verb=$1 domain=$2 name attachment subnet
  shift 2
  for name in "$@"; do
    attachment="${name}_attachment" subnet="${name}_subnet"
    call ec2 "$verb-transit-gateway-multicast-domain" \
      --transit-gateway-multicast-domain-id "${!domain}" \
      --transit-gateway-attachment-id "${!attachment}" --subnet-ids "${!subnet}"
  done
}

# joined DOMAIN: waits until its subnets are in it: the first state by alphabet.
joined() {
  becomes "each association" associated 'sort(MulticastDomainAssociations[].Subnet.State)[-1]' \
    ec2 get-transit-gateway-multicast-domain-associations \
    --transit-gateway-multicast-domain-id "${!1}"
}

# register DOMAIN ROLE NAME…: their interfaces as members or sources of the group.
register() {
  local domain=$1 role=$2 ids=() eni
  shift 2
  for eni in "${@/%/_eni}"; do ids+=("${!eni}"); done
  call ec2 "register-transit-gateway-multicast-group-$role" \
    --transit-gateway-multicast-domain-id "${!domain}" --group-ip-address "$group" \
    --network-interface-ids "${ids[@]}"
}

# members DOMAIN: who is in which group, and how they came there.
members() {
  run aws ec2 search-transit-gateway-multicast-groups \
    --transit-gateway-multicast-domain-id "${!1}" --filters Name=is-group-member,Values=true \
    --query 'MulticastGroups[].[GroupIpAddress,NetworkInterfaceId,MemberType]' --output text
}

say 'Two VPCs that no route joins: a studio with a monitor, an audience with a latecomer'
network studio 10.1.0.0/24
network audience 10.2.0.0/24
another studio monitor
another audience latecomer
running "$studio_host" "$audience_host" "$monitor_host" "$latecomer_host"
interfaces studio monitor audience latecomer

say 'A transit gateway that supports multicast, with both attached'
transit hub --options MulticastSupport=enable
attach hub studio
attach hub audience
attached studio audience

say 'A subnet in no domain: groups lead nowhere'
run openvpc probe studio "$group" --udp 5000

say 'A domain with registered sources, over both VPCs'
domain stage StaticSourcesSupport=enable
subnets associate stage studio audience
joined stage
register stage sources studio
register stage members monitor audience

say 'Two copies, and each is refused by its receiver: security groups count, and know no sender’s group'
run openvpc probe studio "$group" --udp 5000

say 'UDP port 5000 from the studio’s addresses'
for sg in "$studio_sg" "$audience_sg"; do
  call ec2 authorize-security-group-ingress --group-id "$sg" --protocol udp --port 5000 \
    --cidr 10.1.0.0/24
done
run openvpc probe studio "$group" --udp 5000 --expect reachable

say 'Nobody else may send'
run openvpc probe monitor "$group" --udp 5000

say 'Another domain, whose members come and go by IGMP; a subnet is in one domain at a time'
domain club Igmpv2Support=enable
subnets disassociate stage studio audience
becomes 'the number of its subnets' 0 'length(MulticastDomainAssociations)' \
  ec2 get-transit-gateway-multicast-domain-associations \
  --transit-gateway-multicast-domain-id "$stage"
subnets associate club studio audience
joined club
register club members audience

say 'The latecomer joins by itself: openvpc:join is what its software would do. Queries must get in'
call ec2 authorize-security-group-ingress --group-id "$audience_sg" --protocol 2 --cidr 0.0.0.0/32
call ec2 create-tags --resources "$latecomer_host" --tags "Key=openvpc:join,Value=$group"
members club
run openvpc probe monitor "$group" --udp 5000 --expect reachable

say 'It stays for as long as it answers the queries that come every two minutes'
printf '$ openvpc clock advance PT1H\n'
openvpc clock advance PT1H >/dev/null
members club

say 'It leaves, at once; who was registered by a call stays'
call ec2 delete-tags --resources "$latecomer_host" --tags Key=openvpc:join
members club

say 'To one address nothing passes from VPC to VPC: multicast needs no routes'
run openvpc matrix --udp 5000
