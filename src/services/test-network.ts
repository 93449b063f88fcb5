/** A small model for the resolver's tests: VPCs, hosts and peerings. */
import { Model } from '../model/model.ts';
import type { PeeringConnection } from '../model/peering/peering-connection.ts';
import type { Kind, Records } from '../model/schema.ts';
import type { Instance } from '../model/vpc/instance.ts';
import type { NetworkInterface } from '../model/vpc/network-interface.ts';
import type { Vpc } from '../model/vpc/vpc.ts';
import { type Cidr4, parseCidr4 } from '../net/cidr.ts';
import { parseIpv4 } from '../net/ipv4.ts';
import { parseIpv6 } from '../net/ipv6.ts';

export interface Host {
  readonly id: string;
  readonly vpc: Vpc;
  /** The primary address first. */
  readonly addresses: readonly string[];
  readonly publicAddress?: string;
  readonly ipv6?: string;
  /** Absent for an interface that is not attached. */
  readonly instance?: Partial<Instance>;
  readonly deviceIndex?: number;
}

export class TestNetwork {
  readonly model = new Model();

  vpc(id: string, block: string, members: Partial<Vpc> = {}): Vpc {
    const cidr = parseCidr4(block) as Cidr4;
    return this.put('vpc', {
      id: `vpc-${id}`,
      account: '111111111111',
      region: 'us-east-1',
      state: 'available',
      isDefault: false,
      cidrs: [{ associationId: `vpc-cidr-assoc-${id}`, cidr, state: 'associated' }],
      ipv6Cidrs: [],
      instanceTenancy: 'default',
      enableDnsSupport: true,
      enableDnsHostnames: true,
      enableNetworkAddressUsageMetrics: false,
      dhcpOptionsId: 'default',
      ...members,
    });
  }

  /** An interface and, unless it has none, its instance. */
  host({ id, vpc, addresses, publicAddress, ipv6, instance, deviceIndex = 0 }: Host): void {
    const { account, region, id: vpcId } = vpc;
    const instanceId = instance?.id ?? `i-${id}`;
    const attachment = { id: `eni-attach-${id}`, instanceId, deviceIndex, status: 'attached' };
    this.put('network-interface', {
      id: `eni-${id}`,
      account,
      region,
      vpcId,
      addresses: addresses.map((address, index) => ({
        address: parseIpv4(address)!,
        primary: index === 0,
        ...(index === 0 && publicAddress !== undefined
          ? { publicAddress: parseIpv4(publicAddress)! }
          : {}),
      })),
      ipv6Addresses: ipv6 === undefined ? [] : [parseIpv6(ipv6)!],
      ipv4Prefixes: [],
      ipv6Prefixes: [],
      groupIds: [],
      ...(instance === undefined ? {} : { attachment }),
    } as unknown as NetworkInterface);
    if (instance === undefined || deviceIndex !== 0) return;
    this.put('instance', {
      id: instanceId,
      account,
      region,
      vpcId,
      state: 'running',
      hostnameType: 'ip-name',
      enableResourceNameDnsARecord: false,
      enableResourceNameDnsAaaaRecord: false,
      ...instance,
    } as Instance);
  }

  /** An active peering; `allows` lists the sides that let the other one know their addresses. */
  peer(
    a: Vpc,
    b: Vpc,
    allows: readonly Vpc[] = [],
    members: Partial<PeeringConnection> = {},
  ): void {
    const side = ({ account, region, id }: Vpc) => ({
      account,
      region,
      vpcId: id,
      allowDnsResolutionFromRemoteVpc: allows.some((vpc) => vpc.id === id),
    });
    this.put('vpc-peering-connection', {
      id: `pcx-${a.id}-${b.id}`,
      account: a.account,
      region: a.region,
      requester: side(a),
      accepter: side(b),
      status: 'active',
      ...members,
    });
  }

  put<K extends Kind>(kind: K, record: Records[K]): Records[K] {
    this.model.apply({ kind, id: record.id, before: undefined, after: record } as never);
    return record;
  }
}
