import { describe, expect, it } from 'vitest';
import { formatIp } from '../net/ip.ts';
import { joinOf, parseJoin } from './join.ts';
import { TestNetwork } from './test-network.ts';

describe('openvpc:join', () => {
  it.each([
    ['224.0.1.5', ['224.0.1.5']],
    [' 224.0.1.5 , 239.255.255.250,224.0.1.5', ['224.0.1.5', '239.255.255.250']],
    ['10.0.0.1,224.0.1.5/32,ff0e::5,x,,224.0.1.300', []],
    ['', []],
  ])('%j means %j', (tag, expected) => {
    expect(parseJoin(tag).map(formatIp)).toEqual(expected);
  });

  it('is of the running instance’s primary interface', () => {
    const test = new TestNetwork();
    test.vpc('1', ['10.1.0.0/16']);
    test.subnet('1', '1', ['10.1.0.0/24']);
    test.host('a', '1', '10.1.0.11', { tags: { 'openvpc:join': '224.0.1.5' } });
    test.host('b', '1', '10.1.0.12', { instance: 'i-a', deviceIndex: 1 });
    test.host('c', '1', '10.1.0.13');
    test.host('d', '1', '10.1.0.14', { instance: null });
    const groups = (name: string) => joinOf(test.network, `eni-${name}`)?.map(formatIp);
    expect(['a', 'b', 'c', 'd', 'gone'].map(groups)).toEqual([
      ['224.0.1.5'],
      undefined,
      [],
      undefined,
      undefined,
    ]);
    test.update('instance', 'i-a', { state: 'stopping' });
    expect(groups('a')).toBeUndefined();
  });
});
