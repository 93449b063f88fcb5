/** What must hold of multicast domains, beyond that what they name is there. */
import type { ModelReader } from '../../src/model/model.ts';
import type { Kind, Records } from '../../src/model/schema.ts';
import { formatIp, isIpv4 } from '../../src/net/ip.ts';

type Faults = readonly (string | false)[];
type Rules = {
  readonly [K in Kind]?: (reader: ModelReader, record: Records[K]) => Faults;
};

const LIVE = ['pendingAcceptance', 'associating', 'associated', 'disassociating'];

export const MULTICAST_RULES: Rules = {
  'transit-gateway-multicast-domain': (reader, { transitGatewayId, options, state }) => [
    options.igmpv2Support && options.staticSourcesSupport && 'has IGMP and static sources',
    state !== 'deleted' &&
      reader.get('transit-gateway', transitGatewayId)?.options.multicastSupport !== true &&
      'is of a gateway without multicast',
  ],
  'transit-gateway-multicast-domain-association': (reader, record) => {
    const { id, domainId, subnetId, vpcId, attachmentId, state } = record;
    const others = [...reader.all('transit-gateway-multicast-domain-association')].filter(
      (one) => one.subnetId === subnetId && LIVE.includes(one.state),
    );
    const attachment = reader.get('transit-gateway-attachment', attachmentId);
    return [
      id !== `${domainId}|${subnetId}` && 'has another id',
      LIVE.includes(state) && others.length > 1 && 'shares its subnet with another domain',
      LIVE.includes(state) &&
        reader.get('subnet', subnetId)?.vpcId !== vpcId &&
        'is of a subnet of another VPC',
      LIVE.includes(state) &&
        attachment?.transitGatewayId !==
          reader.get('transit-gateway-multicast-domain', domainId)?.transitGatewayId &&
        'is by an attachment of another gateway',
    ];
  },
  'transit-gateway-multicast-group-entry': (reader, entry) => {
    const { id, domainId, group, networkInterfaceId, role, origin } = entry;
    const options = reader.get('transit-gateway-multicast-domain', domainId)?.options;
    return [
      id !== `${domainId}|${formatIp(group)}|${networkInterfaceId}|${role}` && 'has another id',
      isIpv4(group) && (group < 0xe000_0000 || group >= 0xf000_0000) && 'is of no group',
      role === 'source' && options?.staticSourcesSupport !== true && 'is a source where none is',
      origin === 'igmp' && options?.igmpv2Support !== true && 'came by IGMP where there is none',
      ...placeFaults(reader, entry),
    ];
  },
  'transit-gateway-igmp-host': (reader, host) => [
    host.id !== `${host.domainId}|${host.networkInterfaceId}` && 'has another id',
    ...placeFaults(reader, host),
  ],
};

interface InDomain {
  readonly domainId: string;
  readonly networkInterfaceId: string;
}

/** An interface takes part where its subnet does. */
function placeFaults(reader: ModelReader, { domainId, networkInterfaceId }: InDomain): Faults {
  const subnetId = reader.get('network-interface', networkInterfaceId)?.subnetId;
  const id = `${domainId}|${subnetId}`;
  const association = reader.get('transit-gateway-multicast-domain-association', id);
  return [association?.state !== 'associated' && 'is outside its domain'];
}
