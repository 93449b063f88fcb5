#!/usr/bin/env bash
# All that two VPCs send leaves by one inspection VPC, the Internet included. See README.md.
source "$(dirname "$0")/../transit.sh"

# part NAME ZONE CIDR: a subnet of the inspection VPC with a route table of its own.
part() {
  local subnet="$1_subnet" rtb="$1_rtb"
  keep "$subnet" Subnet.SubnetId ec2 create-subnet --vpc-id "$inspection_vpc" \
    --availability-zone "$AWS_REGION$2" --cidr-block "$3"
  keep "$rtb" RouteTable.RouteTableId ec2 create-route-table --vpc-id "$inspection_vpc" \
    --tag-specifications "$(named route-table "${1/_/-}")"
  call ec2 associate-route-table --route-table-id "${!rtb}" --subnet-id "${!subnet}"
}

# to PART CIDR OPTION…: a route of its table.
to() {
  local rtb="$1_rtb"
  call ec2 create-route --route-table-id "${!rtb}" --destination-cidr-block "$2" "${@:3}"
}

# zone LETTER NUMBER: three subnets of a zone: attached, with an appliance, with a NAT gateway.
zone() {
  local zone=$1 appliance="appliance_$1" nat="nat_$1" address="address_$1"
  part "attached_$zone" "$zone" "10.0.${2}0.0/24"
  part "appliance_$zone" "$zone" "10.0.${2}1.0/24"
  part "public_$zone" "$zone" "10.0.${2}2.0/24"
  local home="appliance_${zone}_subnet" public="public_${zone}_subnet"
  host "$appliance inspection_sg" "appliance-$zone" --subnet-id "${!home}"
  call ec2 modify-instance-attribute --instance-id "${!appliance}" --no-source-dest-check
  keep "$address" AllocationId ec2 allocate-address
  keep "$nat" NatGateway.NatGatewayId ec2 create-nat-gateway --subnet-id "${!public}" \
    --allocation-id "${!address}"
}

# routes ZONE: out by the appliance and the NAT gateway of the zone; back by the same.
routes() {
  local zone=$1 appliance="appliance_$1" nat="nat_$1"
  to "attached_$zone" 0.0.0.0/0 --instance-id "${!appliance}"
  to "appliance_$zone" 0.0.0.0/0 --nat-gateway-id "${!nat}"
  to "appliance_$zone" 10.0.0.0/8 --transit-gateway-id "$hub"
  to "public_$zone" 0.0.0.0/0 --gateway-id "$igw"
  to "public_$zone" 10.0.0.0/8 --instance-id "${!appliance}"
}

say 'Two spokes, in different zones'
network left 10.1.0.0/16 --availability-zone "${AWS_REGION}a"
network right 10.2.0.0/16 --availability-zone "${AWS_REGION}b"
let_in 10.0.0.0/8 left right

say 'A VPC for inspection: in two zones an appliance that forwards, and a NAT gateway'
keep inspection_vpc Vpc.VpcId ec2 create-vpc --cidr-block 10.0.0.0/16 \
  --tag-specifications "$(named vpc inspection)"
gateway igw "$inspection_vpc"
zone a 1
zone b 2
let_in 10.0.0.0/8 inspection

say 'A transit gateway: whoever is attached propagates into its default table'
transit "hub hub_table" --options DefaultRouteTableAssociation=disable
transit_table spokes_table hub spokes
attach hub left
attach hub right
inspection_subnet="$attached_a_subnet $attached_b_subnet"
attach hub inspection
attached left right inspection

say 'What comes from the spokes goes to inspection; what comes from there knows every spoke'
associate spokes_table left right
associate hub_table inspection
transit_route spokes_table 0.0.0.0/0 --transit-gateway-attachment-id "$inspection_attachment"

say 'Routes of the VPCs'
way hub 0.0.0.0/0 left right
running "$left_host" "$right_host" "$appliance_a" "$appliance_b"
routes a
routes b
aws ec2 wait nat-gateway-available --nat-gateway-ids "$nat_a" "$nat_b"

say 'Out: gateway, appliance, NAT gateway, internet gateway; the reply comes back the same way'
run openvpc probe left 203.0.113.10 --tcp 443 --expect reachable
say 'What the appliances do not let in does not get out'
run openvpc probe right 203.0.113.10 --tcp 25

say 'Between the spokes each direction keeps the zone it comes from: two appliances, half a flow each'
run openvpc probe left right --tcp 443

say 'Appliance mode: one zone for both directions of a flow'
call ec2 modify-transit-gateway-vpc-attachment \
  --transit-gateway-attachment-id "$inspection_attachment" --options ApplianceModeSupport=enable
attached inspection
run openvpc probe left right --tcp 443 --expect reachable

say 'Who reaches whom'
run openvpc matrix --tcp 443
