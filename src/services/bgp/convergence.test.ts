/** Whatever happens on the way: once all is quiet, both sides have what was advertised. */
import { describe, expect, it } from 'vitest';
import { formatCidr } from '../../net/cidr.ts';
import type { Random } from '../../net/random.ts';
import { errorName } from '../../wire/bgp/fault.ts';
import type { Advertisement } from './export.ts';
import { BgpNetwork, own } from './test-network.ts';

const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);
const STEPS = 60;
/** Longer than any hold, retry or idle time. */
const QUIET = 600_000;

/** What may be told when nothing is broken but the lines. */
const HARMLESS = new Set([
  'Hold Timer Expired (4/0)',
  'Cease/Administrative Shutdown (6/2)',
  'Cease/Connection Rejected (6/5)',
  'Cease/Connection Collision Resolution (6/7)',
]);

function someRoutes(random: Random): Advertisement[] {
  const prefixes = Array.from({ length: random.below(12) }, () =>
    random.chance(0.5)
      ? `10.${random.below(4)}.${random.below(4)}.0/24`
      : `2001:db8:${random.below(16).toString(16)}::/48`,
  );
  const med = random.below(3);
  return own(...new Set(prefixes)).map((route) => ({
    ...route,
    attributes: { origin: 0, asPath: [], ...(med > 0 && { med }) },
  }));
}

/** Prefix and MED of what one speaker has from another, sorted. */
function learned(net: BgpNetwork, at: string, from: string): string[] {
  const routes = [...net.speakers.get(at)!.received(from)];
  return routes.map(({ prefix, path }) => `${formatCidr(prefix)} ${path.attributes.med}`).sort();
}

const spelled = (routes: readonly Advertisement[]) =>
  routes.map(({ prefix, attributes }) => `${formatCidr(prefix)} ${attributes.med}`).sort();

/** One thing that may happen between two speakers. */
function disturb(net: BgpNetwork, random: Random, a: string, b: string): void {
  const one = random.pick([a, b]);
  const other = one === a ? b : a;
  const speaker = net.speakers.get(one)!;
  switch (random.below(7)) {
    case 0:
      net.break(a, b);
      break;
    case 1:
      net.silence(a, b);
      break;
    case 2:
      net.cut.add([a, b].sort().join('-'));
      net.break(a, b);
      break;
    case 3:
      net.cut.clear();
      break;
    case 4:
      speaker.stop(other, net.now);
      net.run(random.below(3000));
      speaker.start(other, net.now);
      break;
    default:
      net.askAgain(one, other, random.pick([4, 6]));
  }
}

function faultsTold(net: BgpNetwork): string[] {
  const all = [...net.heard.values()].flat();
  return all.flatMap((one) => {
    if (one.type !== 'state') return [];
    const { sent, received } = one.reason;
    return [sent, received].flatMap((note) => (note ? [errorName(note.code, note.subcode)] : []));
  });
}

describe('two speakers over a line that breaks', () => {
  it.each(SEEDS)('agree in the end (seed %i)', (seed) => {
    const net = new BgpNetwork(seed, { splits: true, delay: 40 });
    const { random } = net;
    net.add('a', 64512, random.chance(0.5) ? '10.0.0.1' : '10.0.0.9');
    net.add('b', random.chance(0.3) ? 64512 : 4_200_000_000, '10.0.0.5');
    const passive = random.chance(0.3);
    net.join('a', 'b', { holdSeconds: 30, passive, connectRetrySeconds: 20 }, { holdSeconds: 9 });
    const told: Record<'a' | 'b', Advertisement[]> = { a: [], b: [] };
    for (let step = 0; step < STEPS; step++) {
      for (const [from, to] of [['a', 'b'] as const, ['b', 'a'] as const]) {
        if (random.chance(0.5)) continue;
        told[from] = someRoutes(random);
        net.speakers.get(from)!.advertise(to, told[from], net.now);
      }
      if (random.chance(0.25)) disturb(net, random, 'a', 'b');
      net.run(random.below(random.chance(0.2) ? 20_000 : 300));
    }
    net.cut.clear();
    net.run(QUIET);
    expect(net.speakers.get('a')!.status('b').state).toBe('Established');
    expect(learned(net, 'b', 'a')).toEqual(spelled(told.a));
    expect(learned(net, 'a', 'b')).toEqual(spelled(told.b));
    expect(faultsTold(net).filter((name) => !HARMLESS.has(name))).toEqual([]);
  });
});

describe('a ring of speakers that relay', () => {
  it.each(SEEDS.slice(0, 10))('knows every route by its shortest way (seed %i)', (seed) => {
    const net = new BgpNetwork(seed, { splits: true, delay: 30 });
    const { random } = net;
    const names = ['a', 'b', 'c', 'd', 'e'];
    const next = (index: number) => names[(index + 1) % names.length]!;
    for (const [index, name] of names.entries())
      net.add(name, 65001 + index, `10.0.0.${index + 1}`);
    for (const [index, name] of names.entries()) {
      net.join(name, next(index), { relay: true, holdSeconds: 30 }, { relay: true });
    }
    for (let step = 0; step < STEPS; step++) {
      const index = random.below(names.length);
      const [name, neighbor] = [names[index]!, next(index)];
      const routes = random.chance(0.5) ? own(`10.${index}.0.0/16`) : [];
      net.speakers.get(name)!.advertise(neighbor, routes, net.now);
      if (random.chance(0.3)) disturb(net, random, name, neighbor);
      net.run(random.below(5000));
    }
    net.cut.clear();
    net.run(QUIET);
    for (const [index, name] of names.entries()) {
      const before = names[(index + names.length - 1) % names.length]!;
      for (const neighbor of [next(index), before]) {
        net.speakers.get(name)!.advertise(neighbor, own(`10.${index}.0.0/16`), net.now);
      }
    }
    net.run(10_000);
    for (const [index, name] of names.entries()) {
      const hops = net.table(name).map((line) => line.split(': ')[1]!.split(' ').length);
      const expected = names.map((_, at) =>
        Math.min(Math.abs(at - index), 5 - Math.abs(at - index)),
      );
      expect(hops).toEqual(expected.filter((distance) => distance > 0));
    }
  });
});
