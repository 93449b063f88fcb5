import { describe, expect, it } from 'vitest';
import { clientTokenOf } from './client-token.ts';

const digestOf = (input: object) => clientTokenOf('CreateRouteTable', input).digest;

describe('clientTokenOf', () => {
  it('G-030 digests what a request says, not its token, DryRun or order', () => {
    const digest = digestOf({ VpcId: 'vpc-1', Tags: [{ Key: 'a', Value: 'b' }] });
    const other = { Tags: [{ Value: 'b', Key: 'a' }], VpcId: 'vpc-1' };
    expect(digestOf({ ...other, ClientToken: 'x', DryRun: true })).toBe(digest);
    expect(digestOf({ ...other, VpcId: 'vpc-2' })).not.toBe(digest);
    expect(digestOf({ ...other, Tags: [{ Key: 'b', Value: 'a' }] })).not.toBe(digest);
  });

  it('keeps action and token', () => {
    const token = clientTokenOf('CreateNetworkAcl', { ClientToken: 'Once' });
    expect(token).toMatchObject({ action: 'CreateNetworkAcl', token: 'Once' });
    expect(clientTokenOf('CreateNetworkAcl', {}).token).toBeUndefined();
  });
});
