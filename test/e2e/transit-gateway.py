"""Transit gateways by boto3, waiting as tools do that have no waiter of AWS's: reading until it is so."""
import os
import sys
import time

import boto3

# Older ones do not hear AWS_ENDPOINT_URL, and would call the real AWS.
ec2 = boto3.client("ec2", endpoint_url=os.environ["AWS_ENDPOINT_URL"])


def wait(read, wanted, *before):
    """Reads until the answer is the wanted one; any but those that may come before is a failure."""
    for _ in range(200):
        state = read()
        if state == wanted:
            return
        if state not in before:
            sys.exit(f"{state} before {wanted}")
        time.sleep(0.02)
    sys.exit(f"not {wanted}: {state}")


def gateway():
    return ec2.describe_transit_gateways(TransitGatewayIds=[hub])["TransitGateways"][0]["State"]


def attachment():
    asked = {"TransitGatewayAttachmentIds": [attached]}
    found = ec2.describe_transit_gateway_vpc_attachments(**asked)
    return found["TransitGatewayVpcAttachments"][0]["State"]


def route():
    filters = [
        {"Name": "type", "Values": ["static"]},
        {"Name": "route-search.exact-match", "Values": ["0.0.0.0/0"]},
    ]
    found = ec2.search_transit_gateway_routes(TransitGatewayRouteTableId=table, Filters=filters)
    return found["Routes"][0]["State"] if found["Routes"] else None


hub = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
wait(gateway, "available", "pending")
pages = ec2.get_paginator("describe_transit_gateways").paginate(PaginationConfig={"PageSize": 5})
[found] = [one for page in pages for one in page["TransitGateways"]]
table = found["Options"]["AssociationDefaultRouteTableId"]

vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
made = ec2.create_transit_gateway_vpc_attachment(
    TransitGatewayId=hub, VpcId=vpc, SubnetIds=[subnet]
)
attached = made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
wait(attachment, "available", "pending")

destination = {"TransitGatewayRouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
ec2.create_transit_gateway_route(**destination, TransitGatewayAttachmentId=attached)
wait(route, "active", "pending")

ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=attached)
wait(attachment, "deleted", "available", "deleting")
wait(route, "blackhole")
ec2.delete_transit_gateway(TransitGatewayId=hub)
wait(gateway, "deleted", "available", "deleting")
try:
    ec2.describe_transit_gateways(TransitGatewayIds=["tgw-00000000000000000"])
    sys.exit("what nobody has was described")
except ec2.exceptions.ClientError as error:
    print(error.response["Error"]["Code"])
