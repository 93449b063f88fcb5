/** A VPC's router (delivery by address) and resolver. */
import { activeCidrs, type Vpc } from '../../model/vpc/vpc.ts';
import { addressAt } from '../../net/cidr.ts';
import { parseIp } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import { AddressMap } from '../address-map.ts';
import { Station } from '../station.ts';
import { ANY, BlockSet, type Rule } from '../table.ts';
import { ZoneMap } from '../zone.ts';
import type { Network, VpcNode } from './state.ts';

/** */
export const LINK_RESOLVERS = [parseIp('169.254.169.253')!, parseIp('fd00:ec2::253')!];
const DNS = { from: 53, to: 53 };
const RESOLVER_OFFSET = 2;

export function compileVpc(network: Network, id: string): void {
  const vpc = network.model.get('vpc', id);
  if (vpc === undefined) {
    network.vpcs.delete(id);
    return;
  }
  const node = network.vpcs.get(id) ?? newVpcNode(id);
  network.vpcs.set(id, node);
  node.blocks.replace(activeCidrs(vpc));
  for (const address of [resolverAddress(vpc), ...LINK_RESOLVERS]) {
    node.resolverAddresses.set(address, true);
  }
  node.resolver.table = {
    rules: vpc.enableDnsSupport ? ANSWERS : [],
    otherwise: {
      match: ANY,
      actions: [
        {
          do: 'drop',
          reason: vpc.enableDnsSupport ? 'PROTOCOL_RESTRICTION' : 'VPC_DNS_SUPPORT_DISABLED',
        },
      ],
    },
  };
}

/** the primary block's base plus two. */
export function resolverAddress({ cidrs }: Vpc): Ipv4 {
  return addressAt(cidrs[0]!.cidr, RESOLVER_OFFSET);
}

const ANSWERS: readonly Rule[] = [PROTOCOL.udp, PROTOCOL.tcp].map((protocol) => ({
  match: { protocol, ports: DNS },
  actions: [{ do: 'deliver' }],
}));

const NOWHERE: Rule = { match: ANY, actions: [{ do: 'drop', reason: 'NO_POSSIBLE_DESTINATION' }] };

function newVpcNode(id: string): VpcNode {
  const station = (role: 'router' | 'resolver', silent: boolean) =>
    new Station({ role, resource: id, kind: 'vpc', direction: 'ingress', silent });
  const node: VpcNode = {
    id,
    router: station('router', true),
    addresses: new AddressMap(),
    resolver: station('resolver', false),
    resolverReplies: station('resolver', true),
    direct: new AddressMap(),
    resolverAddresses: new AddressMap(),
    blocks: new BlockSet(),
    zones: new ZoneMap(),
  };
  const byDestination = (map: AddressMap<Rule>) => ({ by: 'destination' as const, map });
  node.router.table = { rules: [], index: byDestination(node.addresses), otherwise: NOWHERE };
  node.resolverReplies.table = { rules: [], index: byDestination(node.direct), otherwise: NOWHERE };
  return node;
}
