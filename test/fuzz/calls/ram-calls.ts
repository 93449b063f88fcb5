/** Calls to RAM: right ones, ones with something wrong in their JSON, and what hardly is JSON. */
import { loadModel } from '../../../src/aws/protocol/model.ts';
import { RAM_OPERATIONS } from '../../../src/aws/ram/operations.ts';
import type { Random } from '../../../src/net/random.ts';
import { drawHostile, type Pool } from './draw.ts';
import type { FuzzCall } from './fuzz-call.ts';
import { ACCOUNTS } from './fuzz-world.ts';

const MODEL = loadModel('ram');
export type Input = Readonly<Record<string, unknown>>;

/** What fills a cloud is asked for more often than what empties it. */
const OFTEN = ['CreateResourceShare', 'AssociateResourceShare', 'AcceptResourceShareInvitation'];

/** One call, or the same one twice at once. */
export function drawRam(pool: Pool): FuzzCall[] {
  const { random } = pool;
  const operation = random.pick(random.pick([OFTEN, RAM_OPERATIONS, RAM_OPERATIONS]));
  const input = drawInput(pool, operation);
  const ticket = random.below(100);
  const caller = callerOf(pool, input);
  if (ticket < 45) return [ramCall(caller, operation, input)];
  if (ticket < 80) return [ramCall(caller, operation, spoilt(pool, input))];
  if (ticket < 90) return [{ ...ramCall(caller, operation, input), ...garbage(random) }];
  return [ramCall(caller, operation, input), ramCall(caller, operation, input)];
}

/** Who may answer an invitation mostly does. */
function callerOf({ random, model, account, region }: Pool, input: Input): Caller {
  const arn = String(input.resourceShareInvitationArn);
  const invitation = model.get('resource-share-invitation', arn);
  if (invitation === undefined || random.chance(0.2)) return { account, region };
  return { account: invitation.receiver, region: invitation.region };
}

interface Caller {
  readonly account: string;
  readonly region: string;
}

/** A call as it is written: members of the URL there, the others as JSON. */
export function ramCall(caller: Caller, operation: string, input: object): FuzzCall {
  const { method, path, input: structure = '' } = MODEL.operations[operation]!;
  const members = MODEL.structures[structure] ?? [];
  const isInUrl = (name: string) => members.some((one) => one.name === name && one.httpQuery);
  const entries = Object.entries(input);
  const query = entries
    .filter(([name]) => isInUrl(name))
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value).toWellFormed())}`);
  const body = Object.fromEntries(entries.filter(([name]) => !isInUrl(name)));
  const url = query.length === 0 ? path : `${path}?${query.join('&')}`;
  const raw = method === 'DELETE' ? '' : ascii(JSON.stringify(body));
  return { ...caller, service: 'ram', parameters: [], route: `${method} ${url}`, raw };
}

/** JSON in octets, whatever is in it. */
export function ascii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** An input of the model's members, with what there is in the cloud. */
function drawInput(pool: Pool, operation: string): Input {
  const members = MODEL.structures[MODEL.operations[operation]!.input ?? ''] ?? [];
  const wanted = members.filter(({ name, required }) => {
    return required || pool.random.chance(name === 'nextToken' ? 0.02 : 0.3);
  });
  return Object.fromEntries(
    wanted.map(({ name, enum: values }) => {
      const allowed = values === undefined ? undefined : MODEL.enums[values];
      return [name, allowed === undefined ? drawMember(pool, name) : pool.random.pick(allowed)];
    }),
  );
}

const TAGS = [
  { key: 'a', value: 'b' },
  { key: 'team', value: '' },
];

function drawMember(pool: Pool, name: string): unknown {
  const { random } = pool;
  const some = (draw: () => unknown) => Array.from({ length: 1 + random.below(2) }, draw);
  const draws: Readonly<Record<string, () => unknown>> = {
    resourceShareArn: () => shareArn(pool),
    resourceShareArns: () => some(() => shareArn(pool)),
    resourceShareInvitationArn: () => invitationArn(pool),
    resourceShareInvitationArns: () => some(() => invitationArn(pool)),
    resourceArn: () => resourceArn(pool),
    resourceArns: () => [...pool.model.all('prefix-list')].slice(-2).map(() => resourceArn(pool)),
    principal: () => random.pick(ACCOUNTS),
    principals: () => some(() => random.pick(random.chance(0.9) ? others(pool) : ACCOUNTS)),
    permissionArn: () => PERMISSION,
    permissionArns: () => [PERMISSION],
    permissionVersion: () => 1,
    resourceType: () => 'ec2:PrefixList',
    tags: () => TAGS,
    tagKeys: () => ['a'],
    tagFilters: () => [{ tagKey: 'a' }],
    maxResults: () => 1 + random.below(3),
    allowExternalPrincipals: () => random.chance(0.7),
    sources: () => [],
    resourceShareConfiguration: () => ({}),
  };
  return draws[name]?.() ?? random.pick(['a', 'b', 'once']);
}

function others({ account }: Pool): string[] {
  return ACCOUNTS.filter((one) => one !== account);
}

const PERMISSION = 'arn:aws:ram::aws:permission/AWSRAMDefaultPermissionPrefixList';
const UUID = '00000000-0000-4000-8000-000000000000';

function shareArn(pool: Pool): string {
  return anyOf(pool, 'resource-share', ({ account }) => account === pool.account);
}

function invitationArn(pool: Pool): string {
  return anyOf(pool, 'resource-share-invitation', ({ receiver }) => receiver === pool.account);
}

/** One that is there, the caller's rather than others; or one that is not. */
function anyOf(
  { random, model, account, region }: Pool,
  kind: 'resource-share' | 'resource-share-invitation',
  isOwn: (record: { readonly account: string; readonly receiver?: string }) => boolean,
): string {
  const all = [...model.all(kind)];
  const own = all.filter((record) => isOwn(record));
  const list = random.chance(0.8) && own.length > 0 ? own : all;
  if (list.length > 0 && random.chance(0.95)) return random.pick(list).id;
  return `arn:aws:ram:${region}:${account}:${kind}/${UUID}`;
}

function resourceArn({ random, model, account, region }: Pool): string {
  const all = [...model.all('prefix-list')];
  const own = all.filter((one) => one.account === account && one.region === region);
  const list = random.chance(0.8) && own.length > 0 ? own : all;
  if (list.length === 0) return `arn:aws:ec2:${region}:${account}:prefix-list/pl-0`;
  const one = random.pick(list);
  return `arn:aws:ec2:${one.region}:${one.account}:prefix-list/${one.id}`;
}

/** The same with one member of another value, without it, or with one more. */
export function spoilt(pool: Pool, input: Input): Input {
  const { random } = pool;
  const name = random.pick([...Object.keys(input), 'name', '__proto__', 'constructor', '']);
  const { [name]: value, ...rest } = input;
  if (random.chance(0.2)) return rest;
  const text = drawHostile(pool, typeof value === 'string' ? value : 'x');
  const values = [text, text, text, [text], [text, null], { key: text }, [[]], null, 1e300, -1];
  // Object.fromEntries makes a member of any name, the prototype's included.
  return Object.fromEntries([...Object.entries(rest), [name, random.pick(values)]]);
}

/** Hardly a body, or hardly a route. */
function garbage(random: Random): Partial<FuzzCall> {
  const routes = ['POST /', 'GET /listresources', 'POST /%', 'DELETE /tagresource', 'X //?a=%'];
  const bodies = [
    '',
    '{',
    'null',
    '[]',
    '"',
    '{"a":1e999}',
    '\u00ff\u00fe{}',
    '{"name":"\\ud800"}',
  ];
  const deep = random.pick(['[', '{"a":', '{"tags":[']).repeat(random.pick([10, 100, 30_000]));
  if (random.chance(0.3)) return { route: random.pick(routes) };
  return { raw: random.pick([...bodies, deep]) };
}
