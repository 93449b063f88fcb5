/** Further addresses of a network interface. */
import {
  assignIpv6Addresses,
  assignPrivateIpAddresses,
  unassignIpv6Addresses,
  unassignPrivateIpAddresses,
} from '../../control/vpc/assign-addresses.ts';
import { formatIpv4 } from '../../net/ipv4.ts';
import { formatIpv6, type Ipv6 } from '../../net/ipv6.ts';
import { parseCount, parseIpv4List, together } from './address-request.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { missingParameter, parseIpv6Parameter, refuseUnsupported } from './parse.ts';
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
    refuseUnsupported(input, ['Ipv4Prefixes']);
    const addresses = parseIpv4List('privateIpAddress', input.PrivateIpAddresses);
    if (addresses.length === 0) throw missingParameter('PrivateIpAddresses');
    const id = input.NetworkInterfaceId;
    await cloud.execute((tx) => unassignPrivateIpAddresses(tx, scopeOf(caller), id, addresses));
    return {};
  },

  async UnassignIpv6Addresses({ input, caller, cloud }) {
    refuseUnsupported(input, ['Ipv6Prefixes']);
    const addresses = parseIpv6List(input.Ipv6Addresses);
    if (addresses.length === 0) throw missingParameter('Ipv6Addresses');
    const NetworkInterfaceId = input.NetworkInterfaceId;
    await cloud.execute((tx) =>
      unassignIpv6Addresses(tx, scopeOf(caller), NetworkInterfaceId, addresses),
    );
    return { NetworkInterfaceId, UnassignedIpv6Addresses: addresses.map(formatIpv6) };
  },
} satisfies Ec2HandlersOf<Operation>;

async function assignIpv4({ input, caller, cloud }: Ec2Call<'AssignPrivateIpAddresses'>) {
  refuseUnsupported(input, ['Ipv4Prefixes', 'Ipv4PrefixCount']);
  const { NetworkInterfaceId, AllowReassignment = false } = input;
  const request = {
    addresses: parseIpv4List('privateIpAddress', input.PrivateIpAddresses),
    count: parseCount('secondaryPrivateIpAddressCount', input.SecondaryPrivateIpAddressCount),
    allowReassignment: AllowReassignment,
  };
  checkOneKind(request, 'privateIpAddresses', 'secondaryPrivateIpAddressCount');
  const assigned = await cloud.execute((tx) =>
    assignPrivateIpAddresses(tx, scopeOf(caller), NetworkInterfaceId, request),
  );
  const PrivateIpAddresses = assigned.map(formatIpv4);
  return {
    NetworkInterfaceId,
    AssignedPrivateIpAddresses: PrivateIpAddresses.map((PrivateIpAddress) => ({
      PrivateIpAddress,
    })),
  };
}

async function assignIpv6({ input, caller, cloud }: Ec2Call<'AssignIpv6Addresses'>) {
  refuseUnsupported(input, ['Ipv6Prefixes', 'Ipv6PrefixCount']);
  const { NetworkInterfaceId } = input;
  const request = {
    addresses: parseIpv6List(input.Ipv6Addresses),
    count: parseCount('ipv6AddressCount', input.Ipv6AddressCount),
  };
  checkOneKind(request, 'ipv6Addresses', 'ipv6AddressCount');
  const assigned = await cloud.execute((tx) =>
    assignIpv6Addresses(tx, scopeOf(caller), NetworkInterfaceId, request),
  );
  return { NetworkInterfaceId, AssignedIpv6Addresses: assigned.map(formatIpv6) };
}

/** Named addresses or a number of free ones. */
function checkOneKind(
  { addresses, count }: { readonly addresses: readonly unknown[]; readonly count: number },
  list: string,
  number: string,
): void {
  if (addresses.length > 0 && count > 0) throw together(list, number);
  if (addresses.length === 0 && count === 0) throw missingParameter(`${list} or ${number}`);
}

function parseIpv6List(texts: readonly string[] | undefined): Ipv6[] {
  return (texts ?? []).map((text) => parseIpv6Parameter('ipv6Address', text));
}
