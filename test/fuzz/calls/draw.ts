/** Values for parameters: ones that fit the cloud as it is, and ones that fit nothing. */
import type { ModelReader } from '../../../src/model/model.ts';
import { KINDS, type Kind } from '../../../src/model/schema.ts';
import type { Vpc } from '../../../src/model/vpc/vpc.ts';
import { type Cidr, cidrFamily, cidrSize, formatCidr } from '../../../src/net/cidr.ts';
import { addToIp, formatIp } from '../../../src/net/ip.ts';
import type { Random } from '../../../src/net/random.ts';

/** What values are drawn from: every id there is by its prefix, and who calls. */
export interface Pool {
  readonly random: Random;
  readonly model: ModelReader;
  readonly account: string;
  readonly region: string;
  /** One of the caller's VPCs, about which most of a call is. */
  readonly vpc: Vpc | undefined;
  readonly near: IdsByPrefix;
  readonly own: IdsByPrefix;
  readonly foreign: IdsByPrefix;
}

type IdsByPrefix = ReadonlyMap<string, readonly string[]>;

const SKIPPED: readonly Kind[] = ['timer', 'tag-set', 'idempotency', 'setting', 'credential'];

/** Every id in the model, nested ones included, apart by whose it is. */
export function poolOf(
  model: ModelReader,
  random: Random,
  { account, region }: { readonly account: string; readonly region: string },
): Pool {
  const vpc = someVpc(model, random, `${account}|${region}`);
  const near = new Map<string, string[]>();
  const own = new Map<string, string[]>();
  const foreign = new Map<string, string[]>();
  for (const kind of KINDS) {
    if (SKIPPED.includes(kind)) continue;
    for (const record of model.all(kind)) {
      const { account: owner, region: place, vpcId } = ownerOf(model, record);
      const isOwn = owner === account && place === region;
      const isNear = isOwn && vpc !== undefined && (vpcId ?? record.id) === vpc.id;
      for (const [prefix, id] of idsIn(record)) {
        add(isOwn ? own : foreign, prefix, id);
        if (isNear) add(near, prefix, id);
      }
    }
  }
  return { random, model, account, region, vpc, near, own, foreign };
}

interface Belonging {
  readonly account?: string;
  readonly region?: string;
  readonly vpcId?: string;
}

/** Whose a record is; routes and associations are of what they belong to. */
function ownerOf(model: ModelReader, record: object): Belonging {
  type Part = Belonging & {
    readonly routeTableId?: string;
    readonly networkAclId?: string;
    readonly vpnConnectionId?: string;
  };
  const { account, vpcId, routeTableId, networkAclId, vpnConnectionId } = record as Part;
  if (account !== undefined) return record;
  if (routeTableId !== undefined) return model.get('route-table', routeTableId) ?? {};
  if (networkAclId !== undefined) return model.get('network-acl', networkAclId) ?? {};
  if (vpnConnectionId !== undefined) return model.get('vpn-connection', vpnConnectionId) ?? {};
  return (vpcId === undefined ? undefined : model.get('vpc', vpcId)) ?? {};
}

/** One of an owner's VPCs, those with many subnets rather than others. */
function someVpc(model: ModelReader, random: Random, owner: string): Vpc | undefined {
  const subnets = model.by('subnet', 'owner', owner);
  if (subnets.length > 0 && random.chance(0.8)) return model.get('vpc', random.pick(subnets).vpcId);
  const vpcs = model.by('vpc', 'owner', owner);
  return vpcs.length === 0 ? undefined : random.pick(vpcs);
}

function add(ids: Map<string, string[]>, prefix: string, id: string): void {
  const list = ids.get(prefix);
  if (list === undefined) ids.set(prefix, [id]);
  else list.push(id);
}

type FoundId = readonly [prefix: string, id: string];
const ID = /^([a-z]+(?:-[a-z]+)*)-[0-9a-f]{8,17}$/;
/** Records never change, so what was found in one stays found. */
const found = new WeakMap<object, readonly FoundId[]>();

function idsIn(record: object): readonly FoundId[] {
  let ids = found.get(record);
  if (ids === undefined) {
    ids = search(record);
    found.set(record, ids);
  }
  return ids;
}

function search(value: unknown): FoundId[] {
  if (typeof value === 'string') {
    const prefix = ID.exec(value)?.[1];
    return prefix === undefined ? [] : [[prefix, value]];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(search);
}

/** An id about the pool's VPC, at times another of the caller's, of somebody else or of nobody. */
export function drawId(pool: Pool, prefix: string): string {
  const { random, near, own, foreign } = pool;
  const ticket = random.below(100);
  const here = near.get(prefix) ?? [];
  if (ticket < 75 && here.length > 0) return random.pick(here);
  const mine = own.get(prefix) ?? [];
  if (ticket < 92 && mine.length > 0) return random.pick(mine);
  const others = foreign.get(prefix) ?? [];
  if (ticket < 98 && others.length > 0) return random.pick(others);
  return `${prefix}-0${random.hex(16)}`;
}

const BLOCKS = ['10.0.0.0/16', '10.1.0.0/16', '10.0.0.0/20', '172.16.0.0/20', '192.168.0.0/24'];
const LATER_BLOCKS = ['100.64.0.0/20', '10.9.0.0/20', '10.1.128.0/17', '52.10.0.0/20'];

export function drawVpcBlock({ random }: Pool): string {
  return random.pick([...BLOCKS, ...LATER_BLOCKS]);
}

/** A part of a block, of one of a few sizes, so that they often meet. */
export function drawPart(pool: Pool, block: Cidr): string {
  const { random } = pool;
  const family = cidrFamily(block);
  const length = Math.max(block.length, family === 4 ? random.pick([20, 24, 24, 26, 28]) : 64);
  const parts = Math.min(8, 2 ** (length - block.length));
  const offset = random.below(parts);
  const size = family === 4 ? 2 ** (32 - length) : 2 ** 64;
  if (family === 4) return formatCidr({ address: addToIp(block.address, offset * size), length });
  const [a, b, ...rest] = block.address as unknown as number[];
  return formatCidr({
    address: [a, b! + offset, ...rest] as unknown as typeof block.address,
    length,
  });
}

export function drawBlockOfVpc(pool: Pool, family: 4 | 6): string {
  const { vpc, random } = pool;
  const associations = family === 4 ? vpc?.cidrs : vpc?.ipv6Cidrs;
  if (!associations?.length) return family === 4 ? '10.0.1.0/24' : '2600:1f00:0:1::/64';
  return drawPart(pool, random.pick<{ readonly cidr: Cidr }>(associations).cidr);
}

export function drawBlock(pool: Pool, family: 4 | 6): string {
  const { random } = pool;
  if (family === 6) {
    return random.pick(['::/0', '2600:1f00::/40', '2001:db8::/64', drawBlockOfVpc(pool, 6)]);
  }
  const others = ['0.0.0.0/0', '10.0.0.0/8', '198.51.100.0/24', '172.31.0.0/16', '10.1.2.3/32'];
  return random.pick([...others, drawVpcBlock(pool), drawBlockOfVpc(pool, 4)]);
}

/** An address of a subnet of the caller's, near its beginning or end. */
export function drawAddress(pool: Pool, family: 4 | 6): string {
  const { random, model, vpc } = pool;
  const subnets = vpc === undefined ? [] : model.by('subnet', 'vpc', vpc.id);
  const subnet = subnets.length === 0 ? undefined : random.pick(subnets);
  const block = family === 4 ? subnet?.cidr : subnet?.ipv6Cidrs[0]?.cidr;
  if (block === undefined) return family === 4 ? '10.0.0.9' : '2600:1f00::9';
  const size = Math.min(cidrSize(block), 2 ** 31);
  const offset = random.chance(0.8) ? random.below(Math.min(size, 24)) : size - 1 - random.below(3);
  return formatIp(addToIp(block.address, Math.max(0, offset)));
}

const HOSTILE = [
  '',
  ' ',
  '0',
  '-1',
  '1e309',
  'true',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '../../etc/passwd',
  "'; DROP TABLE records; --",
  '<script>&amp;"\'</script>',
  ']]>',
  '\u0000',
  '\u0001\u001f\u007f',
  '\ud800',
  '\u202e\ufeff\ufffe',
  '%00%ff%zz',
  '😀'.repeat(70),
  '9999999999999999',
  '-9999999999999999',
  '4294967296',
  '2147483648',
  '1.5',
  '+5',
  '0x10',
  '007',
  '*',
  '?',
  '\\',
  '*a*a*a*a*a*a*a*a*a*a*b',
  '?'.repeat(120),
  `${'?'.repeat(60)}${'*'.repeat(60)}x`,
  'tag:',
  'tag:__proto__',
  'aws:reserved',
];

const HOSTILE_BLOCKS = [
  '10.0.0.1/16',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '10.0.0.0/15',
  '10.0.0.0/29',
  '10.0.0.0/',
  '10.0.0.0',
  '/16',
  '010.0.0.0/16',
  '10.0.0/16',
  '10.0.0.0.0/16',
  '256.0.0.0/16',
  '0x0a.0.0.0/16',
  '10.0.0.0/16 ',
  '10.0.0.0/016',
  '0.0.0.0/0',
  '127.0.0.0/16',
  '224.0.0.0/16',
  '169.254.0.0/16',
  '255.255.255.240/28',
  '::/129',
  '::/0',
  '2001:db8::1/64',
  'fe80::/64',
  'ff02::/64',
  '::ffff:10.0.0.0/112',
  '1:2:3:4:5:6:7:8:9/64',
  '2001:db8::%eth0/64',
];

/** A value of a wrong kind, size or shape. */
export function drawHostile(pool: Pool, value: string): string {
  const { random } = pool;
  switch (random.below(9)) {
    case 0:
      return random.pick(HOSTILE_BLOCKS);
    case 1:
      return spoilId(random, value);
    case 2:
      return longer(random, value);
    case 3:
      return value.toUpperCase();
    case 4:
      return String((random.uint32() - 0x8000_0000) * random.pick([1, 1, 1e6, 0.5]));
    case 5:
      return drawId(pool, random.pick(['vpc', 'subnet', 'eni', 'sg', 'pcx', 'i', 'rtb', 'igw']));
    default:
      return random.pick(HOSTILE);
  }
}

/** Long, now and then as long as a request may be, with an end that fits nothing. */
function longer(random: Random, value: string): string {
  const length = random.chance(0.9) ? random.below(5000) : 400_000;
  const unit = random.pick([value, value.slice(0, 1), ' ', 'a', '-', '.', '1', '/']) || 'x';
  return unit.repeat(Math.ceil(length / unit.length)) + random.pick(['', '!', ' ', '\u0000']);
}

function spoilId(random: Random, value: string): string {
  const at = random.below(value.length + 1);
  const octet = random.pick(['', 'g', 'A', '-', '0', '\u0000', '%']);
  return value.slice(0, at) + octet + value.slice(at + random.below(3));
}
