/** What must hold between the records of Connect attachments and their peers. */
import type { ModelReader } from '../../model/model.ts';
import type { Kind, Records } from '../../model/schema.ts';
import { type ConnectAttachment, hasEnded } from '../../model/transit-gateway/attachment.ts';
import { traitsOf } from '../../model/transit-gateway/attachment-traits.ts';
import {
  blockUser,
  type ConnectPeer,
  insideBlockFault,
  insideBlocks,
  insideHolder,
  isLivePeer,
  outsideHolder,
} from '../../model/transit-gateway/connect-peer.ts';
import { familyOf } from '../../net/ip.ts';

type Reference = readonly [kind: Kind, id: string | undefined];

type References = { readonly [K in Kind]?: (record: Records[K]) => readonly Reference[] };

export const CONNECT_REFERENCES: References = {
  'transit-gateway-connect-peer': (peer) =>
    isLivePeer(peer)
      ? [
          ['transit-gateway', peer.transitGatewayId],
          ['transit-gateway-attachment', peer.attachmentId],
        ]
      : [],
};

/** C-089: of a Connect attachment that has not ended. */
export function connectFault(
  reader: ModelReader,
  { transitGatewayId, transportAttachmentId }: ConnectAttachment,
): string | undefined {
  const transport = reader.get('transit-gateway-attachment', transportAttachmentId)!;
  if (transport.transitGatewayId !== transitGatewayId) return 'its transport is of another gateway';
  if (!traitsOf(transport).carriesConnect) return 'its transport carries no Connect attachment';
  return hasEnded(transport) ? 'its transport has ended' : undefined;
}

type Rules = {
  readonly [K in Kind]?: (reader: ModelReader, record: Records[K]) => string | undefined;
};

export const CONNECT_RULES: Rules = {
  'transit-gateway-connect-peer': (reader, peer) =>
    insideFault(peer) ?? (isLivePeer(peer) ? liveFault(reader, peer) : undefined),
};

/** C-091 */
function insideFault(peer: ConnectPeer): string | undefined {
  const isBad = insideBlocks(peer).some((block) => insideBlockFault(block) !== undefined);
  return isBad ? 'its inside blocks are none that a peer may have' : undefined;
}

function liveFault(reader: ModelReader, peer: ConnectPeer): string | undefined {
  const { id, transitGatewayId, attachmentId } = peer;
  const attachment = reader.get('transit-gateway-attachment', attachmentId)!;
  if (attachment.resourceType !== 'connect' || attachment.transitGatewayId !== transitGatewayId) {
    return 'its attachment is no Connect attachment of its gateway';
  }
  if (hasEnded(attachment)) return 'its attachment has ended';
  return (
    outsideFault(reader, peer) ??
    rivalFault(
      peer,
      reader
        .by('transit-gateway-connect-peer', 'gateway', transitGatewayId)
        .filter((other) => other.id !== id && isLivePeer(other)),
    )
  );
}

/** C-009, C-093 */
function outsideFault(reader: ModelReader, peer: ConnectPeer): string | undefined {
  if (familyOf(peer.transitGatewayAddress) !== familyOf(peer.peerAddress)) {
    return 'its addresses are of two families';
  }
  const { options } = reader.get('transit-gateway', peer.transitGatewayId)!;
  const isOwn = options.cidrBlocks.some((block) => blockUser([peer], block) !== undefined);
  return isOwn ? undefined : 'its address is in no CIDR block of its gateway';
}

/** C-092, C-093 */
function rivalFault(peer: ConnectPeer, rivals: readonly ConnectPeer[]): string | undefined {
  if (outsideHolder(rivals, peer) !== undefined) return 'another peer has its two addresses';
  const isTaken = insideBlocks(peer).some((block) => insideHolder(rivals, block) !== undefined);
  return isTaken ? 'another peer has its inside block' : undefined;
}
