/** Commands as random clouds use them: short names, and refusals passed over. */
import type { Cloud } from '../../src/control/cloud.ts';
import type { Scope } from '../../src/control/scope.ts';
import type { Tags } from '../../src/control/tags.ts';
import type { Transaction } from '../../src/control/transaction.ts';
import { ANY_ADDRESS } from '../../src/control/vpc/interface-addresses.ts';
import type { LaunchInterface } from '../../src/control/vpc/launch-interface.ts';
import { createNetworkInterface } from '../../src/control/vpc/network-interface.ts';
import { createRoute, replaceRoute } from '../../src/control/vpc/route.ts';
import type { TargetRequest } from '../../src/control/vpc/route-target.ts';
import type { PeerRequest } from '../../src/control/vpc/rule-peer.ts';
import { type RunInstances, runInstances } from '../../src/control/vpc/run-instances.ts';
import { authorizeRules } from '../../src/control/vpc/security-group-rule.ts';
import { AwsError } from '../../src/model/error.ts';
import type { Kind, Records } from '../../src/model/schema.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import type { Subnet } from '../../src/model/vpc/subnet.ts';
import type { Traffic } from '../../src/model/vpc/traffic.ts';
import { type Cidr, parseCidr } from '../../src/net/cidr.ts';
import type { Random } from '../../src/net/random.ts';

export interface Builder {
  readonly cloud: Cloud;
  readonly random: Random;
}

/** What users do to a cloud, and the mistakes they make. */
type Change = (builder: Builder) => Promise<unknown> | unknown;

/** Each with how often it happens. */
export type Changes = readonly (readonly [weight: number, change: Change])[];

/** Runs a command; what AWS would refuse is not done. */
export async function attempt<T>(
  { cloud }: Builder,
  command: (tx: Transaction) => T,
): Promise<T | undefined> {
  try {
    return await cloud.execute(command);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

/** Records of a kind, in order of creation. */
export function all<K extends Kind>({ cloud }: Builder, kind: K): Records[K][] {
  return [...cloud.model.all(kind)];
}

/** One record of a kind, if there is any. */
export function any<K extends Kind>(
  builder: Builder,
  kind: K,
  fits: (record: Records[K]) => boolean = () => true,
): Records[K] | undefined {
  const found = all(builder, kind).filter(fits);
  return found.length === 0 ? undefined : builder.random.pick(found);
}

/** The route table that a subnet uses. */
export function tableOf(
  { cloud: { model } }: Builder,
  { subnetId, vpcId }: { readonly subnetId: string; readonly vpcId: string },
): string {
  const association =
    model.first('route-table-association', 'subnet', subnetId) ??
    model.first('route-table-association', 'main', vpcId)!;
  return association.routeTableId;
}

export function scopeOf({ account, region }: Scope): Scope {
  return { account, region };
}

export const NO_TOKEN = { action: '', token: undefined, digest: '' };

export interface Launch {
  readonly subnet: Subnet;
  readonly groupIds: readonly string[];
  readonly publicAddress?: boolean;
  readonly ipv6?: boolean;
  readonly tags?: Tags;
  /** Interfaces beside the primary one, in device order. */
  readonly more?: readonly NetworkInterface[];
}

export function launch(tx: Transaction, request: Launch): string {
  const { subnet, groupIds, publicAddress, tags = {}, more = [] } = request;
  // Interfaces of an IPv6-only subnet have no other address.
  const ipv6 = request.ipv6 || subnet.cidr === undefined;
  const primary: LaunchInterface = {
    kind: 'new',
    deviceIndex: 0,
    subnetId: subnet.id,
    groupIds,
    groupNames: [],
    addresses: { ...ANY_ADDRESS, ipv6Count: ipv6 ? 1 : 0 },
    description: '',
    deleteOnTermination: true,
    connectionTracking: {},
    ...(publicAddress && more.length === 0 && subnet.cidr ? { associatePublicAddress: true } : {}),
  };
  const others = more.map(({ id }, index): LaunchInterface => {
    const networkInterfaceId = id;
    const deviceIndex = index + 1;
    return { kind: 'existing', deviceIndex, networkInterfaceId, deleteOnTermination: false };
  });
  return runInstances(tx, scopeOf(subnet), {
    ...LAUNCH_DEFAULTS,
    interfaces: [primary, ...others],
    instanceTags: tags,
  });
}

const LAUNCH_DEFAULTS: Omit<RunInstances, 'interfaces' | 'instanceTags'> = {
  minCount: 1,
  maxCount: 1,
  imageId: 'ami-00000000000000001',
  instanceType: 'm5.large',
  disableApiTermination: false,
  disableApiStop: false,
  shutdownBehavior: 'stop',
  ebsOptimized: false,
  monitoring: false,
  autoRecovery: 'default',
  metadataOptions: {
    httpTokens: 'optional',
    httpPutResponseHopLimit: 1,
    httpEndpoint: 'enabled',
    httpProtocolIpv6: 'disabled',
    instanceMetadataTags: 'disabled',
  },
  hostname: {},
  interfaceTags: {},
};

export function addInterface(
  tx: Transaction,
  subnet: Subnet,
  groupIds: readonly string[],
  { secondary = 0, ipv6 = 0 }: { readonly secondary?: number; readonly ipv6?: number } = {},
): NetworkInterface {
  const addresses =
    subnet.cidr === undefined
      ? { ...ANY_ADDRESS, ipv6Count: 1 }
      : { ...ANY_ADDRESS, secondaryCount: secondary, ipv6Count: ipv6 };
  return createNetworkInterface(tx, scopeOf(subnet), {
    subnetId: subnet.id,
    description: '',
    groupIds,
    addresses,
    connectionTracking: {},
    tags: {},
  });
}

export interface RuleOf {
  readonly groupId: string;
  readonly egress: boolean;
  readonly traffic: Traffic;
  readonly peer: PeerRequest;
}

export function addRule(tx: Transaction, { groupId, egress, traffic, peer }: RuleOf): void {
  const group = tx.get('security-group', groupId)!;
  const request = { rules: [{ traffic, peer }], tags: {} };
  authorizeRules(tx, scopeOf(group), { group: { groupId }, egress }, request);
}

/** Makes the route, or leads it elsewhere where there is one. */
export function setRoute(
  tx: Transaction,
  routeTableId: string,
  destination: Cidr,
  target: TargetRequest,
): void {
  const table = tx.get('route-table', routeTableId)!;
  const request = { routeTableId, destination, target };
  try {
    createRoute(tx, scopeOf(table), request);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'RouteAlreadyExists') throw error;
    replaceRoute(tx, scopeOf(table), request);
  }
}

export function block(text: string): Cidr {
  return parseCidr(text)!;
}
