/** Random VPCs and subnets, and their blocks. */
import type { Scope } from '../../../src/control/scope.ts';
import {
  attachInternetGateway,
  createInternetGateway,
} from '../../../src/control/vpc/internet-gateway.ts';
import { createSubnet } from '../../../src/control/vpc/subnet.ts';
import {
  associateSubnetCidr,
  disassociateSubnetCidr,
} from '../../../src/control/vpc/subnet-cidr.ts';
import { createVpc } from '../../../src/control/vpc/vpc.ts';
import {
  associateVpcCidr,
  associateVpcIpv6Cidr,
  disassociateVpcCidr,
} from '../../../src/control/vpc/vpc-cidr.ts';
import { type Cidr4, type Cidr6, cidr, parseCidr4 } from '../../../src/net/cidr.ts';
import { addToIp } from '../../../src/net/ip.ts';
import { ipv6 } from '../../../src/net/ipv6.ts';
import { any, attempt, type Builder, block, type Changes, scopeOf } from '../builder.ts';

const ACCOUNTS = ['111111111111', '222222222222'];
const REGIONS = ['us-east-1', 'us-east-1', 'eu-west-1'];
/** Some twice: VPCs may overlap as long as nobody peers them. */
const BLOCKS = [
  ...['10.0.0.0/16', '10.1.0.0/16', '10.2.0.0/20', '172.16.0.0/20', '100.64.0.0/20'],
  ...['10.0.0.0/16', '192.168.0.0/24', '52.10.0.0/20'],
];

/** A VPC with its subnets, mostly with a gateway. */
export async function buildVpc(builder: Builder): Promise<void> {
  const { random } = builder;
  const scope: Scope = { account: random.pick(ACCOUNTS), region: random.pick(REGIONS) };
  const primary = parseCidr4(random.pick(BLOCKS))!;
  const amazonProvidedIpv6 = random.chance(0.6);
  const vpc = await attempt(builder, (tx) =>
    createVpc(tx, scope, { cidr: primary, amazonProvidedIpv6 }),
  );
  if (vpc === undefined) return;
  if (random.chance(0.4)) {
    const second = parseCidr4(random.pick(['100.65.0.0/20', '10.9.0.0/20', '172.20.0.0/20']))!;
    await attempt(builder, (tx) => associateVpcCidr(tx, scope, vpc.id, second));
  }
  await builder.cloud.advance(1000);
  const subnets = 2 + random.below(2);
  for (let index = 0; index < subnets; index++) await buildSubnet(builder, vpc.id, index);
  if (random.chance(0.5)) await buildIpv6Subnet(builder, vpc.id);
  if (random.chance(0.75)) {
    await attempt(builder, (tx) => {
      const { id } = createInternetGateway(tx, scope);
      attachInternetGateway(tx, scope, id, vpc.id);
    });
  }
}

async function buildSubnet(builder: Builder, vpcId: string, index: number): Promise<void> {
  const { random, cloud } = builder;
  const vpc = cloud.model.get('vpc', vpcId)!;
  const outer = index === 2 ? vpc.cidrs.at(-1)!.cidr : vpc.cidrs[0]!.cidr;
  const [ipv6Block] = vpc.ipv6Cidrs;
  const inner: Cidr4 = cidr(addToIp(outer.address, index * 64), 26);
  const zoneId = cloud.zones(vpc.account, vpc.region)[random.chance(0.8) ? 0 : 1]!.id;
  await attempt(builder, (tx) =>
    createSubnet(tx, scopeOf(vpc), {
      vpcId,
      zone: { zoneId },
      cidr: inner,
      ...(ipv6Block && random.chance(0.9) ? { ipv6Cidr: nth64(ipv6Block.cidr, index) } : {}),
    }),
  );
}

const IPV6_ONLY = 8;

/** one without IPv4. */
async function buildIpv6Subnet(builder: Builder, vpcId: string): Promise<void> {
  const vpc = builder.cloud.model.get('vpc', vpcId)!;
  const [block] = vpc.ipv6Cidrs;
  if (block === undefined) return;
  const ipv6Cidr = nth64(block.cidr, IPV6_ONLY);
  await attempt(builder, (tx) => createSubnet(tx, scopeOf(vpc), { vpcId, ipv6Cidr }));
}

function nth64({ address: [a, b, c, d] }: Cidr6, index: number): Cidr6 {
  return cidr(ipv6(a, b + index, c, d), 64);
}

function changeBlocks(builder: Builder) {
  const { random } = builder;
  const vpc = any(builder, 'vpc')!;
  const scope = scopeOf(vpc);
  const extra = vpc.cidrs.slice(1);
  if (extra.length > 0 && random.chance(0.6)) {
    const { associationId } = random.pick(extra);
    return attempt(builder, (tx) => disassociateVpcCidr(tx, scope, associationId));
  }
  const added = block(random.pick(['100.66.0.0/20', '10.8.0.0/20', '172.21.0.0/20']));
  return attempt(builder, (tx) => associateVpcCidr(tx, scope, vpc.id, added as never));
}

/** IPv6 for a VPC or a subnet that has none, or the end of a subnet's. */
function changeIpv6(builder: Builder) {
  const { random, cloud } = builder;
  const subnet = any(builder, 'subnet')!;
  const vpc = cloud.model.get('vpc', subnet.vpcId)!;
  const scope = scopeOf(vpc);
  const [block] = vpc.ipv6Cidrs;
  if (block === undefined) return attempt(builder, (tx) => associateVpcIpv6Cidr(tx, scope, vpc.id));
  const own = subnet.ipv6Cidrs.find(({ state }) => state === 'associated');
  return attempt(builder, (tx) =>
    own === undefined
      ? associateSubnetCidr(tx, scope, subnet.id, nth64(block.cidr, 16 + random.below(16)))
      : disassociateSubnetCidr(tx, scope, own.associationId),
  );
}

export const vpcChanges: Changes = [
  [1, changeBlocks],
  [2, changeIpv6],
];
