#!/usr/bin/env bash
# Three tiers in two zones, and who reaches whom. See README.md.
source "$(dirname "$0")/../common.sh"

# zone LETTER NUMBER: the subnets of one zone, and its own way out by a NAT gateway.
zone() {
  local zone=$1 number=$2 tier
  for tier in web app db; do
    keep "${tier}_${zone}" Subnet.SubnetId ec2 create-subnet --vpc-id "$vpc" \
      --availability-zone "$AWS_REGION$zone" --cidr-block "10.0.$number.0/24"
    number=$((number + 10))
  done
  local web="web_$zone" app="app_$zone" address="address_$zone" nat="nat_$zone" rtb="rtb_$zone"
  call ec2 associate-route-table --route-table-id "$public" --subnet-id "${!web}"
  keep "$address" AllocationId ec2 allocate-address
  keep "$nat" NatGateway.NatGatewayId ec2 create-nat-gateway --subnet-id "${!web}" \
    --allocation-id "${!address}"
  keep "$rtb" RouteTable.RouteTableId ec2 create-route-table --vpc-id "$vpc" \
    --tag-specifications "$(named route-table "private-$zone")"
  call ec2 create-route --route-table-id "${!rtb}" --destination-cidr-block 0.0.0.0/0 \
    --nat-gateway-id "${!nat}"
  call ec2 associate-route-table --route-table-id "${!rtb}" --subnet-id "${!app}"
}

# tier NAME PORT WHO: a group that lets WHO (a block or a group) in on one port.
tier() {
  local name=$1 port=$2 who=$3 group="sg_$1" from=--cidr
  keep "$group" GroupId ec2 create-security-group --vpc-id "$vpc" --group-name "$name" \
    --description "the $name tier" --tag-specifications "$(named security-group "$name")"
  [[ $who = sg-* ]] && from=--source-group
  call ec2 authorize-security-group-ingress --group-id "${!group}" --protocol tcp \
    --port "$port" "$from" "$who"
}

# hosts ZONE: an instance of each tier; those of the web tier have public addresses.
hosts() {
  local zone=$1 tier
  for tier in web app db; do
    local subnet="${tier}_$zone" group="sg_$tier" public=--no-associate-public-ip-address
    [ "$tier" = web ] && public=--associate-public-ip-address
    host "host_${tier}_$zone" "$tier-$zone" --subnet-id "${!subnet}" \
      --security-group-ids "${!group}" "$public"
  done
}

say 'A VPC, an internet gateway, and a route table for what is public'
keep vpc Vpc.VpcId ec2 create-vpc --cidr-block 10.0.0.0/16 \
  --tag-specifications "$(named vpc three-tier)"
gateway igw "$vpc"
keep public RouteTable.RouteTableId ec2 create-route-table --vpc-id "$vpc" \
  --tag-specifications "$(named route-table public)"
call ec2 create-route --route-table-id "$public" --destination-cidr-block 0.0.0.0/0 \
  --gateway-id "$igw"

say 'Two zones: a subnet for each tier; web is public, app leaves by the NAT gateway of its zone'
zone a 1
zone b 2
say 'db has no table of its own: the main one knows the way inside the VPC, and no other'

say 'Groups that name each other: anybody to web, web to app, app to db'
tier web 443 0.0.0.0/0
tier app 8080 "$sg_web"
tier db 5432 "$sg_app"

say 'An instance of each tier in both zones'
hosts a
hosts b
running "$host_web_a" "$host_app_a" "$host_db_a" "$host_web_b" "$host_app_b" "$host_db_b"
aws ec2 wait nat-gateway-available --nat-gateway-ids "$nat_a" "$nat_b"

say 'The Internet reaches web, on the port that is open'
run openvpc probe internet web-a --tcp 443 --expect reachable
run openvpc probe internet web-a --tcp 22

say 'It reaches nothing else: what has no public address is nowhere, and a NAT gateway is no way in'
run openvpc probe internet app-a --tcp 8080
keep outside 'NatGateways[0].NatGatewayAddresses[0].PublicIp' ec2 describe-nat-gateways \
  --nat-gateway-ids "$nat_a"
run openvpc probe internet "$outside" --tcp 8080

say 'web reaches app, in the other zone too: the rule names the group, not addresses'
run openvpc probe web-a app-b --tcp 8080 --expect reachable

say 'web does not reach db, app does'
run openvpc probe web-a db-a --tcp 5432
run openvpc probe app-a db-a --tcp 5432 --expect reachable

say 'app reaches the Internet, from the address of its NAT gateway'
run openvpc probe app-a 203.0.113.10 --tcp 443 --expect reachable

say 'db does not: its group would let it, but no route leads out'
run openvpc probe db-a 203.0.113.10 --tcp 443

say 'Who reaches whom'
run openvpc matrix --tcp 8080
run openvpc matrix --tcp 5432
