/** Elastic addresses: with primary and secondary addresses, moved, kept for nothing, released. */
import {
  associateAddress,
  disassociateAddress,
} from '../../../src/control/vpc/address-association.ts';
import { allocateAddress, releaseAddress } from '../../../src/control/vpc/elastic-address.ts';
import type { ElasticAddress } from '../../../src/model/vpc/elastic-address.ts';
import { all, any, attempt, type Builder, type Changes, scopeOf } from '../builder.ts';

/** Of each VPC with a gateway some; one is kept for nothing. */
export async function buildElasticAddresses(builder: Builder): Promise<void> {
  for (const { attachment, ...gateway } of all(builder, 'internet-gateway')) {
    if (attachment === undefined) continue;
    const scope = scopeOf(gateway);
    for (let count = 0; count < 3; count++) {
      const address = await attempt(builder, (tx) => allocateAddress(tx, scope));
      if (count > 0) await associate(builder, address!, attachment.vpcId);
    }
  }
}

/** With any address of an interface in the VPC. */
function associate(builder: Builder, address: ElasticAddress, vpcId: string) {
  const { random } = builder;
  const eni = any(
    builder,
    'network-interface',
    (one) => one.vpcId === vpcId && one.addresses.length > 0,
  );
  if (eni === undefined) return undefined;
  const { address: privateAddress } = random.pick(eni.addresses);
  return attempt(builder, (tx) =>
    associateAddress(tx, scopeOf(eni), {
      address: { allocationId: address.id },
      target: { networkInterfaceId: eni.id },
      privateAddress,
      allowReassociation: random.chance(0.7),
    }),
  );
}

function moveElasticAddress(builder: Builder) {
  const address = any(builder, 'elastic-ip');
  if (address === undefined) return undefined;
  const { account, region } = address;
  const vpc = any(builder, 'vpc', (one) => one.account === account && one.region === region);
  return vpc && associate(builder, address, vpc.id);
}

function loseElasticAddress(builder: Builder) {
  const { random } = builder;
  const eni = any(builder, 'network-interface', ({ addresses }) =>
    addresses.some(({ elastic }) => elastic !== undefined),
  );
  const associations = eni?.addresses.flatMap(({ elastic }) => elastic?.associationId ?? []);
  if (eni === undefined || associations === undefined) return undefined;
  return attempt(builder, (tx) => disassociateAddress(tx, scopeOf(eni), random.pick(associations)));
}

function allocateOrRelease(builder: Builder) {
  const { random } = builder;
  const vpc = any(builder, 'vpc')!;
  if (random.chance(0.5)) return attempt(builder, (tx) => allocateAddress(tx, scopeOf(vpc)));
  const address = any(builder, 'elastic-ip');
  if (address === undefined) return undefined;
  const name = { allocationId: address.id };
  return attempt(builder, (tx) => releaseAddress(tx, scopeOf(address), name));
}

export const elasticAddressChanges: Changes = [
  [3, moveElasticAddress],
  [2, loseElasticAddress],
  [2, allocateOrRelease],
];
