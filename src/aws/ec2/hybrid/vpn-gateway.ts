/** Virtual private gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import {
  disableVgwPropagation,
  enableVgwPropagation,
} from '../../../control/hybrid/vgw-propagation.ts';
import { createVpnGateway, deleteVpnGateway } from '../../../control/hybrid/vpn-gateway.ts';
import {
  attachVpnGateway,
  detachVpnGateway,
} from '../../../control/hybrid/vpn-gateway-attachment.ts';
import { GATEWAY_TYPE } from '../../../model/hybrid/gateway-type.ts';
import type { VpnGateway } from '../../../model/hybrid/vpn-gateway.ts';
import { DEFAULT_TRANSIT_GATEWAY_OPTIONS } from '../../../model/transit-gateway/transit-gateway.ts';
import type { FiltersOf } from '../describe.ts';
import { describeOwned } from '../describe-owned.ts';
import type { Ec2HandlersOf } from '../handler.ts';
import { parseChoice, parseTagSpecifications } from '../parse.ts';
import { tagList } from '../render.ts';
import { type View, viewIn, viewOf } from '../view.ts';

const KIND = 'vpn-gateway';

/** H-040: the same as a transit gateway's. */
const DEFAULT_ASN = DEFAULT_TRANSIT_GATEWAY_OPTIONS.amazonSideAsn;

export const vpnGatewayHandlers = {
  async CreateVpnGateway({ input, caller, cloud, dryRun }) {
    parseChoice('type', input.Type, [GATEWAY_TYPE]);
    const request = {
      amazonSideAsn: input.AmazonSideAsn ?? DEFAULT_ASN,
      ...(input.AvailabilityZone !== undefined && { zoneName: input.AvailabilityZone }),
      tags: parseTagSpecifications(input.TagSpecifications, KIND),
    };
    const view = await cloud.execute(
      (tx) => vpnGatewayView(viewIn(tx, caller), createVpnGateway(tx, caller, request)),
      { dryRun },
    );
    return { VpnGateway: view };
  },

  async DeleteVpnGateway({ input, caller, cloud, dryRun }) {
    await cloud.execute((tx) => deleteVpnGateway(tx, caller, input.VpnGatewayId), { dryRun });
    return {};
  },

  DescribeVpnGateways({ input, caller, cloud }) {
    const view = viewOf(cloud, caller);
    const { records } = describeOwned(input, cloud.model, caller, {
      kind: KIND,
      ids: input.VpnGatewayIds,
      filters: filters(view),
    });
    return { VpnGateways: records.map((record) => vpnGatewayView(view, record)) };
  },

  async AttachVpnGateway({ input, caller, cloud, dryRun }) {
    const { VpnGatewayId, VpcId } = input;
    const { attachment } = await cloud.execute(
      (tx) => attachVpnGateway(tx, caller, VpnGatewayId, VpcId),
      { dryRun },
    );
    return { VpcAttachment: attachmentView(attachment!) };
  },

  async DetachVpnGateway({ input, caller, cloud, dryRun }) {
    const { VpnGatewayId, VpcId } = input;
    await cloud.execute((tx) => detachVpnGateway(tx, caller, VpnGatewayId, VpcId), { dryRun });
    return {};
  },

  async EnableVgwRoutePropagation({ input, caller, cloud, dryRun }) {
    const request = { routeTableId: input.RouteTableId, vpnGatewayId: input.GatewayId };
    await cloud.execute((tx) => enableVgwPropagation(tx, caller, request), { dryRun });
    return {};
  },

  async DisableVgwRoutePropagation({ input, caller, cloud, dryRun }) {
    const request = { routeTableId: input.RouteTableId, vpnGatewayId: input.GatewayId };
    await cloud.execute((tx) => disableVgwPropagation(tx, caller, request), { dryRun });
    return {};
  },
} satisfies Ec2HandlersOf<
  | `${'Create' | 'Delete' | 'Attach' | 'Detach'}VpnGateway`
  | 'DescribeVpnGateways'
  | `${'Enable' | 'Disable'}VgwRoutePropagation`
>;

/** The filters of DescribeVpnGateways, as its reference lists them. */
function filters({ zoneName }: View): FiltersOf<VpnGateway> {
  return {
    'amazon-side-asn': ({ amazonSideAsn }) => amazonSideAsn,
    'attachment.state': ({ attachment }) => attachment?.state,
    'attachment.vpc-id': ({ attachment }) => attachment?.vpcId,
    'availability-zone': ({ zoneId }) => (zoneId === undefined ? undefined : zoneName(zoneId)),
    state: ({ state }) => state,
    type: () => GATEWAY_TYPE,
    'vpn-gateway-id': ({ id }) => id,
  };
}

function vpnGatewayView({ tags, zoneName }: View, gateway: VpnGateway): Sdk.VpnGateway {
  const { id, state, amazonSideAsn, zoneId, attachment } = gateway;
  return {
    VpnGatewayId: id,
    State: state,
    Type: GATEWAY_TYPE,
    AmazonSideAsn: amazonSideAsn,
    ...(zoneId !== undefined && { AvailabilityZone: zoneName(zoneId) }),
    VpcAttachments: attachment === undefined ? [] : [attachmentView(attachment)],
    Tags: tagList(tags(id)),
  };
}

function attachmentView({
  vpcId,
  state,
}: NonNullable<VpnGateway['attachment']>): Sdk.VpcAttachment {
  return { VpcId: vpcId, State: state };
}
