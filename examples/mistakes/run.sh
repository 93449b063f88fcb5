#!/usr/bin/env bash
# Six mistakes that people make with VPCs and peerings, and what openvpc says to each. See README.md.
source "$(dirname "$0")/../common.sh"

say 'Three VPCs in a row: a - b - c'
network a 10.0.0.0/24
network b 10.1.0.0/24
network c 10.2.0.0/24
running "$a_host" "$b_host" "$c_host"
peer ab a b
peer bc b c
call ec2 create-route --route-table-id "$a_rtb" --destination-cidr-block 10.1.0.0/24 \
  --vpc-peering-connection-id "$ab"
call ec2 authorize-security-group-ingress --group-id "$b_sg" --protocol tcp --port 80 \
  --cidr 10.0.0.0/8

say '1. No return route: the request arrives, the reply does not'
run openvpc probe a b --tcp 80
call ec2 create-route --route-table-id "$b_rtb" --destination-cidr-block 10.0.0.0/24 \
  --vpc-peering-connection-id "$ab"
run openvpc probe a b --tcp 80 --expect reachable

say '2. A network ACL without the ephemeral ports: ACLs keep no state, the reply needs a rule too'
keep closed NetworkAcl.NetworkAclId ec2 create-network-acl --vpc-id "$a_vpc"
keep association 'NetworkAcls[0].Associations[0].NetworkAclAssociationId' \
  ec2 describe-network-acls --filters "Name=association.subnet-id,Values=$a_subnet"
call ec2 create-network-acl-entry --network-acl-id "$closed" --rule-number 100 --egress \
  --protocol=-1 --rule-action allow --cidr-block 0.0.0.0/0
call ec2 create-network-acl-entry --network-acl-id "$closed" --rule-number 100 --ingress \
  --protocol 6 --port-range From=80,To=80 --rule-action allow --cidr-block 0.0.0.0/0
call ec2 replace-network-acl-association --association-id "$association" \
  --network-acl-id "$closed"
run openvpc probe a b --tcp 80
call ec2 create-network-acl-entry --network-acl-id "$closed" --rule-number 200 --ingress \
  --protocol 6 --port-range From=1024,To=65535 --rule-action allow --cidr-block 0.0.0.0/0
run openvpc probe a b --tcp 80 --expect reachable

say '3. The group is closed: port 80 was opened, 443 was meant'
run openvpc probe a b --tcp 443

say '4. Transit through a peer: a is peered with b, b with c, and that joins a with b only'
call ec2 create-route --route-table-id "$a_rtb" --destination-cidr-block 10.2.0.0/24 \
  --vpc-peering-connection-id "$ab"
run openvpc probe a c --tcp 80

say '5. Overlapping ranges: the request is accepted and fails, without saying why'
keep twin Vpc.VpcId ec2 create-vpc --cidr-block 10.0.0.0/16
keep overlap VpcPeeringConnection.VpcPeeringConnectionId ec2 create-vpc-peering-connection \
  --vpc-id "$a_vpc" --peer-vpc-id "$twin"
settle overlap failed
run aws ec2 describe-vpc-peering-connections --vpc-peering-connection-ids "$overlap" \
  --query 'VpcPeeringConnections[0].Status.Message' --output text

say '6. An internet gateway, a default route, and no public address'
keep igw InternetGateway.InternetGatewayId ec2 create-internet-gateway
call ec2 attach-internet-gateway --internet-gateway-id "$igw" --vpc-id "$c_vpc"
call ec2 create-route --route-table-id "$c_rtb" --destination-cidr-block 0.0.0.0/0 \
  --gateway-id "$igw"
run openvpc probe c 203.0.113.10 --tcp 443
keep public 'Instances[0].InstanceId' ec2 run-instances --image-id ami-0123456789abcdef0 \
  --instance-type t3.micro --subnet-id "$c_subnet" --associate-public-ip-address \
  --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=public}]'
running "$public"
run openvpc probe public 203.0.113.10 --tcp 443 --expect reachable
