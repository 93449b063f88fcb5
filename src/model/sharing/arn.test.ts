import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatArn, isRamArn, parseArn, ramArn } from './arn.ts';

const PLACE = { account: '111111111111', region: 'eu-west-1' };
const UUID = '01234567-89ab-4cde-8f01-23456789abcd';

describe('an ARN', () => {
  it('is read into its parts, and written again', () => {
    const text = 'arn:aws:ec2:eu-west-1:111111111111:transit-gateway/tgw-0123456789abcdef0';
    const arn = parseArn(text)!;
    expect(arn).toEqual({
      ...PLACE,
      service: 'ec2',
      type: 'transit-gateway',
      id: 'tgw-0123456789abcdef0',
    });
    expect(formatArn(arn)).toBe(text);
    expect(parseArn('arn:aws:ec2:us-east-1:aws:prefix-list/pl-63a5400a')?.account).toBe('aws');
  });

  it.each([
    '',
    'arn',
    'arn:aws:ec2:eu-west-1:111111111111:transit-gateway',
    'arn:aws:ec2:eu-west-1:111111111111:transit-gateway/',
    'arn:aws:ec2:eu-west-1:11111111111:prefix-list/pl-1',
    'arn:aws:ec2:eu-west-1:111111111111:prefix-list/pl 1',
    'arn:aws:ec2:eu-west-1:111111111111:prefix-list/pl|1',
    'arn:aws:ec2:eu-west-1:111111111111:prefix-list/pl-1\n',
    'arn:AWS:ec2:eu-west-1:111111111111:prefix-list/pl-1',
    ' arn:aws:ec2:eu-west-1:111111111111:prefix-list/pl-1',
    'pl-0123456789abcdef0',
  ])('%j is none', (text) => expect(parseArn(text)).toBeUndefined());

  it('of any text is none or the text’s own', () => {
    const words = fc.constantFrom('arn', 'aws', ':', '/', 'ec2', '111111111111', 'a-b', '.', ' ');
    const text = fc.oneof(
      fc.string(),
      fc.array(words).map((list) => list.join('')),
    );
    const property = fc.property(text, (one) => {
      const arn = parseArn(one);
      if (arn !== undefined) expect(formatArn(arn)).toBe(one);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('of RAM has a UUID and a type', () => {
    const share = ramArn('resource-share', PLACE, UUID);
    expect(share).toBe(`arn:aws:ram:eu-west-1:111111111111:resource-share/${UUID}`);
    expect(isRamArn('resource-share', share)).toBe(true);
    expect(isRamArn('resource-share-invitation', share)).toBe(false);
    expect(isRamArn('resource-share', share.slice(0, -1))).toBe(false);
    expect(isRamArn('resource-share', share.replace(':ram:', ':ec2:'))).toBe(false);
    expect(isRamArn('resource-share', UUID)).toBe(false);
  });
});
