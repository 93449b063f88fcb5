/**
 * A network made of records alone, fed to a fabric as changes: names in place of ids
 * (`vpc('a')` is `vpc-a`, with its main table `rtb-a`, its ACL `acl-a` and a group `sg-a`).
 */
import { tagSetId } from '../model/resource.ts';
import type { Change, Kind, Records } from '../model/schema.ts';
import type { Instance } from '../model/vpc/instance.ts';
import type { NatGateway } from '../model/vpc/nat-gateway.ts';
import type { NetworkAclEntry } from '../model/vpc/network-acl.ts';
import type { NetworkInterface } from '../model/vpc/network-interface.ts';
import { type RouteTarget, routeId } from '../model/vpc/route-table.ts';
import type { RulePeer, SecurityGroupRule } from '../model/vpc/security-group.ts';
import type { Vpc } from '../model/vpc/vpc.ts';
import { isCidr4 } from '../net/cidr.ts';
import { familyOf, isIpv4 } from '../net/ip.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import { mac } from '../net/mac.ts';
import { PROTOCOL } from '../net/protocol.ts';
import type { Endpoint } from './endpoint.ts';
import { explain } from './explain.ts';
import { Fabric, type FabricOptions } from './fabric.ts';
import type { Answer, Question, QuestionProtocol } from './question.ts';
import { block, ip } from './test-values.ts';

const OWNED = { account: '111111111111', region: 'us-east-1' };
export const ANYWHERE = ['0.0.0.0/0', '::/0'];

export interface InterfaceOptions {
  readonly groups?: readonly string[];
  readonly ipv6?: string;
  readonly secondary?: readonly string[];
  readonly publicAddress?: string;
  readonly sourceDestCheck?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  readonly connectionTracking?: NetworkInterface['connectionTracking'];
  /** An instance of its own unless given; `null`: attached to none. */
  readonly instance?: string | null;
  readonly deviceIndex?: number;
  readonly account?: string;
}

export interface RuleOptions {
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | 'all' | number;
  readonly ports?: readonly [number, number];
  readonly icmp?: { readonly type: number; readonly code: number };
  /** A block, or the name of a group (`sg-a`). */
  readonly peer?: string;
}

export interface AskOptions extends Partial<Omit<Question, 'from' | 'source' | 'destination'>> {
  readonly source?: string;
  readonly gateway?: string;
}

export class TestNetwork {
  readonly fabric: Fabric;
  /** Every frame that arrived. */
  readonly arrived: { readonly to: Endpoint; readonly bytes: Uint8Array }[] = [];
  now = 0;
  #rules = 0;
  #macs = 0;
  #batch: Change[] | undefined;

  /** @param fabric one that somebody runs already, in place of its own with these options */
  constructor(options: Partial<FabricOptions> = {}, fabric?: Fabric) {
    const deliver: FabricOptions['deliver'] = (to, bytes) => this.arrived.push({ to, bytes });
    this.fabric = fabric ?? new Fabric({ now: () => this.now, deliver, ...options });
  }

  get network() {
    return this.fabric.network;
  }

  put<K extends Kind>(kind: K, after: Records[K]): void {
    this.#change({ kind, id: after.id, before: this.#now(kind, after.id), after } as Change);
  }

  delete(kind: Kind, id: string): void {
    this.#change({ kind, id, before: this.#now(kind, id), after: undefined } as Change);
  }

  get<K extends Kind>(kind: K, id: string): Records[K] {
    return this.#now(kind, id)!;
  }

  /** Changes members of a record. */
  update<K extends Kind>(kind: K, id: string, members: Partial<Records[K]>): void {
    this.put(kind, { ...this.get(kind, id), ...members });
  }

  /** Everything that `make` changes arrives at once, as one command's changes do. */
  together(make: () => void): void {
    this.#batch = [];
    make();
    const changes = this.#batch;
    this.#batch = undefined;
    this.fabric.apply(changes);
  }

  vpc(name: string, blocks: readonly string[], members: Partial<Vpc> = {}): void {
    const owned = { ...OWNED, ...(members.region !== undefined && { region: members.region }) };
    const association = (text: string, index: number) => ({
      associationId: `vpc-cidr-assoc-${name}${index}`,
      cidr: block(text),
      state: 'associated' as const,
    });
    const all = blocks.map(association);
    const id = `vpc-${name}`;
    this.put('vpc', {
      id,
      ...owned,
      state: 'available',
      isDefault: false,
      cidrs: all.filter(({ cidr }) => isCidr4(cidr)) as Vpc['cidrs'],
      ipv6Cidrs: all.filter(({ cidr }) => !isCidr4(cidr)) as unknown as Vpc['ipv6Cidrs'],
      instanceTenancy: 'default',
      enableDnsSupport: true,
      enableDnsHostnames: false,
      enableNetworkAddressUsageMetrics: false,
      dhcpOptionsId: 'default',
      ...members,
    });
    this.table(`rtb-${name}`, id, blocks);
    this.put('route-table-association', {
      id: `rtbassoc-${name}`,
      routeTableId: `rtb-${name}`,
      vpcId: id,
      main: true,
    });
    this.acl(`acl-${name}`, id);
    for (const cidr of ANYWHERE) {
      this.entry(`acl-${name}`, { ruleNumber: 100, egress: false, action: 'allow', cidr });
      this.entry(`acl-${name}`, { ruleNumber: 100, egress: true, action: 'allow', cidr });
    }
    this.group(`sg-${name}`, id, owned.region);
    this.ingress(`sg-${name}`, { peer: `sg-${name}` });
    for (const peer of ANYWHERE) this.egress(`sg-${name}`, { peer });
  }

  table(id: string, vpcId: string, localBlocks: readonly string[]): void {
    this.put('route-table', { id, ...OWNED, vpcId });
    for (const text of localBlocks) this.route(id, text, { kind: 'local' });
  }

  route(routeTableId: string, destination: string, target: RouteTarget): void {
    const cidr = block(destination);
    this.put('route', {
      id: routeId(routeTableId, cidr),
      routeTableId,
      destination: cidr,
      target,
      origin: target.kind === 'local' ? 'CreateRouteTable' : 'CreateRoute',
    });
  }

  unroute(routeTableId: string, destination: string): void {
    this.delete('route', routeId(routeTableId, block(destination)));
  }

  subnet(
    name: string,
    vpcName: string,
    blocks: readonly string[],
    acl = `acl-${vpcName}`,
    zoneId = 'use1-az1',
  ): void {
    const cidrs = blocks.map(block);
    const ipv4 = cidrs.find(isCidr4);
    this.put('subnet', {
      id: `subnet-${name}`,
      ...OWNED,
      vpcId: `vpc-${vpcName}`,
      zoneId,
      state: 'available',
      ...(ipv4 && { cidr: ipv4 }),
      ipv6Cidrs: cidrs
        .filter((cidr) => !isCidr4(cidr))
        .map((cidr) => ({
          associationId: `subnet-cidr-assoc-${name}`,
          cidr: cidr as never,
          state: 'associated',
        })),
      mapPublicIpOnLaunch: false,
      assignIpv6AddressOnCreation: false,
      defaultForAz: false,
      enableDns64: false,
      hostnameType: 'ip-name',
      enableResourceNameDnsARecord: false,
      enableResourceNameDnsAaaaRecord: false,
    });
    this.useAcl(`subnet-${name}`, acl);
  }

  useAcl(subnetId: string, networkAclId: string): void {
    this.put('network-acl-association', { id: `aclassoc-${subnetId}`, networkAclId, subnetId });
  }

  useTable(subnetId: string, vpcId: string, routeTableId: string): void {
    const id = `rtbassoc-${subnetId}`;
    this.put('route-table-association', { id, routeTableId, vpcId, main: false, subnetId });
  }

  acl(id: string, vpcId: string): void {
    this.put('network-acl', { id, ...OWNED, vpcId, isDefault: false, entries: [] });
  }

  entry(
    aclId: string,
    entry: Omit<NetworkAclEntry, 'cidr' | 'protocol'> & {
      readonly cidr: string;
      readonly protocol?: number;
    },
  ): void {
    const acl = this.get('network-acl', aclId);
    const made = { protocol: -1, ...entry, cidr: block(entry.cidr) };
    this.put('network-acl', { ...acl, entries: [...acl.entries, made] });
  }

  group(id: string, vpcId: string, region = OWNED.region): void {
    this.put('security-group', {
      id,
      ...OWNED,
      region,
      vpcId,
      groupName: id,
      description: id,
    });
  }

  ingress(groupId: string, options: RuleOptions = {}): string {
    return this.#rule(groupId, false, options);
  }

  egress(groupId: string, options: RuleOptions = {}): string {
    return this.#rule(groupId, true, options);
  }

  /** Takes every rule of one direction away. */
  close(groupId: string, egress: boolean): void {
    for (const rule of this.network.model.by('security-group-rule', 'group', groupId)) {
      if (rule.egress === egress) this.delete('security-group-rule', rule.id);
    }
  }

  /** An interface with the first address of `subnet-…` given, behind an instance of its own. */
  host(name: string, subnetName: string, address: string, options: InterfaceOptions = {}): void {
    const subnet = this.get('subnet', `subnet-${subnetName}`);
    const id = `eni-${name}`;
    const instanceId = options.instance === undefined ? `i-${name}` : options.instance;
    if (instanceId !== null) this.#instance(instanceId, options.tags);
    const groups = options.groups ?? [`sg-${subnet.vpcId.slice('vpc-'.length)}`];
    const addresses = [address, ...(options.secondary ?? [])].map(ip).filter(isIpv4);
    const ipv6 = [address, options.ipv6 ?? address].map(ip).filter((one) => familyOf(one) === 6);
    this.put('network-interface', {
      id,
      ...OWNED,
      ...(options.account !== undefined && { account: options.account }),
      vpcId: subnet.vpcId,
      subnetId: subnet.id,
      mac: this.#now('network-interface', id)?.mac ?? mac(0x02_00_00_10_00_00 + ++this.#macs),
      status: instanceId === null ? 'available' : 'in-use',
      interfaceType: 'interface',
      description: '',
      requesterManaged: false,
      addresses: addresses.map((own, index) => ({
        address: own,
        primary: index === 0,
        ...(index === 0 &&
          options.publicAddress !== undefined && {
            publicAddress: ip(options.publicAddress) as never,
          }),
      })),
      ipv6Addresses: ipv6.slice(0, 1) as never,
      ipv4Prefixes: [],
      ipv6Prefixes: [],
      groupIds: groups,
      sourceDestCheck: options.sourceDestCheck ?? true,
      connectionTracking: options.connectionTracking ?? {},
      ...(instanceId !== null && {
        attachment: {
          id: `eni-attach-${name}`,
          instanceId,
          deviceIndex: options.deviceIndex ?? 0,
          deleteOnTermination: true,
          status: 'attached',
          attachTime: 0,
        },
      }),
    });
  }

  tag(instanceId: string, tags: Readonly<Record<string, string>>): void {
    const { account, region } = OWNED;
    const id = tagSetId(account, region, instanceId);
    const resourceType = 'instance';
    this.put('tag-set', { id, account, region, resourceId: instanceId, resourceType, tags });
  }

  egressOnlyGateway(id: string, vpcId: string): void {
    this.put('egress-only-internet-gateway', { id, ...OWNED, vpcId });
  }

  /** An available NAT gateway `nat-…` with an interface of the same name; public with addresses. */
  nat(
    name: string,
    subnetName: string,
    addresses: readonly string[],
    publicAddresses: readonly string[] = [],
    members: Partial<NatGateway> = {},
  ): void {
    const { id: subnetId, vpcId, zoneId } = this.get('subnet', `subnet-${subnetName}`);
    const [first, ...secondary] = addresses;
    this.host(name, subnetName, first!, { secondary, instance: null, groups: [] });
    const eni = this.get('network-interface', `eni-${name}`);
    const publicIp = (index: number) => publicAddresses[index] && ip(publicAddresses[index]);
    this.put('network-interface', {
      ...eni,
      status: 'in-use',
      interfaceType: 'nat_gateway',
      requesterManaged: true,
      sourceDestCheck: false,
      addresses: eni.addresses.map((own, index) => {
        const publicAddress = publicIp(index) as Ipv4 | undefined;
        return { ...own, ...(publicAddress !== undefined && { publicAddress }) };
      }),
    });
    this.put('natgateway', {
      id: `nat-${name}`,
      ...OWNED,
      ...{ vpcId, subnetId, zoneId },
      connectivityType: publicAddresses.length > 0 ? 'public' : 'private',
      state: 'available',
      createTime: 0,
      networkInterfaceId: eni.id,
      addresses: eni.addresses.map(({ address, primary }) => {
        return { privateAddress: address, primary, status: 'succeeded' };
      }),
      ...members,
    });
  }

  gateway(id: string, vpcId: string | undefined): void {
    const attachment = vpcId === undefined ? undefined : { vpcId, state: 'available' as const };
    this.put('internet-gateway', { id, ...OWNED, ...(attachment && { attachment }) });
  }

  /** An active connection, requested by the first VPC. */
  peer(id: string, requester: string, accepter: string): void {
    const side = (vpcId: string) => {
      const { account, region } = this.get('vpc', vpcId);
      return { account, region, vpcId, allowDnsResolutionFromRemoteVpc: false };
    };
    this.put('vpc-peering-connection', {
      id,
      ...OWNED,
      requester: side(requester),
      accepter: side(accepter),
      status: 'active',
    });
  }

  /** Asks the tables. `from` is an interface's name, or `internet`. */
  ask(
    from: string,
    destination: string,
    protocol: QuestionProtocol = 'tcp',
    options: AskOptions = {},
  ): Answer {
    return explain(this.network, this.question(from, destination, protocol, options), this.now);
  }

  question(
    from: string,
    destination: string,
    protocol: QuestionProtocol,
    { source, gateway, ...options }: AskOptions = {},
  ): Question {
    const target = ip(destination);
    const outside = from === 'internet';
    const own = outside ? [] : this.network.interfaces.get(`eni-${from}`)!.addresses;
    const fallback = familyOf(target) === 4 ? '198.51.100.1' : '2001:db8::1';
    const first = own.find((address) => familyOf(address) === familyOf(target)) ?? ip(fallback);
    const address = source === undefined ? first : ip(source);
    const endpoint: Question['from'] = outside
      ? { kind: 'internet', address, ...(gateway !== undefined && { gateway }) }
      : { kind: 'interface', id: `eni-${from}` };
    const port = protocol === 'icmp' ? 0 : 443;
    const usual = { sourcePort: 50000, port, size: 0, dontFragment: false, ttl: 64 };
    return { from: endpoint, source: address, destination: target, protocol, ...usual, ...options };
  }

  /** Sends a frame from an interface and carries everything that follows. */
  send(from: string, bytes: Uint8Array): void {
    this.fabric.send({ kind: 'interface', id: `eni-${from}` }, bytes);
    this.fabric.drain();
  }

  #instance(id: string, tags: Readonly<Record<string, string>> | undefined): void {
    this.put('instance', { id, ...OWNED, state: 'running' } as Instance);
    if (tags) this.tag(id, tags);
  }

  #rule(groupId: string, egress: boolean, options: RuleOptions): string {
    const { protocol = 'all', ports, icmp, peer = '0.0.0.0/0' } = options;
    const id = `sgr-${++this.#rules}`;
    const number = protocol === 'all' ? -1 : protocol;
    const rule: SecurityGroupRule = {
      id,
      ...OWNED,
      groupId,
      egress,
      protocol: typeof number === 'number' ? number : PROTOCOL[number],
      ...(ports && { ports: { from: ports[0], to: ports[1] } }),
      ...(icmp && { icmp }),
      peer: this.#peer(peer),
    };
    this.put('security-group-rule', rule);
    return id;
  }

  #peer(text: string): RulePeer {
    if (!text.startsWith('sg-')) return { kind: 'cidr', cidr: block(text) };
    const { vpcId, account } = this.get('security-group', text);
    return { kind: 'group', groupId: text, account, vpcId };
  }

  #now<K extends Kind>(kind: K, id: string): Records[K] | undefined {
    const pending = this.#batch?.findLast((change) => change.kind === kind && change.id === id);
    if (pending) return pending.after as Records[K] | undefined;
    return this.network.model.get(kind, id);
  }

  #change(change: Change): void {
    if (this.#batch) this.#batch.push(change);
    else this.fabric.apply([change]);
  }
}
