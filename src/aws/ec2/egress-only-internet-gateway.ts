/** Egress-only internet gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import {
  createEgressOnlyInternetGateway,
  deleteEgressOnlyInternetGateway,
} from '../../control/vpc/egress-only-internet-gateway.ts';
import type { EgressOnlyInternetGateway } from '../../model/vpc/egress-only-internet-gateway.ts';
import { clientTokenOf } from './client-token.ts';
import { describeOwned } from './describe-owned.ts';
import type { Ec2HandlersOf } from './handler.ts';
import { parseTagSpecifications } from './parse.ts';
import { tagList } from './render.ts';
import { type View, viewIn, viewOf } from './view.ts';

const KIND = 'egress-only-internet-gateway';

export const egressOnlyInternetGatewayHandlers = {
  async CreateEgressOnlyInternetGateway({ input, caller, cloud, dryRun }) {
    const request = {
      vpcId: input.VpcId,
      tags: parseTagSpecifications(input.TagSpecifications, KIND),
      clientToken: clientTokenOf('CreateEgressOnlyInternetGateway', input),
    };
    const view = await cloud.execute(
      (tx) => gatewayView(viewIn(tx, caller), createEgressOnlyInternetGateway(tx, caller, request)),
      { dryRun },
    );
    return { EgressOnlyInternetGateway: view, ClientToken: request.clientToken.token };
  },

  async DeleteEgressOnlyInternetGateway({ input, caller, cloud, dryRun }) {
    const id = input.EgressOnlyInternetGatewayId;
    await cloud.execute((tx) => deleteEgressOnlyInternetGateway(tx, caller, id), { dryRun });
    return { ReturnCode: true };
  },

  DescribeEgressOnlyInternetGateways({ input, caller, cloud }) {
    const page = describeOwned(input, cloud.model, caller, {
      kind: KIND,
      ids: input.EgressOnlyInternetGatewayIds,
      // Tags alone, as its reference has it.
      filters: {},
      page: { min: 5, max: 255 },
    });
    const view = viewOf(cloud, caller);
    return {
      EgressOnlyInternetGateways: page.records.map((record) => gatewayView(view, record)),
      NextToken: page.nextToken,
    };
  },
} satisfies Ec2HandlersOf<
  `${'Create' | 'Delete'}EgressOnlyInternetGateway` | 'DescribeEgressOnlyInternetGateways'
>;

function gatewayView(
  { tags }: View,
  { id, vpcId }: EgressOnlyInternetGateway,
): Sdk.EgressOnlyInternetGateway {
  return {
    EgressOnlyInternetGatewayId: id,
    Attachments: [{ VpcId: vpcId, State: 'attached' }],
    Tags: tagList(tags(id)),
  };
}
