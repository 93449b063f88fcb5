#!/usr/bin/env bash
# Two VPCs, a peering, real packets: AWS's peering guide, step by step. See README.md.
source "$(dirname "$0")/../common.sh"

say 'Two VPCs, each with a subnet and an instance'
network left 10.0.0.0/24
network right 10.1.0.0/24
running "$left_host" "$right_host"

say 'Nothing joins them yet'
run openvpc probe left right --tcp 443

say 'A peering: requested by one side, accepted by the other'
peer pcx left right

say 'Accepting installs no routes: each side adds its own'
call ec2 create-route --route-table-id "$left_rtb" --destination-cidr-block 10.1.0.0/24 \
  --vpc-peering-connection-id "$pcx"
run openvpc probe left right --tcp 443

say 'The packet arrives at the instance, and its security group refuses it: open it'
call ec2 authorize-security-group-ingress --group-id "$right_sg" \
  --protocol tcp --port 443 --cidr 10.0.0.0/24
run openvpc probe left right --tcp 443

say 'The request arrives; the reply has no way back: the other route'
call ec2 create-route --route-table-id "$right_rtb" --destination-cidr-block 10.0.0.0/24 \
  --vpc-peering-connection-id "$pcx"
run openvpc probe left right --tcp 443

say 'Only what was opened passes'
run openvpc probe left right --tcp 22
run openvpc matrix --tcp 443

say 'Deleted: both sides keep their routes, as blackholes'
call ec2 delete-vpc-peering-connection --vpc-peering-connection-id "$pcx"
settle pcx deleted
run openvpc probe left right --tcp 443
