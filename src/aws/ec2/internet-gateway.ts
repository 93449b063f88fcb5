/** Internet gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { Scope } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import {
  attachInternetGateway,
  createInternetGateway,
  deleteInternetGateway,
  detachInternetGateway,
} from '../../control/vpc/internet-gateway.ts';
import type { ModelReader } from '../../model/model.ts';
import type { InternetGateway } from '../../model/vpc/internet-gateway.ts';
import type { FiltersOf } from './describe.ts';
import { describeOwned } from './describe-owned.ts';
import type { Ec2HandlersOf } from './handler.ts';
import { parseTagSpecifications } from './parse.ts';
import { tagList } from './render.ts';

export const internetGatewayHandlers = {
  async CreateInternetGateway({ input, caller, cloud, dryRun }) {
    const tags = parseTagSpecifications(input.TagSpecifications, 'internet-gateway');
    const gateway = await cloud.execute((tx) => createInternetGateway(tx, caller, { tags }), {
      dryRun,
    });
    return { InternetGateway: gatewayView(cloud.model, caller, gateway) };
  },

  async DeleteInternetGateway({ input, caller, cloud, dryRun }) {
    const id = input.InternetGatewayId;
    await cloud.execute((tx) => deleteInternetGateway(tx, caller, id), { dryRun });
    return {};
  },

  async AttachInternetGateway({ input, caller, cloud, dryRun }) {
    const { InternetGatewayId: id, VpcId } = input;
    await cloud.execute((tx) => attachInternetGateway(tx, caller, id, VpcId), { dryRun });
    return {};
  },

  async DetachInternetGateway({ input, caller, cloud, dryRun }) {
    const { InternetGatewayId: id, VpcId } = input;
    await cloud.execute((tx) => detachInternetGateway(tx, caller, id, VpcId), { dryRun });
    return {};
  },

  DescribeInternetGateways({ input, caller, cloud }) {
    const page = describeOwned(input, cloud.model, caller, {
      kind: 'internet-gateway',
      ids: input.InternetGatewayIds,
      filters: FILTERS,
    });
    const InternetGateways = page.records.map((gateway) =>
      gatewayView(cloud.model, caller, gateway),
    );
    return { InternetGateways, NextToken: page.nextToken };
  },
} satisfies Ec2HandlersOf<
  `${'Create' | 'Delete' | 'Attach' | 'Detach'}InternetGateway` | 'DescribeInternetGateways'
>;

/** The filters of DescribeInternetGateways, as its reference lists them. */
const FILTERS: FiltersOf<InternetGateway> = {
  'attachment.state': ({ attachment }) => attachment?.state,
  'attachment.vpc-id': ({ attachment }) => attachment?.vpcId,
  'internet-gateway-id': ({ id }) => id,
  'owner-id': ({ account }) => account,
};

function gatewayView(
  reader: ModelReader,
  scope: Scope,
  { id, account, attachment }: InternetGateway,
): Sdk.InternetGateway {
  return {
    InternetGatewayId: id,
    OwnerId: account,
    // `available` is AWS's word for attached, which the SDK's enumeration does not know.
    Attachments:
      attachment === undefined
        ? []
        : [{ VpcId: attachment.vpcId, State: attachment.state as Sdk.AttachmentStatus }],
    Tags: tagList(tagsOf(reader, scope, id)),
  };
}
