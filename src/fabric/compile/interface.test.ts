import { describe, expect, it } from 'vitest';
import { udpFrame } from '../test-frames.ts';
import { TestNetwork } from '../test-network.ts';
import { ip } from '../test-values.ts';

function made(): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16']);
  test.ingress('sg-a');
  test.subnet('one', 'a', ['10.0.1.0/24']);
  test.subnet('two', 'a', ['10.0.2.0/24']);
  test.host('x', 'one', '10.0.1.10');
  test.host('y', 'one', '10.0.1.11');
  test.host('z', 'two', '10.0.2.10');
  return test;
}

describe('the check of sources and destinations', () => {
  it('A-087 outwards: drops what does not come from the interface’s addresses', () => {
    const test = made();
    const { forward } = test.ask('x', '10.0.2.10', 'udp', { source: '10.0.1.11' });
    expect(forward).toMatchObject({ reason: 'ENI_SOURCE_DEST_CHECK_RESTRICTION', at: 'eni-x' });
    expect(forward.hops).toHaveLength(1);
    test.host('x', 'one', '10.0.1.10', { secondary: ['10.0.1.20'] });
    expect(test.ask('x', '10.0.2.10', 'udp', { source: '10.0.1.20' }).reachable).toBe(true);
  });

  it('A-087 inwards: drops what is not for the interface’s addresses', () => {
    const test = made();
    test.route('rtb-a', '192.0.2.0/24', { kind: 'network-interface', id: 'eni-z' });
    const { forward } = test.ask('x', '192.0.2.1');
    expect(forward).toMatchObject({ reason: 'ENI_SOURCE_DEST_CHECK_RESTRICTION', at: 'eni-z' });
    expect(forward.hops.at(-1)).toMatchObject({ kind: 'network-interface', direction: 'ingress' });
  });

  it('A-087 A-088 off, for that interface alone: it sends and takes any address', () => {
    const test = made();
    test.route('rtb-a', '192.0.2.0/24', { kind: 'network-interface', id: 'eni-z' });
    for (const id of ['eni-x', 'eni-z']) {
      test.update('network-interface', id, { sourceDestCheck: false });
    }
    const spoofed = test.ask('x', '10.0.2.10', 'udp', { source: '192.0.2.9' });
    expect(spoofed.forward.disposition).toBe('delivered');
    const { hops } = test.ask('x', '192.0.2.1').forward;
    expect(hops.map(({ resource }) => resource)).toContain('eni-z');
    const other = test.ask('y', '10.0.2.10', 'udp', { source: '192.0.2.9' }).forward;
    expect(other.reason).toBe('ENI_SOURCE_DEST_CHECK_RESTRICTION');
  });
});

describe('an interface that does not work', () => {
  it('neither sends nor takes: its instance is stopped', () => {
    const test = made();
    test.update('instance', 'i-z', { state: 'stopped' });
    expect(test.ask('x', '10.0.2.10').forward).toMatchObject({ reason: 'BAD_STATE', at: 'eni-z' });
    expect(test.ask('z', '10.0.1.10').forward).toMatchObject({ reason: 'BAD_STATE', at: 'eni-z' });
    test.update('instance', 'i-z', { state: 'running' });
    expect(test.ask('x', '10.0.2.10').reachable).toBe(true);
  });

  it('neither sends nor takes: it is attached to none', () => {
    const test = made();
    test.host('free', 'two', '10.0.2.20', { instance: null });
    expect(test.ask('x', '10.0.2.20').forward).toMatchObject({ reason: 'BAD_STATE' });
    expect(test.ask('free', '10.0.1.10').forward).toMatchObject({ reason: 'BAD_STATE' });
  });

  it('is nowhere once it is deleted', () => {
    const test = made();
    test.delete('network-interface', 'eni-z');
    expect(test.ask('x', '10.0.2.10').forward.reason).toBe('NO_POSSIBLE_DESTINATION');
    expect(test.network.interfaces.has('eni-z')).toBe(false);
    expect(test.network.group('sg-a').members.get(ip('10.0.2.10'))).toBeUndefined();
  });
});

describe('addresses that move', () => {
  const owner = (test: TestNetwork, to: string) => test.ask('x', to).observed?.instance;

  it('from one interface to another in one command, whichever is written first', () => {
    for (const takesFirst of [true, false]) {
      const test = made();
      test.host('w', 'two', '10.0.2.11', { secondary: ['10.0.2.30'] });
      expect(owner(test, '10.0.2.30')).toBe('i-w');
      const take = () => test.host('z', 'two', '10.0.2.10', { secondary: ['10.0.2.30'] });
      const lose = () => test.host('w', 'two', '10.0.2.11');
      test.together(() => {
        for (const step of takesFirst ? [take, lose] : [lose, take]) step();
      });
      expect(owner(test, '10.0.2.30')).toBe('i-z');
      expect(owner(test, '10.0.2.11')).toBe('i-w');
      // On the link as well.
      const { hosts } = test.network.subnets.get('subnet-two')!;
      expect(hosts.get(ip('10.0.2.30'))?.id).toBe('eni-z');
    }
  });

  it('a deleted interface’s address is another’s in the same command', () => {
    const test = made();
    test.together(() => {
      test.host('w', 'two', '10.0.2.11', { secondary: ['10.0.2.10'] });
      test.delete('network-interface', 'eni-z');
    });
    expect(owner(test, '10.0.2.10')).toBe('i-w');
  });
});

describe('tracking', () => {
  it('A-075 follows the interface’s settings, and AWS’s defaults without', () => {
    const test = made();
    const times = () => {
      const { tcpEstablished, udp, udpStream } = test.network.interfaces.get('eni-x')!.scope;
      return [tcpEstablished, udp, udpStream];
    };
    expect(times()).toEqual([432_000, 30, 180]);
    test.update('network-interface', 'eni-x', {
      connectionTracking: { tcpEstablishedTimeout: 60, udpTimeout: 45 },
    });
    expect(times()).toEqual([60, 45, 180]);
    test.update('network-interface', 'eni-x', { connectionTracking: {} });
    expect(times()).toEqual([432_000, 30, 180]);
  });

  it('A-075 a flow idle for longer than the setting is a new one', () => {
    const test = made();
    test.close('sg-a', false);
    test.ingress('sg-a', { peer: '10.0.0.0/8' });
    test.update('network-interface', 'eni-x', { connectionTracking: { udpTimeout: 60 } });
    const frame = () => udpFrame({ source: '10.0.1.10', destination: '10.0.2.10' });
    test.send('x', frame());
    test.close('sg-a', true);
    for (const [now, arrived] of [
      [59_999, 1],
      [119_998, 1],
      [179_999, 0],
    ] as const) {
      test.now = now;
      test.arrived.length = 0;
      // The receiver's gate has the default of 30 s: it judges the packet as new, and lets it in.
      test.send('x', frame());
      expect(test.arrived.length, `${now} ms`).toBe(arrived);
    }
  });

  it('A-073 flows outlive changes of the interface', () => {
    const test = made();
    test.close('sg-a', false);
    test.ingress('sg-a', { peer: '10.0.0.0/8' });
    const frame = () => udpFrame({ source: '10.0.1.10', destination: '10.0.2.10' });
    test.send('x', frame());
    test.group('sg-closed', 'vpc-a');
    test.update('network-interface', 'eni-x', { groupIds: ['sg-closed'], description: 'new' });
    test.arrived.length = 0;
    test.send('x', frame());
    expect(test.arrived).toHaveLength(1);
    expect(test.ask('x', '10.0.2.10').forward.reason).toBe('SG_HAS_NO_RULES');
  });
});

it('A-108 an interface sends nothing larger than the link', () => {
  const test = made();
  const size = (bytes: number) => test.ask('x', '10.0.2.10', 'udp', { size: bytes }).forward;
  const headers = 20 + 8 + 'openvpc?'.length;
  expect(size(9001 - headers).disposition).toBe('delivered');
  const { reason } = test.ask('x', '10.0.2.10', 'udp', {
    size: 9002 - headers,
    dontFragment: true,
  }).forward;
  expect(reason).toBe('MTU_EXCEEDED');
});
