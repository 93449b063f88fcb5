#!/usr/bin/env bash
# An appliance that sees all that passes between the Internet and a subnet. See README.md.
source "$(dirname "$0")/../common.sh"

# part NAME CIDR: an instance in a subnet with a route table and a security group of its own.
part() {
  local name=$1 subnet="subnet_$1" rtb="rtb_$1" sg="sg_$1"
  keep "$subnet" Subnet.SubnetId ec2 create-subnet --vpc-id "$vpc" --cidr-block "$2"
  keep "$rtb" RouteTable.RouteTableId ec2 create-route-table --vpc-id "$vpc" \
    --tag-specifications "$(named route-table "$name")"
  call ec2 associate-route-table --route-table-id "${!rtb}" --subnet-id "${!subnet}"
  keep "$sg" GroupId ec2 create-security-group --vpc-id "$vpc" --group-name "$name" \
    --description "of the $name"
  call ec2 authorize-security-group-ingress --group-id "${!sg}" --protocol tcp --port 443 \
    --cidr 0.0.0.0/0
  host "$name" "$name" --subnet-id "${!subnet}" --security-group-ids "${!sg}" \
    --associate-public-ip-address
}

say 'An appliance and an application, each in a subnet of its own, with a public address'
keep vpc Vpc.VpcId ec2 create-vpc --cidr-block 10.0.0.0/16 \
  --tag-specifications "$(named vpc inspection)"
gateway igw "$vpc"
part appliance 10.0.1.0/24
part app 10.0.2.0/24
running "$appliance" "$app"

say 'The appliance forwards what is not addressed to it, back out where it came in'
call ec2 modify-instance-attribute --instance-id "$appliance" --no-source-dest-check
keep eni 'Reservations[0].Instances[0].NetworkInterfaces[0].NetworkInterfaceId' \
  ec2 describe-instances --instance-ids "$appliance"

say 'From the application the way to the Internet leads by the appliance'
call ec2 create-route --route-table-id "$rtb_appliance" --destination-cidr-block 0.0.0.0/0 \
  --gateway-id "$igw"
call ec2 create-route --route-table-id "$rtb_app" --destination-cidr-block 0.0.0.0/0 \
  --network-interface-id "$eni"

say '1. No edge route: the request comes straight, its reply by an appliance that never saw it'
run openvpc probe internet app --tcp 443
say 'What the application begins gets through, and no reply of it is ever inspected'
run openvpc probe app 203.0.113.10 --tcp 443 --expect reachable

say 'A route table for the internet gateway: what enters for the application goes there too'
keep edge RouteTable.RouteTableId ec2 create-route-table --vpc-id "$vpc" \
  --tag-specifications "$(named route-table edge)"
call ec2 create-route --route-table-id "$edge" --destination-cidr-block 10.0.2.0/24 \
  --network-interface-id "$eni"
call ec2 associate-route-table --route-table-id "$edge" --gateway-id "$igw"
run openvpc probe internet app --tcp 443 --expect reachable

say 'What the application begins passes it both ways too, if its group lets it through'
run openvpc probe app 203.0.113.10 --tcp 443 --expect reachable
run openvpc probe app 203.0.113.10 --tcp 25

say '2. The appliance swallows: its software drops what it should hand on'
call ec2 create-tags --resources "$appliance" --tags Key=openvpc:forward,Value=drop
run openvpc probe internet app --tcp 443
call ec2 delete-tags --resources "$appliance" --tags Key=openvpc:forward

say '3. Its source/destination check is on: it is handed nothing that is for others'
call ec2 modify-instance-attribute --instance-id "$appliance" --source-dest-check
run openvpc probe internet app --tcp 443
call ec2 modify-instance-attribute --instance-id "$appliance" --no-source-dest-check

say 'All mended'
run openvpc probe internet app --tcp 443 --expect reachable
