/** Calls to Direct Connect: right ones, and ones with something wrong in their JSON. */
import { DIRECT_CONNECT_OPERATIONS } from '../../../src/aws/directconnect/operations.ts';
import { loadModel, type Member } from '../../../src/aws/protocol/model.ts';
import type { Kind } from '../../../src/model/schema.ts';
import type { Pool } from './draw.ts';
import type { FuzzCall } from './fuzz-call.ts';
import { ACCOUNTS } from './fuzz-world.ts';
import { ascii, type Input, spoilt } from './ram-calls.ts';

const MODEL = loadModel('directconnect');

/** What fills a cloud is asked for more often than what empties it. */
const OFTEN = DIRECT_CONNECT_OPERATIONS.filter((name) => /^(Create|Allocate|Accept)/.test(name));

/** One call, or the same one twice at once. */
export function drawDirectConnect(pool: Pool): FuzzCall[] {
  const { random, account, region } = pool;
  const operation = random.pick(random.pick([OFTEN, OFTEN, DIRECT_CONNECT_OPERATIONS]));
  const caller = { account, region };
  const input = drawStructure(pool, MODEL.operations[operation]!.input ?? '');
  const ticket = random.below(100);
  if (ticket < 60) return [directConnectCall(caller, operation, input)];
  if (ticket < 90) return [directConnectCall(caller, operation, spoilt(pool, input))];
  const call = directConnectCall(caller, operation, input);
  return [call, call];
}

interface Caller {
  readonly account: string;
  readonly region: string;
}

/** A call as it is written: the operation in a header, all else as JSON. */
export function directConnectCall(caller: Caller, operation: string, input: object): FuzzCall {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `${MODEL.target}.${operation}`,
  };
  const raw = ascii(JSON.stringify(input));
  return { ...caller, service: 'directconnect', parameters: [], route: 'POST /', raw, headers };
}

function drawStructure(pool: Pool, name: string): Input {
  const members = MODEL.structures[name] ?? [];
  const wanted = members.filter((member) => member.required || isDrawn(pool, member));
  return Object.fromEntries(wanted.map((member) => [member.name, drawMember(pool, member)]));
}

const USUAL = ['asn', 'vlan', 'virtualInterfaceName', 'directConnectGatewayId', 'gatewayId'];
const RARE = ['nextToken', 'asnLong', 'requestMACSec', 'encryptionMode', 'enableSiteLink'];

function isDrawn({ random }: Pool, { name }: Member): boolean {
  if (USUAL.includes(name)) return random.chance(0.9);
  return random.chance(RARE.includes(name) ? 0.02 : 0.25);
}

const BLOCKS = ['10.0.0.0/8', '10.1.0.0/16', '192.168.0.0/16', '2001:db8::/32'];

function drawMember(pool: Pool, { name, type, enum: values }: Member): unknown {
  const { random } = pool;
  if (values !== undefined) return random.pick(MODEL.enums[values]!);
  const draws: Readonly<Record<string, () => unknown>> = {
    connectionId: () => anyOf(pool, CARRIERS),
    parentConnectionId: () => anyOf(pool, CARRIERS),
    lagId: () => anyOf(pool, ['direct-connect-lag']),
    virtualInterfaceId: () => anyOf(pool, ['direct-connect-virtual-interface']),
    directConnectGatewayId: () => anyOf(pool, ['direct-connect-gateway']),
    associationId: () => anyOf(pool, ['direct-connect-gateway-association']),
    proposalId: () => anyOf(pool, ['direct-connect-gateway-association-proposal']),
    gatewayId: () => anyOf(pool, ['transit-gateway', 'vpn-gateway']),
    associatedGatewayId: () => anyOf(pool, ['transit-gateway', 'vpn-gateway']),
    virtualGatewayId: () => anyOf(pool, ['vpn-gateway']),
    location: () => random.pick(['EqDC2', 'EqDC2', 'EqDB1']),
    bandwidth: () => random.pick(['1Gbps', '1Gbps', '500Mbps', '100Gbps']),
    connectionsBandwidth: () => random.pick(['1Gbps', '10Gbps']),
    numberOfConnections: () => random.below(4),
    minimumLinks: () => random.below(3),
    vlan: () => random.below(20),
    asn: () => 65_010,
    amazonSideAsn: () => 64_512 + random.below(3),
    mtu: () => random.pick([1500, 8500, 9001]),
    testDurationInMinutes: () => 1 + random.below(5),
    maxResults: () => 1 + random.below(3),
    cidr: () => random.pick(BLOCKS),
    amazonAddress: () => random.pick(['169.254.7.1/30', '10.0.0.1/29']),
    customerAddress: () => random.pick(['169.254.7.2/30', '10.0.0.2/29']),
    resourceArn: () => arn(pool),
    resourceArns: () => [arn(pool)],
  };
  const draw = draws[name];
  if (draw !== undefined) return draw();
  if (/account$/i.test(name)) return random.pick(ACCOUNTS);
  const list = MODEL.lists[type];
  if (list !== undefined)
    return MODEL.structures[list.type] ? [drawStructure(pool, list.type)] : ['a'];
  if (MODEL.structures[type] !== undefined) return drawStructure(pool, type);
  if (type === 'boolean') return random.chance(0.5);
  return type === 'integer' ? random.below(10) : random.pick(['first', 'second']);
}

const CARRIERS: readonly Kind[] = ['direct-connect-connection', 'direct-connect-lag'];

/** One that is there, the caller's rather than others; or one that is not. */
function anyOf({ random, model, account }: Pool, kinds: readonly Kind[]): string {
  const all = kinds.flatMap((kind) => [...model.all(kind)] as { id: string; account?: string }[]);
  const own = all.filter((one) => one.account === account);
  const list = random.chance(0.8) && own.length > 0 ? own : all;
  return list.length > 0 && random.chance(0.95) ? random.pick(list).id : 'dxcon-0';
}

function arn(pool: Pool): string {
  const id = anyOf(pool, CARRIERS);
  return `arn:aws:directconnect:${pool.region}:${pool.account}:${id.split('-')[0]}/${id}`;
}
