import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { SCOPE, testCloud } from '../../../test/support/test-cloud.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import { addressAt, cidrSize, containsIp, parseCidr4, parseCidr6 } from '../../net/cidr.ts';
import { formatIp, parseIp } from '../../net/ip.ts';
import { type Ipv4, parseIpv4 } from '../../net/ipv4.ts';
import { mac } from '../../net/mac.ts';
import type { Cloud } from '../cloud.ts';
import type { Transaction } from '../transaction.ts';
import { createSubnet } from './subnet.ts';
import {
  allocateAddress,
  allocateAddresses,
  allocateIpv6Address,
  blockOf,
  freeAddressCount,
  isReserved,
  isTaken,
  releaseAddresses,
} from './subnet-addresses.ts';
import { createVpc } from './vpc.ts';

async function subnetOf(block: string): Promise<{ cloud: Cloud; subnet: Subnet }> {
  const { cloud } = await testCloud();
  const subnet = await cloud.execute((tx) => {
    const vpc = createVpc(tx, SCOPE, { cidr: parseCidr4('10.0.0.0/16')! });
    return createSubnet(tx, SCOPE, { vpcId: vpc.id, cidr: parseCidr4(block)! });
  });
  return { cloud, subnet };
}

/** An interface that has these addresses, as the index of addresses sees it. */
function putInterface(tx: Transaction, subnet: Subnet, addresses: readonly Ipv4[]): string {
  const id = tx.newId('network-interface');
  tx.put('network-interface', {
    id,
    ...SCOPE,
    vpcId: subnet.vpcId,
    subnetId: subnet.id,
    mac: mac(0x0200_0000_0001),
    status: 'available',
    interfaceType: 'interface',
    description: '',
    requesterManaged: false,
    addresses: addresses.map((address, index) => ({ address, primary: index === 0 })),
    ipv6Addresses: [],
    ipv4Prefixes: [],
    ipv6Prefixes: [],
    groupIds: [],
    sourceDestCheck: true,
    connectionTracking: {},
  });
  return id;
}

const take = (tx: Transaction, subnet: Subnet): string => {
  const address = allocateAddress(tx, subnet);
  putInterface(tx, subnet, [address]);
  return formatIp(address);
};

describe('reserved addresses', () => {
  it('A-013 the first four and the last of an IPv4 subnet', () => {
    const block = parseCidr4('10.0.1.16/28')!;
    const assignable = Array.from({ length: 16 }, (_, offset) => addressAt(block, offset))
      .filter((address) => !isReserved(block, address))
      .map(formatIp);
    expect(assignable).toHaveLength(11);
    expect(assignable[0]).toBe('10.0.1.20');
    expect(assignable.at(-1)).toBe('10.0.1.30');
  });

  it('A-014 the first four and the last of an IPv6 subnet', () => {
    const block = parseCidr6('2600:1f18::/64')!;
    const reserved = (text: string) => isReserved(block, parseIp(text)!);
    expect(['2600:1f18::', '2600:1f18::1', '2600:1f18::3'].map(reserved)).toEqual([
      true,
      true,
      true,
    ]);
    expect(reserved('2600:1f18::ffff:ffff:ffff:ffff')).toBe(true);
    expect(['2600:1f18::4', '2600:1f18::ffff:ffff:ffff:fffe'].map(reserved)).toEqual([
      false,
      false,
    ]);
  });
});

describe('allocateAddress', () => {
  it('A-013 gives the first free address', async () => {
    const { cloud, subnet } = await subnetOf('10.0.1.0/24');
    const given = await cloud.execute((tx) => [take(tx, subnet), take(tx, subnet)]);
    expect(given).toEqual(['10.0.1.4', '10.0.1.5']);
  });

  it('gives an address that was released again', async () => {
    const { cloud, subnet } = await subnetOf('10.0.1.0/24');
    const given = await cloud.execute((tx) => {
      for (let count = 0; count < 5; count++) take(tx, subnet);
      const [eni] = tx.by(
        'network-interface',
        'address',
        `${subnet.vpcId}|${parseIpv4('10.0.1.6')}`,
      );
      tx.delete('network-interface', eni!.id);
      releaseAddresses(tx, subnet.id, [parseIpv4('10.0.1.6')!]);
      return [take(tx, subnet), take(tx, subnet)];
    });
    expect(given).toEqual(['10.0.1.6', '10.0.1.9']);
  });

  it('passes over addresses that were chosen by hand', async () => {
    const { cloud, subnet } = await subnetOf('10.0.1.0/24');
    const given = await cloud.execute((tx) => {
      putInterface(tx, subnet, [parseIpv4('10.0.1.4')!, parseIpv4('10.0.1.6')!]);
      return [take(tx, subnet), take(tx, subnet)];
    });
    expect(given).toEqual(['10.0.1.5', '10.0.1.7']);
  });

  it('gives several at once, leaving out those the caller assigns itself', async () => {
    const { cloud, subnet } = await subnetOf('10.0.1.0/24');
    const [given, next] = await cloud.execute((tx) => {
      const own = [parseIpv4('10.0.1.5')!];
      return [allocateAddresses(tx, subnet, 2, own).map(formatIp), take(tx, subnet)];
    });
    expect(given).toEqual(['10.0.1.4', '10.0.1.6']);
    expect(next).toBe('10.0.1.4');
  });

  it('A-013 A-016 a /28 holds eleven and refuses the twelfth', async () => {
    const { cloud, subnet } = await subnetOf('10.0.1.0/28');
    await cloud.execute((tx) => {
      for (let count = 0; count < 11; count++) take(tx, subnet);
    });
    expect(freeAddressCount(cloud.model, subnet)).toBe(0);
    await expectError(
      cloud.execute((tx) => allocateAddress(tx, subnet)),
      'InsufficientFreeAddressesInSubnet',
    );
  });

  it('A-016 refuses more than a subnet could ever hold', async () => {
    const { cloud, subnet } = await subnetOf('10.0.1.0/28');
    const call = cloud.execute((tx) => allocateAddresses(tx, subnet, 12));
    await expectError(call, 'InsufficientFreeAddressesInSubnet');
  });

  it('A-013 A-016 always gives the lowest free address, whatever came and went', async () => {
    const { cloud, subnet } = await subnetOf('10.0.1.0/28');
    const steps = fc.array(fc.oneof(fc.constant('take' as const), fc.nat(15)), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const run = (tx: Transaction) => checkSteps(tx, subnet, list);
        // DryRun undoes the steps, so that every run begins with an empty subnet.
        await expectError(cloud.execute(run, { dryRun: true }), 'DryRunOperation');
      }),
      { numRuns: 60 },
    );
  });
});

/** Takes and releases; each address given must be the lowest that a plain list has free. */
function checkSteps(tx: Transaction, subnet: Subnet, steps: readonly ('take' | number)[]): void {
  const block = subnet.cidr!;
  const owners = new Map<Ipv4, string>();
  const all = Array.from({ length: cidrSize(block) }, (_, offset) => addressAt(block, offset));
  for (const step of steps) {
    const lowest = all.find((address) => !isReserved(block, address) && !owners.has(address));
    if (step === 'take' && lowest !== undefined) {
      const address = allocateAddress(tx, subnet);
      expect(formatIp(address)).toBe(formatIp(lowest));
      owners.set(address, putInterface(tx, subnet, [address]));
    } else if (typeof step === 'number') {
      const owner = owners.get(all[step]!);
      if (owner === undefined) continue;
      tx.delete('network-interface', owner);
      releaseAddresses(tx, subnet.id, [all[step]!]);
      owners.delete(all[step]!);
    }
  }
  expect(freeAddressCount(tx, subnet)).toBe(11 - owners.size);
}

describe('allocateIpv6Address', () => {
  it('A-014 gives an unused address of the block', async () => {
    const { cloud, subnet } = await subnetOf('10.0.1.0/24');
    const block = parseCidr6('2600:1f18:1:200::/64')!;
    const dual: Subnet = {
      ...subnet,
      ipv6Cidrs: [{ associationId: 'x', cidr: block, state: 'associated' }],
    };
    const given = await cloud.execute((tx) => [
      allocateIpv6Address(tx, dual),
      allocateIpv6Address(tx, dual),
    ]);
    expect(given.every((address) => containsIp(block, address))).toBe(true);
    expect(new Set(given.map(formatIp)).size).toBe(2);
    expect(given.map((address) => blockOf(dual, address))).toEqual([block, block]);
  });

  it('refuses where the subnet has no associated IPv6 block', async () => {
    const { cloud, subnet } = await subnetOf('10.0.1.0/24');
    const call = cloud.execute((tx) => allocateIpv6Address(tx, subnet));
    await expectError(call, 'InsufficientFreeAddressesInSubnet');
  });
});

it('an address is taken in its own VPC only', async () => {
  const { cloud, subnet } = await subnetOf('10.0.1.0/24');
  await cloud.execute((tx) => take(tx, subnet));
  const address = parseIpv4('10.0.1.4')!;
  expect(isTaken(cloud.model, subnet.vpcId, address)).toBe(true);
  expect(isTaken(cloud.model, 'vpc-0123456789abcdef0', address)).toBe(false);
});
