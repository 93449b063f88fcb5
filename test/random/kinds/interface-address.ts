/** Further addresses and delegated blocks of interfaces: given, moved, taken away. */
import {
  assignIpv6Addresses,
  assignPrivateIpAddresses,
  unassignIpv6Addresses,
  unassignPrivateIpAddresses,
} from '../../../src/control/vpc/assign-addresses.ts';
import {
  assignIpv4Prefixes,
  assignIpv6Prefixes,
  unassignPrefixes,
} from '../../../src/control/vpc/assign-prefixes.ts';
import { type NetworkInterface, prefixesOf } from '../../../src/model/vpc/network-interface.ts';
import { all, any, attempt, type Builder, type Changes, scopeOf } from '../builder.ts';

/** Some interfaces have more than one address of a family, some a block. */
export async function buildAddresses(builder: Builder): Promise<void> {
  const { random } = builder;
  for (const eni of all(builder, 'network-interface')) {
    if (random.chance(0.2)) await addIpv4(builder, eni);
    if (random.chance(0.2)) await addIpv6(builder, eni);
    if (random.chance(0.2)) await addBlock(builder, eni);
  }
}

const ONE = { named: [], count: 1 };

function addIpv4(builder: Builder, eni: NetworkInterface) {
  const request = { addresses: [], count: 1, allowReassignment: false };
  return attempt(builder, (tx) => assignPrivateIpAddresses(tx, scopeOf(eni), eni.id, request));
}

function addIpv6(builder: Builder, eni: NetworkInterface) {
  const request = { addresses: [], count: 1 };
  return attempt(builder, (tx) => assignIpv6Addresses(tx, scopeOf(eni), eni.id, request));
}

async function addBlock(builder: Builder, eni: NetworkInterface) {
  const { random } = builder;
  const ipv4 = random.chance(0.6) && eni.addresses.length > 0;
  const assign = ipv4 ? assignIpv4Prefixes : assignIpv6Prefixes;
  await attempt(builder, (tx) => assign(tx, scopeOf(eni), eni.id, ONE));
}

function addAddress(builder: Builder) {
  const eni = any(builder, 'network-interface')!;
  return builder.random.chance(0.5) ? addIpv4(builder, eni) : addIpv6(builder, eni);
}

function takeAddress(builder: Builder) {
  const { random } = builder;
  const eni = any(
    builder,
    'network-interface',
    ({ addresses, ipv6Addresses }) => addresses.length > 1 || ipv6Addresses.length > 0,
  );
  if (eni === undefined) return undefined;
  const scope = scopeOf(eni);
  const secondary = eni.addresses.slice(1).map(({ address }) => address);
  return attempt(builder, (tx) =>
    secondary.length > 0 && random.chance(0.6)
      ? unassignPrivateIpAddresses(tx, scope, eni.id, [random.pick(secondary)])
      : unassignIpv6Addresses(tx, scope, eni.id, eni.ipv6Addresses.slice(-1)),
  );
}

/** A secondary address goes over to another interface of the subnet, an elastic one with it. */
function moveAddress(builder: Builder) {
  const holder = any(builder, 'network-interface', ({ addresses }) => addresses.length > 1);
  if (holder === undefined) return undefined;
  const { id, subnetId } = holder;
  const taker = any(
    builder,
    'network-interface',
    (one) => one.subnetId === subnetId && one.id !== id,
  );
  if (taker === undefined) return undefined;
  const addresses = [holder.addresses.at(-1)!.address];
  const request = { addresses, count: 0, allowReassignment: true };
  return attempt(builder, (tx) => assignPrivateIpAddresses(tx, scopeOf(taker), taker.id, request));
}

function addDelegation(builder: Builder) {
  return addBlock(builder, any(builder, 'network-interface')!);
}

/** The block may go over to a neighbour at once. */
function moveDelegation(builder: Builder) {
  const { random } = builder;
  const holder = any(builder, 'network-interface', (one) => prefixesOf(one).length > 0);
  if (holder === undefined) return undefined;
  const { id, subnetId, ipv4Prefixes } = holder;
  const scope = scopeOf(holder);
  const taker = any(builder, 'network-interface', (one) => one.subnetId === subnetId)!;
  return attempt(builder, (tx) => {
    unassignPrefixes(tx, scope, id, [random.pick(prefixesOf(holder))]);
    const [named] = ipv4Prefixes;
    if (named === undefined || random.chance(0.5)) return;
    assignIpv4Prefixes(tx, scope, taker.id, { named: [named], count: 0 });
  });
}

export const interfaceAddressChanges: Changes = [
  [3, addAddress],
  [2, takeAddress],
  [2, moveAddress],
  [2, addDelegation],
  [2, moveDelegation],
];
