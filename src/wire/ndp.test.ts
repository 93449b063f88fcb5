import { describe, expect, it } from 'vitest';
import { formatIpv6, parseIpv6 } from '../net/ipv6.ts';
import { fromHex } from './bytes.ts';
import { NDP_TYPE, ndpKind, parseNdp, solicitedNode } from './ndp.ts';
import { expectNeverThrows } from './test-support.ts';

// What the messages look like on the wire is tested with ICMPv6, which they are.
describe('neighbor discovery', () => {
  it('knows its types', () => {
    for (const [kind, type] of Object.entries(NDP_TYPE)) expect(ndpKind(type)).toBe(kind);
    expect([132, 137, 128].map(ndpKind)).toEqual([undefined, undefined, undefined]);
  });

  it('reads the flags of an advertisement apart', () => {
    const flags = (byte: string) =>
      parseNdp(
        'neighborAdvertisement',
        fromHex(`8800 0000 ${byte}000000 ${'20'.repeat(16)}`),
        0,
        24,
      );
    const none = { router: false, solicited: false, override: false };
    expect(flags('80')).toMatchObject({ ...none, router: true });
    expect(flags('40')).toMatchObject({ ...none, solicited: true });
    expect(flags('20')).toMatchObject({ ...none, override: true });
    expect(flags('1f')).toMatchObject(none);
  });

  it('takes only the options that belong to a message', () => {
    const bytes = fromHex('8500 0000 0000 0000 0201 0200 0000 0002 0501 0000 0000 05dc');
    expect(parseNdp('routerSolicitation', bytes, 0, bytes.length)).toEqual({
      kind: 'routerSolicitation',
    });
  });

  it('refuses random bytes quietly', () => {
    for (const type of Object.values(NDP_TYPE)) {
      expectNeverThrows((bytes, offset, end) => parseNdp(ndpKind(type)!, bytes, offset, end));
    }
  });

  it('gives the group that a neighbor listens to, and its Ethernet address', () => {
    // The example of RFC 4291 section 2.7.1.
    const group = solicitedNode(parseIpv6('4037::01:800:200e:8c6c')!);
    expect(formatIpv6(group)).toBe('ff02::1:ff0e:8c6c');
  });
});
