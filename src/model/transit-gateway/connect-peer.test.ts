import { describe, expect, it } from 'vitest';
import { parseCidr, parseCidr4 } from '../../net/cidr.ts';
import { formatIp, parseIp } from '../../net/ip.ts';
import { connectPeerAddresses, connectSessionId, insideBlockFault } from './connect-peer.ts';

describe('an inside block', () => {
  const fault = (text: string) => insideBlockFault(parseCidr(text)!);

  it.each(['169.254.6.0/29', '169.254.0.8/29', '169.254.255.248/29', 'fd00::/125', 'fdff::8/125'])(
    'C-091 may be %s',
    (text) => {
      expect(fault(text)).toBeUndefined();
    },
  );

  it.each(['169.254.6.0/28', '169.254.6.0/30', '169.253.6.0/29', '10.0.0.0/29'])(
    'C-091 is a /29 of 169.254.0.0/16, not %s',
    (text) => {
      expect(fault(text)).toBe('It must be a /29 of 169.254.0.0/16.');
    },
  );

  it.each(['fd00::/124', 'fd00::/126', 'fc00::/125', '2001:db8::/125'])(
    'C-091 is a /125 of fd00::/8, not %s',
    (text) => {
      expect(fault(text)).toBe('It must be a /125 of fd00::/8.');
    },
  );

  it.each([...[0, 1, 2, 3, 4, 5].map((third) => `169.254.${third}.0/29`), '169.254.169.248/29'])(
    'C-091 may not be %s, which is reserved',
    (text) => {
      expect(fault(text)).toBe('It is reserved.');
    },
  );
});

it('C-092 H-085 the appliance has the first host, the gateway the next two', () => {
  const { peer, transitGateway } = connectPeerAddresses({
    insideCidr: parseCidr4('169.254.6.8/29')!,
  });
  expect(formatIp(peer)).toBe('169.254.6.9');
  expect(transitGateway.map(formatIp)).toEqual(['169.254.6.10', '169.254.6.11']);
});

it('H-085 a session is named after its peer and the gateway’s address', () => {
  const id = 'tgw-connect-peer-0123456789abcdef0';
  expect(connectSessionId(id, parseIp('169.254.6.10')!)).toBe(`${id}|169.254.6.10`);
});
