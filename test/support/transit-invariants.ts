/** What must hold of the records of transit gateways, beyond that what they name is there. */
import type { ModelReader } from '../../src/model/model.ts';
import type { Kind, Records } from '../../src/model/schema.ts';
import type {
  TransitGatewayAttachment,
  VpcAttachment,
} from '../../src/model/transit-gateway/attachment.ts';
import { cidrFamily, formatCidr, overlaps } from '../../src/net/cidr.ts';
import { connectFaults } from './connect-invariants.ts';

type Faults = readonly (string | false)[];
type Rules = {
  readonly [K in Kind]?: (reader: ModelReader, record: Records[K]) => Faults;
};

const ENDED = ['failed', 'rejected', 'deleted'];
const CARRYING = ['available', 'modifying', 'rollingBack'];
/** States in which an attachment of a VPC has its interfaces, if it will ever have them. */
const EQUIPPED = [...CARRYING, 'deleting'];

export const TRANSIT_RULES: Rules = {
  'transit-gateway': (reader, { id, options }) => {
    const { associationDefaultRouteTableId, propagationDefaultRouteTableId } = options;
    const isForeign = (table: string | undefined) =>
      table !== undefined &&
      reader.get('transit-gateway-route-table', table)?.transitGatewayId !== id;
    return [
      isForeign(associationDefaultRouteTableId) && 'associates with a table it has not',
      isForeign(propagationDefaultRouteTableId) && 'propagates to a table it has not',
    ];
  },
  'transit-gateway-attachment': attachmentFaults,
  'transit-gateway-route-table-association': (reader, record) => [
    record.id !== `${record.transitGatewayId}|${record.attachmentId}` && 'has another id',
    ...memberFaults(reader, record),
    record.state === 'associated' &&
      !CARRYING.includes(attachmentState(reader, record.attachmentId)) &&
      'routes for an attachment that carries nothing',
  ],
  'transit-gateway-route-table-propagation': (reader, record) => [
    record.id !== `${record.routeTableId}|${record.attachmentId}` && 'has another id',
    ...memberFaults(reader, record),
    ...propagationFaults(reader, record),
  ],
  'transit-gateway-route': routeFaults,
  'transit-gateway-prefix-list-reference': (reader, record) => [
    record.id !== `${record.routeTableId}|${record.prefixListId}` && 'has another id',
    tableFault(reader, record),
  ],
  'transit-gateway-policy-table-association': (reader, record) => [
    reader.get('transit-gateway-attachment', record.attachmentId)?.resourceType !== 'peering' &&
      'is of no peering',
    reader.get('transit-gateway-route-table-association', record.id.replace('policy|', '')) !==
      undefined && 'stands beside a route table’s',
  ],
};

function attachmentState(reader: ModelReader, id: string): string {
  return reader.get('transit-gateway-attachment', id)?.state ?? '';
}

function attachmentFaults(reader: ModelReader, record: TransitGatewayAttachment): Faults {
  const { id, state, endedAt } = record;
  const ended = ENDED.includes(state);
  return [
    ended !== (endedAt !== undefined) && 'has ended and not, both',
    ended &&
      reader.count('transit-gateway-route-table-association', 'attachment', id) > 0 &&
      'has ended and is associated',
    ended &&
      reader.count('transit-gateway-route-table-propagation', 'attachment', id) > 0 &&
      'has ended and propagates',
    ...attachedFaults(reader, record),
  ];
}

function attachedFaults(reader: ModelReader, record: TransitGatewayAttachment): Faults {
  switch (record.resourceType) {
    case 'vpc':
      return vpcFaults(reader, record);
    case 'connect':
      return connectFaults(reader, record);
    case 'vpn':
    case 'peering':
    case 'direct-connect-gateway':
      return [];
  }
}

function vpcFaults(reader: ModelReader, record: VpcAttachment): Faults {
  const { state } = record;
  const ended = ENDED.includes(state);
  const zones = record.subnets.map(({ zoneId }) => zoneId);
  const others = reader
    .by('transit-gateway-attachment', 'vpc', record.vpcId)
    .filter(
      (one) => one.transitGatewayId === record.transitGatewayId && !ENDED.includes(one.state),
    );
  return [
    record.subnets.length === 0 && 'has no subnet',
    new Set(zones).size !== zones.length && 'has two subnets in a zone',
    !ended && others.length > 1 && 'is not its VPC’s only attachment to its gateway',
    ...record.subnets.map(({ subnetId, networkInterfaceId }) => {
      const eni = reader.get('network-interface', networkInterfaceId ?? '');
      if (ended || state === 'pendingAcceptance') {
        return networkInterfaceId !== undefined && 'has an interface that it should not have';
      }
      if (networkInterfaceId === undefined) {
        return CARRYING.includes(state) && 'has no interface in a subnet';
      }
      return eni?.subnetId !== subnetId && 'has an interface elsewhere';
    }),
  ];
}

interface Member {
  readonly transitGatewayId: string;
  readonly routeTableId: string;
  readonly attachmentId: string;
}

function memberFaults(reader: ModelReader, member: Member): Faults {
  const attachment = reader.get('transit-gateway-attachment', member.attachmentId);
  const sides = [
    attachment?.transitGatewayId,
    attachment?.resourceType === 'peering' ? attachment.accepter.transitGatewayId : undefined,
  ];
  return [
    tableFault(reader, member),
    !sides.includes(member.transitGatewayId) && 'is of another gateway’s attachment',
  ];
}

function tableFault(
  reader: ModelReader,
  { routeTableId, transitGatewayId }: Pick<Member, 'routeTableId' | 'transitGatewayId'>,
): string | false {
  const table = reader.get('transit-gateway-route-table', routeTableId);
  return table?.transitGatewayId !== transitGatewayId && 'is of another gateway’s table';
}

/** C-061, C-135: the routes are there, and no others. */
function propagationFaults(
  reader: ModelReader,
  { state, attachmentId, routeTableId }: Records['transit-gateway-route-table-propagation'],
): Faults {
  const attachment = reader.get('transit-gateway-attachment', attachmentId);
  if (attachment === undefined || attachment.resourceType === 'peering') {
    return ['is of what propagates nothing'];
  }
  const isOn = state === 'enabled' && CARRYING.includes(attachment.state);
  const blocks = isOn ? blocksOf(reader, attachment) : [];
  const found = reader
    .by('transit-gateway-route', 'attachment', attachmentId)
    .filter((route) => route.type === 'propagated' && route.routeTableId === routeTableId)
    .map(({ destination }) => formatCidr(destination));
  return [
    [...blocks].sort().join() !== [...found].sort().join() &&
      `has the routes ${found} and should have ${blocks}`,
  ];
}

/** What an attachment offers; a VPN's nothing. */
function blocksOf(reader: ModelReader, attachment: TransitGatewayAttachment): string[] {
  if (attachment.resourceType !== 'vpc') return [];
  const { ipv6Support } = attachment.options;
  const vpc = reader.get('vpc', attachment.vpcId);
  return [...(vpc?.cidrs ?? []), ...(vpc?.ipv6Cidrs ?? [])]
    .filter((one) => one.state === 'associated')
    .filter(({ cidr }) => cidrFamily(cidr) === 4 || ipv6Support)
    .map(({ cidr }) => formatCidr(cidr));
}

function routeFaults(reader: ModelReader, route: Records['transit-gateway-route']): Faults {
  const { id, routeTableId, destination, attachmentId } = route;
  const place = `${routeTableId}|${formatCidr(destination)}`;
  if (route.type === 'static') {
    const target = reader.get('transit-gateway-attachment', attachmentId ?? '');
    return [
      id !== place && 'has another id',
      tableFault(reader, route),
      target?.resourceType === 'connect' && 'leads to a Connect attachment', // C-072
    ];
  }
  const propagation = reader.get(
    'transit-gateway-route-table-propagation',
    `${routeTableId}|${attachmentId}`,
  );
  const rivals = reader
    .by('transit-gateway-route', 'table', routeTableId)
    .filter((other) => other.type === 'propagated' && !other.suppressed)
    .filter((other) => other.attachmentId !== attachmentId)
    .filter((other) => overlaps(other.destination, destination));
  return [
    id !== `${place}|${attachmentId}` && 'has another id',
    tableFault(reader, route),
    propagation?.state !== 'enabled' && 'is propagated by nothing',
    // C-044, C-137: of overlapping blocks one VPC's are installed, and always some.
    route.suppressed !== rivals.length > 0 && 'is suppressed without reason, or not with one',
  ];
}

/** Interfaces that gateways have are those of attachments. */
export function transitInterfaceFault(
  reader: ModelReader,
  { id, interfaceType }: Records['network-interface'],
): string | false {
  if (interfaceType !== 'transit_gateway') return false;
  const attachment = reader.first('transit-gateway-attachment', 'interface', id);
  const isHeld = ['pending', ...EQUIPPED].includes(attachment?.state ?? '');
  return !isHeld && 'is of no attachment';
}
