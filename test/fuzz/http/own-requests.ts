/** Hostile requests to openvpc's own endpoints. */
import type { Random } from '../../../src/net/random.ts';

export interface OwnRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | Uint8Array;
}

type Json = unknown;

const WORDS = [
  '',
  'internet',
  'internet:',
  'internet:::',
  'internet:10.0.0.0/8',
  'internet:255.255.255.255',
  'internet:::1',
  'site:x/10.0.0.1',
  'i-',
  'i-00000000',
  'eni-00000000',
  'eni-__proto__',
  '__proto__',
  'constructor',
  '10.0.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '224.0.0.1',
  '127.0.0.1',
  '::',
  '::1',
  'ff02::1',
  'fe80::1%eth0',
  '::ffff:10.0.0.1',
  'localhost',
  'a'.repeat(300),
  `${'a'.repeat(60)}!`,
  `${'a.'.repeat(200)}`,
  'ip-10-0-0-1.ec2.internal',
  'ä.example',
  '\u0000',
  '\ud800',
  'x'.repeat(5000),
  '111111111111',
  'us-east-1',
];

const NUMBERS = [0, -0, -1, 1, 0.5, 4, 6, 53, 80, 255, 256, 65_000, 65_535, 65_536, 2 ** 31];
const LARGE = [2 ** 32, 2 ** 53, 1e308, -1e308, 5e-324];

function scalar(random: Random): Json {
  const kinds = [WORDS, WORDS, NUMBERS, LARGE, [true, false, null]] as readonly Json[][];
  return random.pick(random.pick(kinds));
}

function anything(random: Random, depth = 0): Json {
  const ticket = random.below(10);
  if (depth > 3 || ticket < 6) return scalar(random);
  const size = random.below(4);
  if (ticket < 8) return Array.from({ length: size }, () => anything(random, depth + 1));
  const names = ['__proto__', 'constructor', 'from', 'records', 'x', ''];
  const entries = Array.from({ length: size }, () => [
    random.pick(names),
    anything(random, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

/** `ids`: what questions may be about. */
export function drawQuestion(random: Random, ids: readonly string[]): Json {
  const place = () =>
    ids.length > 0 && random.chance(0.7) ? random.pick(ids) : random.pick(WORDS);
  const question: Record<string, Json> = { from: place(), to: place() };
  if (random.chance(0.7)) question.protocol = random.pick(['tcp', 'udp', 'icmp', 'http', 'x', 6]);
  if (random.chance(0.4)) question.port = random.pick([53, 80, ...NUMBERS]);
  if (random.chance(0.3)) question.sourcePort = random.pick(NUMBERS);
  if (random.chance(0.3)) question.family = random.pick([4, 6, 5, '4']);
  if (random.chance(0.3)) question.size = random.pick([0, 1, 1400, 9000, 65_000, 65_001, -1]);
  if (random.chance(0.3)) question.ttl = random.pick([0, 1, 2, 64, 255, 256]);
  if (random.chance(0.2)) question.dontFragment = random.pick([true, false, 'true']);
  if (random.chance(0.2)) question.account = random.pick(['111111111111', '1', 1]);
  if (random.chance(0.1)) question[random.pick(['__proto__', 'extra', 'ports'])] = scalar(random);
  return question;
}

const DURATIONS = [
  ...['', 'P', 'PT', 'P1', 'PT0S', 'PT-1S', 'P1Y', 'P1M', 'PT1.5S', 'PT1,5S', 'PT1e9S', 'P1W1W'],
  ...['P5200W', 'P99999999999999999999D', `PT${'9'.repeat(60)}S`, 'PT168H', 'PT60S', 'pt1s', 'P1D'],
];

/** State documents that are nearly right: one thing in them is something else. */
export function spoil(random: Random, document: Json): Json {
  const copy = structuredClone(document) as { records?: Record<string, Json[]> };
  if (random.chance(0.1))
    return { ...copy, [random.pick(['format', 'version', 'x'])]: scalar(random) };
  const { records = {} } = copy;
  const kind = random.pick(Object.keys(records));
  const list = records[kind];
  if (kind === undefined || list === undefined || list.length === 0) return copy;
  switch (random.below(5)) {
    case 0:
      records[random.pick(['__proto__', 'unicorn', kind])] = anything(random) as Json[];
      return copy;
    case 1:
      list.push(structuredClone(random.pick(list)));
      return copy;
    case 2:
      list.splice(random.below(list.length), 1);
      return copy;
    default:
      spoilInside(random, random.pick(list));
      return copy;
  }
}

/** Changes one member, as deep as chance leads. */
function spoilInside(random: Random, value: Json): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, Json>;
  const names = Object.keys(holder);
  if (names.length === 0) return;
  const name = random.pick(names);
  const inner = holder[name];
  const ticket = random.below(10);
  if (typeof inner === 'object' && inner !== null && ticket < 7) spoilInside(random, inner);
  else if (ticket === 8) delete holder[name];
  else if (ticket === 9) holder[random.pick(['__proto__', 'extra'])] = scalar(random);
  else holder[name] = nearby(random, inner);
}

/** Another value of the same kind rather than of another: it gets further. */
function nearby(random: Random, value: Json): Json {
  if (random.chance(0.3)) return anything(random);
  if (typeof value === 'number') {
    return random.pick([...NUMBERS, ...LARGE, value + 1, -value, value * 256]);
  }
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return anything(random);
  return random.pick([value.slice(1), `${value}0`, value.replace(/[0-9a-f]$/, 'e'), '', 'x']);
}

/** `state`: a document of the server's own. */
export function drawOwnRequest(random: Random, ids: readonly string[], state: Json): OwnRequest {
  switch (random.below(10)) {
    case 0:
    case 1:
    case 2:
      return post('probe', drawQuestion(random, ids));
    case 3:
    case 4:
      return post('trace', drawQuestion(random, ids));
    case 5:
      return post('clock', { advance: random.pick([...DURATIONS, ...WORDS]) });
    case 6:
      return post(random.pick(['reset', 'import', 'sites']), drawReset(random));
    case 7:
      return { method: 'PUT', path: '/_openvpc/state', body: JSON.stringify(spoil(random, state)) };
    case 8:
      return {
        ...post(random.pick(['probe', 'trace', 'clock', 'reset', 'import']), anything(random)),
      };
    default:
      return { ...post(random.pick(['probe', 'clock', 'reset']), {}), body: noJson(random) };
  }
}

function post(name: string, body: Json): OwnRequest {
  return { method: 'POST', path: `/_openvpc/${name}`, body: JSON.stringify(body) };
}

function drawReset(random: Random): Json {
  // Seldom all of it: the other requests are about something.
  if (random.chance(0.03)) return { account: '222222222222' };
  return { account: random.pick(['1', '12345678901x', null, 5, ['111111111111']]) };
}

const NO_JSON = [
  '',
  ' ',
  '{',
  '}',
  '"',
  '{"a":1,}',
  'NaN',
  "{'a':1}",
  '\ufeff{}',
  'null',
  'true',
  '0',
  '[]',
  '"x"',
  '{"from":"internet","to":"10.0.0.1"',
  '{"__proto__":{"from":"internet"},"to":"x"}',
  '{"advance":"PT1S","advance":"PT2S"}',
  `{"size":${'9'.repeat(400)}}`,
  '['.repeat(100_000),
  `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  '{"a":'.repeat(50_000),
  `{"from":"${'\\u0000'.repeat(1000)}"}`,
];

function noJson(random: Random): string | Uint8Array {
  if (random.chance(0.2)) return Uint8Array.from({ length: 40 }, () => random.below(256));
  if (random.chance(0.1)) return Buffer.from('{"from":"internet"}', 'utf16le');
  return random.pick(NO_JSON);
}
