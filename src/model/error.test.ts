import { describe, expect, it } from 'vitest';
import { awsError, statusOf } from './error.ts';

describe('awsError', () => {
  it.each([
    ['DryRunOperation', 412],
    ['UnauthorizedOperation', 403],
    ['AuthFailure', 401],
    ['RequestLimitExceeded', 503],
    ['InternalError', 500],
    ['InvalidVpcID.NotFound', 400],
    ['constructor', 400],
  ])('G-010 G-011 %s has status %i', (code, status) => {
    expect(statusOf(code)).toBe(status);
    expect(awsError(code, 'text')).toMatchObject({ code, status, message: 'text' });
  });

  it('G-010 a given status wins', () => {
    expect(awsError('AccessDenied', 'no', 403).status).toBe(403);
  });
});
