import { describe, expect, it } from 'vitest';
import { BgpNetwork, own } from './test-network.ts';

describe('two speakers', () => {
  it('come up and exchange routes of both families', () => {
    const net = new BgpNetwork(1);
    net.add('a', 64512, '10.0.0.1');
    net.add('b', 65010, '10.0.0.2');
    net.join('a', 'b');
    net.run(5_000);
    net.speakers.get('a')!.advertise('b', own('10.0.0.0/16', '2001:db8::/32'), net.now);
    net.run(1000);
    expect(net.states('a', 'b')).toEqual([]);
    expect(net.table('b')).toEqual(['10.0.0.0/16: 64512', '2001:db8::/32: 64512']);
  });
});
