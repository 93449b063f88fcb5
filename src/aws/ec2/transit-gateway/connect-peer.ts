/** Connect peers of transit gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import {
  type CreateConnectPeer,
  createConnectPeer,
  deleteConnectPeer,
} from '../../../control/transit-gateway/connect-peer.ts';
import { isEstablished } from '../../../model/hybrid/bgp-session.ts';
import type { ModelReader } from '../../../model/model.ts';
import {
  type ConnectPeer,
  connectPeerAddresses,
  connectSessionId,
  insideBlocks,
} from '../../../model/transit-gateway/connect-peer.ts';
import { formatCidr } from '../../../net/cidr.ts';
import { formatIp } from '../../../net/ip.ts';
import { describeOwned } from '../describe-owned.ts';
import type { Ec2Call, Ec2HandlersOf } from '../handler.ts';
import {
  parseCidrParameter,
  parseIpParameter,
  parseTagSpecifications,
  parseWithin,
} from '../parse.ts';
import { tagList } from '../render.ts';
import { type View, viewIn, viewOf } from '../view.ts';
import { CONNECT_PROTOCOL } from './connect-attachment.ts';

const TYPE = 'transit-gateway-connect-peer';

export const connectPeerHandlers = {
  async CreateTransitGatewayConnectPeer({ input, caller, cloud, dryRun }) {
    const request = parseRequest(input);
    const view = await cloud.execute(
      (tx) => peerView(viewIn(tx, caller), createConnectPeer(tx, caller, request)),
      { dryRun },
    );
    return { TransitGatewayConnectPeer: view };
  },

  async DeleteTransitGatewayConnectPeer({ input, caller, cloud, dryRun }) {
    const id = input.TransitGatewayConnectPeerId;
    const view = await cloud.execute(
      (tx) => peerView(viewIn(tx, caller), deleteConnectPeer(tx, caller, id)),
      { dryRun },
    );
    return { TransitGatewayConnectPeer: view };
  },

  DescribeTransitGatewayConnectPeers({ input, caller, cloud }) {
    const view = viewOf(cloud, caller);
    const { records, nextToken } = describeOwned(input, cloud.model, caller, {
      kind: TYPE,
      ids: input.TransitGatewayConnectPeerIds,
      filters: {
        state: ({ state }) => state,
        'transit-gateway-attachment-id': ({ attachmentId }) => attachmentId,
        'transit-gateway-connect-peer-id': ({ id }) => id,
      },
    });
    return {
      TransitGatewayConnectPeers: records.map((record) => peerView(view, record)),
      NextToken: nextToken,
    };
  },
} satisfies Ec2HandlersOf<
  `${'Create' | 'Delete'}TransitGatewayConnectPeer` | 'DescribeTransitGatewayConnectPeers'
>;

/** C-094: any number that a customer gateway may have, too (H-002). */
const ASN_MAX = 0xffff_ffff;

type CreateInput = Ec2Call<'CreateTransitGatewayConnectPeer'>['input'];

function parseRequest(input: CreateInput): CreateConnectPeer {
  const { TransitGatewayAddress: address } = input;
  const asn = input.BgpOptions?.PeerAsn;
  return {
    attachmentId: input.TransitGatewayAttachmentId,
    ...(address !== undefined && {
      transitGatewayAddress: parseIpParameter('transitGatewayAddress', address),
    }),
    peerAddress: parseIpParameter('peerAddress', input.PeerAddress),
    insideBlocks: input.InsideCidrBlocks.map((text) => {
      return parseCidrParameter('insideCidrBlocks', text);
    }),
    ...(asn !== undefined && { peerAsn: parseWithin('peerAsn', asn, 1, ASN_MAX) }),
    tags: parseTagSpecifications(input.TagSpecifications, TYPE),
  };
}

function peerView({ reader, tags }: View, peer: ConnectPeer): Sdk.TransitGatewayConnectPeer {
  const { id } = peer;
  return {
    TransitGatewayAttachmentId: peer.attachmentId,
    TransitGatewayConnectPeerId: id,
    State: peer.state,
    CreationTime: new Date(peer.creationTime),
    ConnectPeerConfiguration: {
      TransitGatewayAddress: formatIp(peer.transitGatewayAddress),
      PeerAddress: formatIp(peer.peerAddress),
      InsideCidrBlocks: insideBlocks(peer).map(formatCidr),
      Protocol: CONNECT_PROTOCOL,
      BgpConfigurations: bgpViews(reader, peer),
    },
    Tags: tagList(tags(id)),
  };
}

/** H-085: two sessions, both with the one address of the appliance. */
function bgpViews(
  reader: ModelReader,
  peer: ConnectPeer,
): Sdk.TransitGatewayAttachmentBgpConfiguration[] {
  const addresses = connectPeerAddresses(peer);
  const asn = reader.get('transit-gateway', peer.transitGatewayId)?.options.amazonSideAsn;
  return addresses.transitGateway.map((address) => ({
    TransitGatewayAsn: asn,
    PeerAsn: peer.peerAsn,
    TransitGatewayAddress: formatIp(address),
    PeerAddress: formatIp(addresses.peer),
    BgpStatus: isEstablished(reader, connectSessionId(peer.id, address)) ? 'up' : 'down',
  }));
}
