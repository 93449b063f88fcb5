import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AwsError, awsError } from '../../model/error.ts';
import { narrow, parseProtocol, protocolName } from './traffic.ts';

const missing = () => awsError('MissingParameter', 'missing');

/** The code of the AwsError that `run` throws. */
function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as AwsError).code;
  }
}

describe('parseProtocol', () => {
  it('reads what protocolName writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 255 }), (protocol) => {
        expect(parseProtocol(protocolName(protocol))).toBe(protocol);
        expect(parseProtocol(String(protocol))).toBe(protocol);
      }),
    );
  });

  it('refuses everything else', () => {
    for (const text of ['', ' 6', '6 ', '+6', '0x6', '1e1', '256', '-2', 'all', 'constructor']) {
      expect(
        codeOf(() => parseProtocol(text)),
        text,
      ).toBe('InvalidParameterValue');
    }
  });
});

describe('narrow', () => {
  it('gives ports or types within their ranges, or refuses', () => {
    const number = fc.option(fc.integer({ min: -3, max: 70_000 }), { nil: undefined });
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 255 }), number, number, (protocol, first, second) => {
        const pair = { first, second };
        const code = codeOf(() => narrow(protocol, pair, missing));
        if (![1, 6, 17, 58].includes(protocol)) {
          expect(narrow(protocol, pair, missing)).toEqual({ protocol });
        } else if (first === undefined || second === undefined) {
          expect(code).toBe('MissingParameter');
        } else if (protocol === 6 || protocol === 17) {
          const fits = first >= 0 && first <= second && second <= 65535;
          expect(code).toBe(fits ? undefined : 'InvalidParameterValue');
        } else {
          const fits = first >= -1 && first <= 255 && second >= -1 && second <= 255;
          expect(code).toBe(fits ? undefined : 'InvalidParameterValue');
        }
      }),
    );
  });

  it('without a pair means all of it where none is needed', () => {
    const none = { first: undefined, second: undefined };
    expect(narrow(58, none, undefined)).toEqual({ protocol: 58, icmp: { type: -1, code: -1 } });
    expect(narrow(6, none, undefined)).toEqual({ protocol: 6 });
  });
});
