/** Further addresses of a network interface. */
import {
  assignIpv6Addresses,
  assignPrivateIpAddresses,
  unassignIpv6Addresses,
  unassignPrivateIpAddresses,
} from '../../control/vpc/assign-addresses.ts';
import {
  assignIpv4Prefixes,
  assignIpv6Prefixes,
  unassignPrefixes,
} from '../../control/vpc/assign-prefixes.ts';
import { prefixCount } from '../../control/vpc/subnet-prefixes.ts';
import { formatCidr } from '../../net/cidr.ts';
import { formatIpv4 } from '../../net/ipv4.ts';
import { formatIpv6, type Ipv6 } from '../../net/ipv6.ts';
import {
  parseCount,
  parseIpv4List,
  parseIpv4Prefixes,
  parseIpv6Prefixes,
  together,
} from './address-request.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { missingParameter, parseIpv6Parameter } from './parse.ts';
import { scopeOf } from './view.ts';

type Operation =
  | 'AssignPrivateIpAddresses'
  | 'UnassignPrivateIpAddresses'
  | 'AssignIpv6Addresses'
  | 'UnassignIpv6Addresses';

export const networkInterfaceAddressHandlers = {
  AssignPrivateIpAddresses: assignIpv4,
  AssignIpv6Addresses: assignIpv6,

  async UnassignPrivateIpAddresses({ input, caller, cloud }) {
    const addresses = parseIpv4List('privateIpAddress', input.PrivateIpAddresses);
    const { named: blocks } = parseIpv4Prefixes(input.Ipv4Prefixes, undefined);
    if (addresses.length + blocks.length === 0) {
      throw missingParameter('PrivateIpAddresses or Ipv4Prefixes');
    }
    const id = input.NetworkInterfaceId;
    await cloud.execute((tx) => {
      unassignPrivateIpAddresses(tx, scopeOf(caller), id, addresses);
      unassignPrefixes(tx, scopeOf(caller), id, blocks);
    });
    return {};
  },

  async UnassignIpv6Addresses({ input, caller, cloud }) {
    const addresses = parseIpv6List(input.Ipv6Addresses);
    const { named: blocks } = parseIpv6Prefixes(input.Ipv6Prefixes, undefined);
    if (addresses.length + blocks.length === 0) {
      throw missingParameter('Ipv6Addresses or Ipv6Prefixes');
    }
    const NetworkInterfaceId = input.NetworkInterfaceId;
    await cloud.execute((tx) => {
      unassignIpv6Addresses(tx, scopeOf(caller), NetworkInterfaceId, addresses);
      unassignPrefixes(tx, scopeOf(caller), NetworkInterfaceId, blocks);
    });
    return {
      NetworkInterfaceId,
      UnassignedIpv6Addresses: addresses.map(formatIpv6),
      UnassignedIpv6Prefixes: blocks.map(formatCidr),
    };
  },
} satisfies Ec2HandlersOf<Operation>;

async function assignIpv4({ input, caller, cloud }: Ec2Call<'AssignPrivateIpAddresses'>) {
  const { NetworkInterfaceId, AllowReassignment = false } = input;
  const request = {
    addresses: parseIpv4List('privateIpAddress', input.PrivateIpAddresses),
    count: parseCount('secondaryPrivateIpAddressCount', input.SecondaryPrivateIpAddressCount),
    allowReassignment: AllowReassignment,
  };
  const blocks = parseIpv4Prefixes(input.Ipv4Prefixes, input.Ipv4PrefixCount);
  checkOneKind({
    privateIpAddresses: request.addresses.length,
    secondaryPrivateIpAddressCount: request.count,
    ipv4Prefixes: blocks.named.length,
    ipv4PrefixCount: blocks.count,
  });
  return cloud.execute((tx) => {
    const scope = scopeOf(caller);
    if (prefixCount(blocks) > 0) {
      const assigned = assignIpv4Prefixes(tx, scope, NetworkInterfaceId, blocks);
      const AssignedIpv4Prefixes = assigned.map((block) => ({ Ipv4Prefix: formatCidr(block) }));
      return { NetworkInterfaceId, AssignedIpv4Prefixes };
    }
    const assigned = assignPrivateIpAddresses(tx, scope, NetworkInterfaceId, request);
    const addresses = assigned.map((address) => ({ PrivateIpAddress: formatIpv4(address) }));
    return { NetworkInterfaceId, AssignedPrivateIpAddresses: addresses };
  });
}

async function assignIpv6({ input, caller, cloud }: Ec2Call<'AssignIpv6Addresses'>) {
  const { NetworkInterfaceId } = input;
  const request = {
    addresses: parseIpv6List(input.Ipv6Addresses),
    count: parseCount('ipv6AddressCount', input.Ipv6AddressCount),
  };
  const blocks = parseIpv6Prefixes(input.Ipv6Prefixes, input.Ipv6PrefixCount);
  checkOneKind({
    ipv6Addresses: request.addresses.length,
    ipv6AddressCount: request.count,
    ipv6Prefixes: blocks.named.length,
    ipv6PrefixCount: blocks.count,
  });
  return cloud.execute((tx) => {
    const scope = scopeOf(caller);
    if (prefixCount(blocks) > 0) {
      const assigned = assignIpv6Prefixes(tx, scope, NetworkInterfaceId, blocks);
      return { NetworkInterfaceId, AssignedIpv6Prefixes: assigned.map(formatCidr) };
    }
    const assigned = assignIpv6Addresses(tx, scope, NetworkInterfaceId, request);
    return { NetworkInterfaceId, AssignedIpv6Addresses: assigned.map(formatIpv6) };
  });
}

/** One of the ways to ask, and no more. */
function checkOneKind(asked: Readonly<Record<string, number>>): void {
  const [one, other] = Object.keys(asked).filter((name) => asked[name]! > 0);
  if (one === undefined) throw missingParameter(Object.keys(asked).join(' or '));
  if (other !== undefined) throw together(one, other);
}

function parseIpv6List(texts: readonly string[] | undefined): Ipv6[] {
  return (texts ?? []).map((text) => parseIpv6Parameter('ipv6Address', text));
}
