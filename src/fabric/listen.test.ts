import { describe, expect, it } from 'vitest';
import { listensOn, parseListen } from './listen.ts';

describe('the tag openvpc:listen', () => {
  it('without it everything is answered', () => {
    expect(parseListen(undefined)).toBe('all');
    expect(listensOn('all', 'udp', 9)).toBe(true);
  });

  it('names ports and protocols', () => {
    const listen = parseListen('80/tcp, 443/tcp,53/udp');
    expect(listen).toEqual([
      { protocol: 'tcp', port: 80 },
      { protocol: 'tcp', port: 443 },
      { protocol: 'udp', port: 53 },
    ]);
    expect(listensOn(listen, 'tcp', 443)).toBe(true);
    expect(listensOn(listen, 'udp', 443)).toBe(false);
    expect(listensOn(listen, 'tcp', 53)).toBe(false);
  });

  it('empty, it answers nothing', () => {
    expect(parseListen('')).toEqual([]);
    expect(listensOn([], 'tcp', 80)).toBe(false);
  });

  it.each(['80', 'tcp/80', '80/icmp', '65536/tcp', '-1/tcp', '8O/tcp', '80/TCP', '80/tcp/x'])(
    'passes over %s',
    (part) => {
      expect(parseListen(part)).toEqual([]);
      expect(parseListen(`22/tcp,${part}`)).toEqual([{ protocol: 'tcp', port: 22 }]);
    },
  );

  it('takes the first and the last port', () => {
    const ports = [0, 65535].map((port) => ({ protocol: 'tcp', port }));
    expect(parseListen('0/tcp,65535/tcp')).toEqual(ports);
  });
});
