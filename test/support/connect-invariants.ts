/** What must hold of Connect attachments and their peers, beyond that what they name is there. */
import type { ModelReader } from '../../src/model/model.ts';
import type { Kind, Records } from '../../src/model/schema.ts';
import type { ConnectAttachment } from '../../src/model/transit-gateway/attachment.ts';
import { formatCidr } from '../../src/net/cidr.ts';
import { formatIp } from '../../src/net/ip.ts';

type Faults = readonly (string | false)[];
type Rules = {
  readonly [K in Kind]?: (reader: ModelReader, record: Records[K]) => Faults;
};

const ENDED = ['failed', 'rejected', 'deleted'];

export const CONNECT_RULES: Rules = {
  'transit-gateway-connect-peer': (reader, peer) => {
    const { id, state, endedAt, attachmentId, transitGatewayId } = peer;
    const ended = state === 'deleted';
    const common = [ended !== (endedAt !== undefined) && 'has ended and not, both'];
    if (ended) return common;
    const attachment = reader.get('transit-gateway-attachment', attachmentId);
    const others = [...reader.all('transit-gateway-connect-peer')].filter(
      (other) => other.id !== id && other.state !== 'deleted',
    );
    const beside = others.filter((other) => other.transitGatewayId === transitGatewayId);
    return [
      ...common,
      attachment?.resourceType !== 'connect' && 'is of no Connect attachment',
      ENDED.includes(attachment?.state ?? '') && 'outlives its attachment',
      attachment?.transitGatewayId !== transitGatewayId && 'is of another gateway’s attachment',
      beside.some((other) => inside(other) === inside(peer)) && 'shares its inside block',
      beside.some((other) => outside(other) === outside(peer)) && 'shares both its addresses',
    ];
  },
};

const inside = ({ insideCidr }: Records['transit-gateway-connect-peer']) => formatCidr(insideCidr);

function outside(peer: Records['transit-gateway-connect-peer']): string {
  return `${formatIp(peer.transitGatewayAddress)} ${formatIp(peer.peerAddress)}`;
}

/** C-089: what it rides on is there as long as it is. */
export function connectFaults(reader: ModelReader, record: ConnectAttachment): Faults {
  if (ENDED.includes(record.state)) return [];
  const transport = reader.get('transit-gateway-attachment', record.transportAttachmentId);
  return [
    !['vpc', 'direct-connect-gateway'].includes(transport?.resourceType ?? '') &&
      'rides on what carries nothing',
    transport?.transitGatewayId !== record.transitGatewayId && 'rides on another gateway’s',
    ENDED.includes(transport?.state ?? '') && 'outlives its transport',
  ];
}
