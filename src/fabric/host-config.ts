/** What the guest at an endpoint has to know of its own interface. */
import { findLink, linksOfSite } from '../model/hybrid/link.ts';
import { linkAddresses } from '../model/hybrid/link-address.ts';
import type { Site } from '../model/hybrid/site.ts';
import { MTU } from '../model/limits.ts';
import type { Cidr } from '../net/cidr.ts';
import { type Ip, parseIp } from '../net/ip.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Ipv6 } from '../net/ipv6.ts';
import type { Mac } from '../net/mac.ts';
import type { Network } from './compile/state.ts';
import { subnetBlocks } from './compile/subnet.ts';
import { LINK_RESOLVERS, resolverAddress } from './compile/vpc.ts';
import { type Endpoint, serviceMac } from './endpoint.ts';
import { type Listen, listenOf } from './listen.ts';

export interface HostConfig {
  readonly mac: Mac;
  /** Bytes. */
  readonly mtu: number;
  readonly addresses: readonly Ip[];
  /** Blocks whose addresses are all the host's as well. */
  readonly prefixes: readonly Cidr[];
  readonly onLink: readonly Cidr[];
  readonly gateway4: Ipv4;
  readonly gateway6: Ipv6;
  readonly listen: Listen;
  /** The network alone decides who gets what is sent to a group. */
  readonly groups: 'all';
}

/** Where the link has no router's address of its own: the fabric answers for any. */
const ANY_GATEWAY = parseIp('169.254.0.1') as Ipv4;
/** */
const GATEWAY6 = parseIp('fe80:ec2::1') as Ipv6;

export function hostConfig(network: Network, endpoint: Endpoint): HostConfig | undefined {
  switch (endpoint.kind) {
    case 'interface':
      return interfaceConfig(network, endpoint.id);
    case 'internet':
      return serviceConfig(endpoint, [endpoint.address], MTU.internet);
    case 'resolver': {
      const vpc = network.model.get('vpc', endpoint.vpcId);
      return vpc && serviceConfig(endpoint, [resolverAddress(vpc), ...LINK_RESOLVERS], MTU.vpc);
    }
    case 'site': {
      const site = network.model.get('site', endpoint.name);
      return site && serviceConfig(endpoint, siteAddresses(network, site), MTU.vpc);
    }
    case 'link': {
      const link = findLink(network.model, endpoint.id);
      const addresses = link && linkAddresses(link).map(({ aws }) => aws);
      return addresses && serviceConfig(endpoint, addresses, MTU.vpc);
    }
  }
}

/** Its hosts', and its router's own. */
function siteAddresses({ model }: Network, site: Site): readonly Ip[] {
  const links = linksOfSite(model, site);
  const own = links.flatMap((link) => linkAddresses(link).map(({ customer }) => customer));
  return [...site.hosts, ...own];
}

function interfaceConfig(network: Network, id: string): HostConfig | undefined {
  const node = network.interfaces.get(id);
  const subnet = node && network.model.get('subnet', node.subnetId);
  if (node === undefined || subnet === undefined) return undefined;
  const { errors } = network.subnets.get(subnet.id)!;
  return {
    mac: node.mac,
    mtu: MTU.vpc,
    addresses: node.addresses,
    prefixes: node.prefixes,
    onLink: subnetBlocks(subnet),
    gateway4: (errors.ipv4 as Ipv4 | undefined) ?? ANY_GATEWAY,
    gateway6: GATEWAY6,
    listen: listenOf(network, id),
    groups: 'all',
  };
}

function serviceConfig(endpoint: Endpoint, addresses: readonly Ip[], mtu: number): HostConfig {
  return {
    mac: serviceMac(endpoint),
    mtu,
    addresses,
    prefixes: [],
    onLink: [],
    gateway4: ANY_GATEWAY,
    gateway6: GATEWAY6,
    listen: 'all',
    groups: 'all',
  };
}
