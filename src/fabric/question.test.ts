import { describe, expect, it } from 'vitest';
import { defaultSourcePort, observe, type Question, telling, type Walked } from './question.ts';
import { packet } from './test-frames.ts';
import { ip } from './test-values.ts';

const QUESTION: Omit<Question, 'sourcePort'> = {
  from: { kind: 'interface', id: 'eni-1' },
  source: ip('10.0.0.1'),
  destination: ip('10.1.0.1'),
  protocol: 'tcp',
  port: 443,
  size: 0,
  dontFragment: false,
  ttl: 64,
};

describe('the default source port', () => {
  it('is an ephemeral one, the same for the same question', () => {
    const port = defaultSourcePort(QUESTION);
    expect(port).toBeGreaterThanOrEqual(49152);
    expect(port).toBeLessThanOrEqual(65535);
    expect(defaultSourcePort({ ...QUESTION })).toBe(port);
  });

  it('differs with each part of the question that names the flow', () => {
    const others: Partial<Question>[] = [
      { from: { kind: 'interface', id: 'eni-2' } },
      { from: { kind: 'internet', address: ip('10.0.0.1') } },
      { source: ip('10.0.0.2') },
      { destination: ip('10.1.0.2') },
      { protocol: 'udp' },
      { port: 444 },
    ];
    const ports = others.map((other) => defaultSourcePort({ ...QUESTION, ...other }));
    expect(new Set([defaultSourcePort(QUESTION), ...ports]).size).toBe(others.length + 1);
  });

  it('spreads over the range', () => {
    const ports = Array.from({ length: 1000 }, (_, port) =>
      defaultSourcePort({ ...QUESTION, port }),
    );
    expect(new Set(ports).size).toBeGreaterThan(900);
  });
});

describe('what the far end observed', () => {
  it('has ports for TCP and UDP, and the instance where there is one', () => {
    expect(observe(packet('10.0.0.1', '10.1.0.1'), 'i-1')).toEqual({
      source: '10.0.0.1',
      sourcePort: 40000,
      destination: '10.1.0.1',
      port: 443,
      instance: 'i-1',
    });
    const echo = packet('2001:db8::1', '2001:db8::2', { protocol: 'icmp' });
    expect(observe(echo, undefined)).toEqual({
      source: '2001:db8::1',
      destination: '2001:db8::2',
    });
  });
});

describe('the packet that stands for a direction', () => {
  const walked = (disposition: 'delivered' | 'dropped', source: string): Walked => ({
    trace: { disposition, hops: [] },
    observed: { source, destination: '' },
  });
  const [a, b, c] = [walked('delivered', 'a'), walked('dropped', 'b'), walked('delivered', 'c')];

  it('is the first where the exchange completed: a packet repeated smaller does not count', () => {
    expect(telling([b, a, c], true)).toBe(a);
    expect(telling([a, b], true)).toBe(a);
  });

  it('is the one that was stopped where it failed, else the first', () => {
    expect(telling([a, b, c], false)).toBe(b);
    expect(telling([a, c], false)).toBe(a);
    expect(telling([], false)).toBeUndefined();
  });
});
