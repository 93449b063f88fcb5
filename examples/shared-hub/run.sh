#!/usr/bin/env bash
# A transit gateway of one account, shared with another by RAM. See README.md.
source "$(dirname "$0")/../transit.sh"

# as ACCOUNT: whose calls those are that follow. Here a key id of 12 digits is the account.
as() { set_up AWS_ACCESS_KEY_ID "$1"; }
network_team=111111111111
app_team=222222222222

say 'The network team has a transit gateway, and a VPC on it'
as $network_team
network tools 10.0.0.0/24
let_in 10.0.0.0/8 tools
transit 'hub hub_table'
attach hub tools
attached tools
way hub 10.1.0.0/16 tools
running "$tools_host"

say 'It shares the gateway with the account of the app team'
keep share resourceShare.resourceShareArn ram create-resource-share --name hub \
  --resource-arns "arn:aws:ec2:$AWS_REGION:$network_team:transit-gateway/$hub" \
  --principals $app_team

say 'The app team has a VPC. It does not know of the gateway before it accepts the invitation'
as $app_team
network app 10.1.0.0/24
let_in 10.0.0.0/8 app
running "$app_host"
run aws ec2 describe-transit-gateways --query 'TransitGateways[].TransitGatewayId'
keep invitation 'resourceShareInvitations[0].resourceShareInvitationArn' \
  ram get-resource-share-invitations --resource-share-arns "$share"
call ram accept-resource-share-invitation --resource-share-invitation-arn "$invitation"

say 'Now it may attach its VPC. The VPC is not on the gateway before the owner of that has accepted'
attach hub app
becomes "$app_attachment" pendingAcceptance 'TransitGatewayAttachments[0].State' \
  ec2 describe-transit-gateway-attachments --transit-gateway-attachment-ids "$app_attachment"
refused ec2 create-route --route-table-id "$app_rtb" --destination-cidr-block 10.0.0.0/16 \
  --transit-gateway-id "$hub"
run openvpc probe tools app --tcp 443

say 'The network team accepts: the gateway associates the attachment, and learns the way to its VPC'
as $network_team
run aws ec2 describe-transit-gateway-attachments --output text \
  --query 'TransitGatewayAttachments[].[ResourceOwnerId,State]'
call ec2 accept-transit-gateway-vpc-attachment --transit-gateway-attachment-id "$app_attachment"
attached app

say 'The request arrives; the way back is the app team'\''s to make, in its own VPC'
run openvpc probe tools app --tcp 443
as $app_team
way hub 10.0.0.0/16 app
run openvpc probe tools app --tcp 443 --expect reachable
run openvpc probe app tools --tcp 443 --expect reachable

say 'The tables of the gateway are nobody'\''s but the owner'\''s'
refused ec2 create-transit-gateway-route --transit-gateway-route-table-id "$hub_table" \
  --destination-cidr-block 0.0.0.0/0 --transit-gateway-attachment-id "$app_attachment"

say 'The share ends. What is attached stays attached; nothing new is'
as $network_team
call ram delete-resource-share --resource-share-arn "$share"
as $app_team
run aws ec2 describe-transit-gateways --query 'TransitGateways[].TransitGatewayId'

say 'Who reaches whom'
run openvpc matrix --tcp 443
