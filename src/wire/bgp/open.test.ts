import { describe, expect, it } from 'vitest';
import { parseIpv4 } from '../../net/ipv4.ts';
import { toHex } from '../bytes.ts';
import type { Capabilities } from './capability.ts';
import { Fault } from './fault.ts';
import { BgpView } from './header.ts';
import { encodeOpen, type Open, readOpen } from './open.ts';
import { message } from './test-bgp.ts';

function open(body: string): Open | Fault {
  const view = new BgpView();
  const bytes = message(1, body);
  expect(view.wrap(bytes)).toBe(true);
  return readOpen(view);
}

function taken(body: string): Open {
  const result = open(body);
  if (result instanceof Fault) throw new Error(`${result.code}/${result.subcode}`);
  return result;
}

/** A good OPEN up to its parameters. */
const HEAD = '04 fdf2 001e 0a000001';
const withParameters = (parameters: string) => {
  const length = (parameters.replaceAll(/\s/g, '').length / 2).toString(16).padStart(2, '0');
  return `${HEAD} ${length} ${parameters}`;
};

describe('an OPEN', () => {
  it.each([
    ['version 3', '03 fdf2 001e 0a000001 00', '2/1', '0004'],
    ['version 5, whatever else', '05 0000 0001 00000000 00', '2/1', '0004'],
    ['AS 0', '04 0000 001e 0a000001 00', '2/2', ''],
    ['AS 0 in the capability', '04 fdf2 001e 0a000001 08 02 06 41 04 00000000', '2/2', ''],
    ['hold time 1', '04 fdf2 0001 0a000001 00', '2/6', ''],
    ['hold time 2', '04 fdf2 0002 0a000001 00', '2/6', ''],
    ['identifier 0', '04 fdf2 001e 00000000 00', '2/3', ''],
    ['parameters beyond the end', `${HEAD} 05 02 02 02 00`, '2/0', ''],
    ['bytes behind the parameters', `${HEAD} 04 02 02 02 00 00`, '2/0', ''],
    ['half a parameter header', withParameters('02'), '2/0', ''],
    ['a parameter that overruns', withParameters('02 03 02 00'), '2/0', ''],
    ['an unknown parameter', withParameters('03 00'), '2/4', ''],
    ['the deprecated authentication', withParameters('01 01 00'), '2/4', ''],
    ['half a capability header', withParameters('02 01 02'), '2/0', ''],
    ['a capability that overruns', withParameters('02 02 02 01'), '2/0', ''],
    ['multiprotocol of 3 bytes', withParameters('02 05 01 03 0001 00'), '2/0', ''],
    ['route refresh with a value', withParameters('02 03 02 01 00'), '2/0', ''],
    ['an AS of 2 bytes', withParameters('02 04 41 02 fdf2'), '2/0', ''],
    ['graceful restart of 1 byte', withParameters('02 03 40 01 00'), '2/0', ''],
    ['graceful restart of 5 bytes', withParameters('02 07 40 05 0078 0001 01'), '2/0', ''],
  ])('H-091 with %s is refused', (_what, body, error, data) => {
    const fault = open(body);
    if (!(fault instanceof Fault)) throw new Error('taken');
    expect(`${fault.code}/${fault.subcode}`).toBe(error);
    expect(toHex(fault.data)).toBe(data);
  });

  it.each([
    ['hold time 0', '04 fdf2 0000 0a000001 00', { holdSeconds: 0 }],
    ['hold time 3', '04 fdf2 0003 0a000001 00', { holdSeconds: 3 }],
    ['AS_TRANS of an old speaker', '04 5ba0 001e 0a000001 00', { asn: 23456 }],
  ])('with %s is taken', (_what, body, part) => {
    expect(taken(body)).toMatchObject(part);
  });

  it('H-095 has its AS from the capability where that is', () => {
    const bytes = '04 5ba0 001e 0a000001 08 02 06 41 04 fa56ea00';
    expect(taken(bytes)).toMatchObject({ asn: 4_200_000_000 });
    const written = encodeOpen(taken(bytes));
    expect(toHex(written)).toBe(toHex(message(1, bytes)));
  });

  it('H-094 takes capabilities in one parameter or several, unknown and repeated ones', () => {
    const value: Capabilities = {
      families: [{ afi: 1, safi: 1 }],
      routeRefresh: true,
      fourOctetAs: 65010,
      others: [{ code: 73, value: Uint8Array.of(1, 2) }],
    };
    const several = `02 06 01 04 0001 00 01  02 02 02 00  02 04 49 02 0102
      02 06 01 04 0001 00 01  02 06 41 04 00000001  02 06 41 04 0000fdf2`;
    const one = '02 14 01 04 0001 00 01 02 00 49 02 0102 41 04 0000fdf2 0200';
    expect(taken(withParameters(several)).capabilities).toEqual(value);
    expect(taken(withParameters(one)).capabilities).toEqual(value);
  });

  it('is written without parameters when there is nothing to tell', () => {
    const bytes = encodeOpen({
      asn: 65010,
      holdSeconds: 30,
      identifier: parseIpv4('10.0.0.1')!,
      capabilities: { families: [], routeRefresh: false, others: [] },
    });
    expect(toHex(bytes)).toBe(toHex(message(1, `${HEAD} 00`)));
  });
});
