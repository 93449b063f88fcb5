/** Peered transit gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { owns, type Scope } from '../../../control/scope.ts';
import type { Transaction } from '../../../control/transaction.ts';
import {
  acceptPeeringAttachment,
  createPeeringAttachment,
  deletePeeringAttachment,
  rejectPeeringAttachment,
} from '../../../control/transit-gateway/peering-attachment.ts';
import {
  findPeeringAttachment,
  visiblePeeringAttachments,
} from '../../../control/transit-gateway/visible-attachment.ts';
import { isRegion } from '../../../model/region.ts';
import {
  type PeeringAttachment,
  sidesOf,
  type TransitGatewaySide,
} from '../../../model/transit-gateway/attachment.ts';
import { describe, type FiltersOf } from '../describe.ts';
import type { Ec2Call, Ec2HandlersOf } from '../handler.ts';
import { invalidValue, parseTagSpecifications } from '../parse.ts';
import { tagList } from '../render.ts';
import { type View, viewIn, viewOf } from '../view.ts';
import { able, isEnabled } from './able.ts';
import { localSides } from './attachment.ts';

const TYPE = 'transit-gateway-attachment';

export const peeringAttachmentHandlers = {
  async CreateTransitGatewayPeeringAttachment({ input, caller, cloud, dryRun }) {
    const request = {
      transitGatewayId: input.TransitGatewayId,
      peer: parsePeer(input),
      dynamicRouting: isEnabled(input.Options?.DynamicRouting, false),
      tags: parseTagSpecifications(input.TagSpecifications, TYPE),
    };
    const view = await cloud.execute(
      (tx) => peeringView(viewIn(tx, caller), createPeeringAttachment(tx, caller, request)),
      { dryRun },
    );
    return { TransitGatewayPeeringAttachment: view };
  },

  AcceptTransitGatewayPeeringAttachment: (call) => change(call, acceptPeeringAttachment),
  RejectTransitGatewayPeeringAttachment: (call) => change(call, rejectPeeringAttachment),
  DeleteTransitGatewayPeeringAttachment: (call) => change(call, deletePeeringAttachment),

  DescribeTransitGatewayPeeringAttachments({ input, caller, cloud }) {
    const view = viewOf(cloud, caller);
    const ids = [...new Set(input.TransitGatewayAttachmentIds ?? [])];
    const { records, nextToken } = describe(input, {
      records:
        ids.length === 0
          ? visiblePeeringAttachments(cloud.model, caller)
          : ids.map((id) => findPeeringAttachment(cloud.model, caller, id)),
      filters: filters(caller),
      tags: ({ id }) => view.tags(id),
    });
    return {
      TransitGatewayPeeringAttachments: records.map((record) => peeringView(view, record)),
      NextToken: nextToken,
    };
  },
} satisfies Ec2HandlersOf<
  `${'Create' | Change}TransitGatewayPeeringAttachment` | 'DescribeTransitGatewayPeeringAttachments'
>;

type Change = 'Accept' | 'Reject' | 'Delete';

async function change(
  { input, caller, cloud, dryRun }: Ec2Call<`${Change}TransitGatewayPeeringAttachment`>,
  command: (tx: Transaction, scope: Scope, id: string) => PeeringAttachment,
) {
  const id = input.TransitGatewayAttachmentId;
  const view = await cloud.execute(
    (tx) => peeringView(viewIn(tx, caller), command(tx, caller, id)),
    { dryRun },
  );
  return { TransitGatewayPeeringAttachment: view };
}

function parsePeer(
  input: Ec2Call<'CreateTransitGatewayPeeringAttachment'>['input'],
): TransitGatewaySide {
  const { PeerAccountId, PeerRegion, PeerTransitGatewayId } = input;
  if (!/^\d{12}$/.test(PeerAccountId)) {
    throw invalidValue('peerAccountId', PeerAccountId, 'An account ID has 12 digits.');
  }
  if (!isRegion(PeerRegion)) {
    throw invalidValue('peerRegion', PeerRegion, 'This is not a valid Region.');
  }
  return {
    account: PeerAccountId,
    region: PeerRegion,
    transitGatewayId: PeerTransitGatewayId,
  };
}

/** The filters of DescribeTransitGatewayPeeringAttachments, as its reference lists them. */
function filters(scope: Scope): FiltersOf<PeeringAttachment> {
  return {
    'local-owner-id': () => scope.account,
    'remote-owner-id': (record) => {
      const [requester, accepter] = sidesOf(record);
      return (owns(scope, requester!) ? accepter! : requester!).account;
    },
    state: ({ state }) => state,
    'transit-gateway-attachment-id': ({ id }) => id,
    'transit-gateway-id': (record) =>
      localSides(scope, record).map(({ transitGatewayId }) => transitGatewayId),
  };
}

function peeringView(
  { tags }: View,
  attachment: PeeringAttachment,
): Sdk.TransitGatewayPeeringAttachment {
  const { id, state, creationTime, dynamicRouting } = attachment;
  const [requester, accepter] = sidesOf(attachment);
  return {
    TransitGatewayAttachmentId: id,
    AccepterTransitGatewayAttachmentId: id, // C-138
    RequesterTgwInfo: sideView(requester!),
    AccepterTgwInfo: sideView(accepter!),
    Options: { DynamicRouting: able(dynamicRouting) },
    State: state,
    CreationTime: new Date(creationTime),
    Tags: tagList(tags(id)),
  };
}

function sideView({ transitGatewayId, account, region }: TransitGatewaySide): Sdk.PeeringTgwInfo {
  return { TransitGatewayId: transitGatewayId, OwnerId: account, Region: region };
}
