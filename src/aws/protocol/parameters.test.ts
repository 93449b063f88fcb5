import { describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX, PARAMETERS_MAX, type Parameters, readParameters } from './parameters.ts';

function read(text: string): [string, string][] {
  const parameters: Parameters = new Map();
  readParameters(text, parameters);
  return [...parameters];
}

describe('readParameters', () => {
  it('G-001 form encoding', () => {
    expect(read('Action=CreateVpc&A=1%2B2%3D3&b+c=d+e&Empty=&Bare&&x=a=b')).toEqual([
      ['Action', 'CreateVpc'],
      ['A', '1+2=3'],
      ['b c', 'd e'],
      ['Empty', ''],
      ['Bare', ''],
      ['x', 'a=b'],
    ]);
  });

  it('nothing is no parameters', () => {
    expect(read('')).toEqual([]);
    expect(read('&&&')).toEqual([]);
  });

  it.each(['a=%', 'a=%zz', 'a=%ff', '%=1', 'a=%e2%82'])('%s cannot be decoded', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'MalformedQueryString' }));
  });

  it('a name given twice is refused', () => {
    expect(() => read('VpcId=a&Vpc%49d=a')).toThrow(
      expect.objectContaining({ code: 'InvalidQueryParameter', status: 400 }),
    );
  });

  it('the number of parameters is bounded', () => {
    const most = Array.from({ length: PARAMETERS_MAX }, (_, index) => `p${index}`).join('&');
    expect(read(most)).toHaveLength(PARAMETERS_MAX);
    expect(() => read(`${most}&one=more`)).toThrow(
      expect.objectContaining({ code: 'InvalidQueryParameter' }),
    );
  });

  it('the length is bounded', () => {
    expect(read(`a=${'x'.repeat(BODY_BYTES_MAX - 2)}`)).toHaveLength(1);
    expect(() => read(`a=${'x'.repeat(BODY_BYTES_MAX)}`)).toThrow(
      expect.objectContaining({ code: 'RequestEntityTooLarge', status: 413 }),
    );
  });
});
