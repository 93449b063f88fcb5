/** What must hold of one record among the others, beyond that what it names is there. */
import type { ModelReader } from '../../src/model/model.ts';
import type { Kind, Records } from '../../src/model/schema.ts';
import { DEFAULT_GROUP_NAME } from '../../src/model/vpc/security-group.ts';
import {
  type Cidr,
  cidrFamily,
  containsCidr,
  containsIp,
  formatCidr,
  networkOf,
  overlaps,
} from '../../src/net/cidr.ts';
import { formatIp, ipEquals, ipKey } from '../../src/net/ip.ts';
import { CONNECT_RULES } from './connect-invariants.ts';
import { DIRECT_CONNECT_RULES } from './direct-connect-invariants.ts';
import { MULTICAST_RULES } from './multicast-invariants.ts';
import { TRANSIT_RULES, transitInterfaceFault } from './transit-invariants.ts';

type Association = Records['resource-share-association'];
type Rules = {
  readonly [K in Kind]?: (reader: ModelReader, record: Records[K]) => readonly (string | false)[];
};

const LIVE = ['associating', 'associated', 'disassociating'];

const RULES: Rules = {
  ...TRANSIT_RULES,
  ...CONNECT_RULES,
  ...MULTICAST_RULES,
  ...DIRECT_CONNECT_RULES,
  vpc: (reader, { id, cidrs, ipv6Cidrs }) => {
    const blocks = [...cidrs, ...ipv6Cidrs].filter(({ state }) => LIVE.includes(state));
    const groups = reader.by('security-group', 'vpc', id);
    return [
      reader.count('route-table-association', 'main', id) !== 1 && 'has not one main route table',
      reader.count('network-acl', 'default', id) !== 1 && 'has not one default ACL',
      groups.filter(({ groupName }) => groupName === DEFAULT_GROUP_NAME).length !== 1 &&
        'has not one default group',
      !LIVE.includes(cidrs[0]?.state ?? '') && 'has no primary block',
      ...blocks.map(({ cidr }) => hostBits(cidr)),
      ...overlapping(blocks.map(({ cidr }) => cidr)),
    ];
  },
  subnet: (reader, { id, vpcId, cidr, ipv6Cidrs, account, region }) => {
    const vpc = reader.get('vpc', vpcId);
    const outer = [...(vpc?.cidrs ?? []), ...(vpc?.ipv6Cidrs ?? [])].map((one) => one.cidr);
    const own = [...(cidr === undefined ? [] : [cidr]), ...live(ipv6Cidrs)];
    const others = reader
      .by('subnet', 'vpc', vpcId)
      .filter((other) => other.id !== id)
      .flatMap((other) => [...(other.cidr ? [other.cidr] : []), ...live(other.ipv6Cidrs)]);
    return [
      vpc?.account !== account && 'is not of its VPC’s account',
      vpc?.region !== region && 'is not in its VPC’s Region',
      reader.count('network-acl-association', 'subnet', id) !== 1 && 'has not one ACL',
      reader.count('route-table-association', 'subnet', id) > 1 && 'has two route tables',
      own.length === 0 && 'has no block',
      ...own.map((block) => hostBits(block)),
      ...own.map(
        (block) =>
          !outer.some((one) => containsCidr(one, block)) &&
          `has ${formatCidr(block)}, which is not of its VPC`,
      ),
      ...own.flatMap((block) =>
        others.map((other) => overlaps(block, other) && `overlaps ${formatCidr(other)}`),
      ),
    ];
  },
  'address-cursor': (reader, { id, offset }) => {
    const block = reader.get('subnet', id)?.cidr;
    return [block !== undefined && offset > 2 ** (32 - block.length) && 'points past its subnet'];
  },
  'route-table-association': (reader, { routeTableId, vpcId, main, subnetId, gatewayId }) => [
    reader.get('route-table', routeTableId)?.vpcId !== vpcId && 'joins two VPCs',
    subnetId !== undefined &&
      reader.get('subnet', subnetId)?.vpcId !== vpcId &&
      'is of a subnet of another VPC',
    Number(main) + Number(subnetId !== undefined) + Number(gatewayId !== undefined) !== 1 &&
      'is not of one thing',
  ],
  route: (reader, { id, routeTableId, destination, target, origin }) => {
    const vpcId = reader.get('route-table', routeTableId)?.vpcId;
    const eni =
      target.kind === 'network-interface' ? reader.get('network-interface', target.id) : undefined;
    const isPropagated = origin === 'EnableVgwRoutePropagation';
    const by = isPropagated && target.kind !== 'local' ? `|${target.id}` : '';
    return [
      id !== `${routeTableId}|${formatCidr(destination)}${by}` &&
        'has not the id of its destination',
      isPropagated && target.kind !== 'vpn-gateway' && 'is propagated by no gateway',
      hostBits(destination),
      eni !== undefined && eni.vpcId !== vpcId && 'leads to an interface of another VPC',
    ];
  },
  'network-acl': (_reader, { entries }) => {
    const keys = entries.map(({ egress, ruleNumber }) => `${egress} ${ruleNumber}`);
    return [
      new Set(keys).size !== keys.length && 'has two entries of one number',
      entries.some(({ ruleNumber }) => ruleNumber < 1 || ruleNumber > 32766) &&
        'has a number out of range',
      ...entries.map(({ cidr }) => hostBits(cidr)),
      ...entries.map((entry) => trafficFault(entry)),
    ];
  },
  'network-acl-association': (reader, { networkAclId, subnetId }) => [
    reader.get('network-acl', networkAclId)?.vpcId !== reader.get('subnet', subnetId)?.vpcId &&
      'joins two VPCs',
  ],
  'security-group-rule': (reader, record) => {
    const { groupId, peer } = record;
    const group = reader.get('security-group', groupId);
    const referred = peer.kind === 'group' ? reader.get('security-group', peer.groupId) : undefined;
    return [
      peer.kind === 'cidr' && hostBits(peer.cidr),
      trafficFault(record),
      peer.kind === 'group' &&
        peer.vpcId === group?.vpcId &&
        referred === undefined &&
        'refers to a group of its own VPC that is gone',
      referred !== undefined &&
        peer.kind === 'group' &&
        (referred.vpcId !== peer.vpcId || referred.account !== peer.account) &&
        'remembers its group wrongly',
    ];
  },
  'network-interface': interfaceFaults,
  instance: (reader, { id, state }) => {
    const own = reader.by('network-interface', 'instance', id);
    const indexes = own.map(({ attachment }) => attachment?.deviceIndex ?? -1);
    return [
      new Set(indexes).size !== indexes.length && 'has two interfaces of one index',
      state === 'terminated' && own.length > 0 && 'is terminated and holds interfaces',
      state !== 'terminated' && !indexes.includes(0) && 'has no primary interface',
    ];
  },
  'internet-gateway': (reader, { attachment }) => [
    attachment !== undefined &&
      reader.count('internet-gateway', 'vpc', attachment.vpcId) > 1 &&
      'shares its VPC with another gateway',
  ],
  'vpn-gateway': (reader, { attachment }) => [
    attachment !== undefined &&
      attachment.state !== 'detached' &&
      reader.count('vpn-gateway', 'vpc', attachment.vpcId) > 1 &&
      'shares its VPC with another gateway',
  ],
  'vgw-route-propagation': (reader, { routeTableId, vpnGatewayId }) => {
    const attachment = reader.get('vpn-gateway', vpnGatewayId)?.attachment;
    const isHeld = attachment?.state === 'attaching' || attachment?.state === 'attached';
    return [
      (!isHeld || attachment.vpcId !== reader.get('route-table', routeTableId)?.vpcId) &&
        'is of a gateway that its VPC has not',
    ];
  },
  'vpn-connection': connectionFaults,
  'vpn-connection-route': (reader, { vpnConnectionId, destination }) => {
    const connection = reader.get('vpn-connection', vpnConnectionId);
    return [
      hostBits(destination),
      !connection?.staticRoutesOnly && 'is of a connection that speaks BGP',
      connection?.gateway?.kind !== 'vpn-gateway' && 'is of no virtual private gateway',
    ];
  },
  'vpc-peering-connection': (reader, { status, requester, accepter }) => {
    const sides = [requester, accepter].map(({ vpcId }) => reader.get('vpc', vpcId));
    const [one, other] = sides.map((vpc) =>
      vpc ? [...live(vpc.cidrs), ...live(vpc.ipv6Cidrs)] : [],
    );
    return [
      status === 'active' &&
        one!.some((block) => other!.some((against) => overlaps(block, against))) &&
        'joins VPCs that overlap',
    ];
  },
  'resource-share': (_reader, { id, account, region }) => [
    !id.startsWith(`arn:aws:ram:${region}:${account}:resource-share/`) && 'has not its own ARN',
  ],
  'resource-share-association': associationFaults,
  'resource-share-invitation': (reader, { id, account, region, shareId, receiver, status }) => {
    const principal = reader.get('resource-share-association', `${shareId}|PRINCIPAL|${receiver}`);
    return [
      !id.startsWith(`arn:aws:ram:${region}:${account}:resource-share-invitation/`) &&
        'has not its own ARN',
      receiver === account && 'is sent to its sender',
      status === 'PENDING' && principal?.status !== 'ASSOCIATING' && 'waits for nothing',
    ];
  },
  'tag-set': (_reader, { id, account, region, resourceId, tags }) => [
    id !== `${account}|${region}|${resourceId}` && 'has not the id of its resource',
    Object.keys(tags).length === 0 && 'is empty',
    Object.keys(tags).length > 50 && 'has over 50 tags',
  ],
  timer: (_reader, { id, event, target, at }) => [
    id !== `${event}|${target}` && 'has not the id of its event',
    !(Math.abs(at) <= 8.64e15) && `is due at ${at}, which is no time`,
  ],
};

function associationFaults(
  reader: ModelReader,
  { id, account, region, shareId, type, entity, resource, status }: Association,
) {
  const share = reader.get('resource-share', shareId)?.status;
  const invitations = reader
    .by('resource-share-invitation', 'share', shareId)
    .filter((one) => one.receiver === entity);
  const pending = invitations.filter((one) => one.status === 'PENDING').length;
  const isOpen = status === 'ASSOCIATING' || status === 'ASSOCIATED';
  return [
    id !== `${shareId}|${type}|${entity}` && 'has not the id of what it joins',
    isOpen && share !== 'ACTIVE' && `is open, and its share is ${share}`,
    type === 'PRINCIPAL' && entity === account && 'shares with its owner',
    type === 'PRINCIPAL' && pending !== Number(status === 'ASSOCIATING') && 'is not invited once',
    type === 'RESOURCE' &&
      entity !== `arn:aws:ec2:${region}:${account}:${resource?.kind}/${resource?.id}` &&
      'names another resource than it has',
  ];
}

function connectionFaults(reader: ModelReader, connection: Records['vpn-connection']) {
  const { id, state, tunnels, gateway } = connection;
  const attachments = reader
    .by('transit-gateway-attachment', 'vpn', id)
    .filter((one) => !['deleting', 'deleted'].includes(one.state));
  const isOnTransit = gateway?.kind === 'transit-gateway' && !/^delet/.test(state);
  const rivals = reader
    .by('vpn-connection', 'gateway', gateway?.id ?? '')
    .filter((one) => one.id !== id && one.state !== 'deleted' && gateway?.kind === 'vpn-gateway')
    .flatMap((one) => one.tunnels);
  return [
    attachments.length !== Number(isOnTransit) && 'has not one attachment to its transit gateway',
    isOnTransit &&
      attachments[0]?.transitGatewayId !== gateway.id &&
      'is attached to another transit gateway',
    ...tunnels.map(
      ({ outsideAddress }) =>
        reader.count('vpn-connection', 'outsideAddress', String(ipKey(outsideAddress))) !== 1 &&
        'shares the address of a tunnel',
    ),
    ...tunnels.map(
      ({ insideCidr }) =>
        state !== 'deleted' &&
        rivals.some((other) => overlaps(insideCidr, other.insideCidr)) &&
        `shares the inside block ${formatCidr(insideCidr)}`,
    ),
    overlaps(tunnels[0].insideCidr, tunnels[1].insideCidr) && 'has one block for both tunnels',
  ];
}

function interfaceFaults(reader: ModelReader, eni: Records['network-interface']) {
  const { vpcId, subnetId, addresses, ipv6Addresses, attachment, status, groupIds, mac } = eni;
  const { requesterManaged } = eni;
  const subnet = reader.get('subnet', subnetId);
  const blocks = [...(subnet?.cidr ? [subnet.cidr] : []), ...live(subnet?.ipv6Cidrs ?? [])];
  const all = [...addresses.map(({ address }) => address), ...ipv6Addresses];
  return [
    subnet?.vpcId !== vpcId && 'is in a subnet of another VPC',
    reader.count('network-interface', 'mac', String(mac)) !== 1 && 'shares its MAC address',
    addresses.some(({ primary }, index) => primary !== (index === 0)) && 'has not one primary',
    all.length === 0 && 'has no address',
    ...all.map(
      (address) =>
        !blocks.some((block) => containsIp(block, address)) &&
        `has ${formatIp(address)}, which is not of its subnet`,
    ),
    ...all.map(
      (address) =>
        reader.count('network-interface', 'address', `${vpcId}|${ipKey(address)}`) !== 1 &&
        `shares its address ${formatIp(address)}`,
    ),
    ...addresses.map(
      ({ publicAddress }) =>
        publicAddress !== undefined &&
        reader.count('network-interface', 'publicAddress', String(publicAddress)) !== 1 &&
        'shares its public address',
    ),
    groupIds.some((group) => reader.get('security-group', group)?.vpcId !== vpcId) &&
      'is in a group of another VPC',
    new Set(groupIds).size !== groupIds.length && 'is twice in a group',
    // A service holds the interfaces it manages without an attachment of ours.
    !requesterManaged &&
      (status === 'in-use') !== (attachment !== undefined) &&
      'is in use and not, both',
    transitInterfaceFault(reader, eni),
  ];
}

function live<T extends Cidr>(
  associations: readonly { readonly cidr: T; readonly state: string }[],
): T[] {
  return associations.filter(({ state }) => LIVE.includes(state)).map(({ cidr }) => cidr);
}

function hostBits({ address, length }: Cidr): string | false {
  return !ipEquals(networkOf(address, length), address) && 'has a block with host bits';
}

function overlapping(blocks: readonly Cidr[]): (string | false)[] {
  return blocks.flatMap((block, index) =>
    blocks
      .slice(index + 1)
      .map(
        (other) =>
          cidrFamily(block) === cidrFamily(other) &&
          overlaps(block, other) &&
          `has ${formatCidr(block)} and ${formatCidr(other)}, which overlap`,
      ),
  );
}

function trafficFault({
  protocol,
  ports,
}: {
  readonly protocol: number;
  readonly ports?: { readonly from: number; readonly to: number };
}): string | false {
  if (protocol < -1 || protocol > 255) return `speaks of the protocol ${protocol}`;
  if (ports === undefined) return false;
  const { from, to } = ports;
  return !(from >= 0 && from <= to && to <= 65535) && `has the ports ${from} to ${to}`;
}

/** The rules of its kind that a record breaks. */
export function recordFaults(
  reader: ModelReader,
  kind: Kind,
  record: { readonly id: string },
): string[] {
  type Rule = (reader: ModelReader, record: { readonly id: string }) => readonly (string | false)[];
  const rule = RULES[kind] as Rule | undefined;
  return rule?.(reader, record).filter((fault) => fault !== false) ?? [];
}
