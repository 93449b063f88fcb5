import { describe, expect, it } from 'vitest';
import { testCloud } from '../../../test/support/test-cloud.ts';

describe('ClassicLink', () => {
  it('is refused in the words by which tools know that there is none', async () => {
    const { ec2 } = await testCloud();
    const { Vpcs } = await ec2().describeVpcs({});
    const VpcId = Vpcs![0]!.VpcId!;
    const refused = {
      name: 'UnsupportedOperation',
      message: 'The functionality you requested is not available in this region.',
    };
    await expect(ec2().describeVpcClassicLink({ VpcIds: [VpcId] })).rejects.toMatchObject(refused);
    await expect(ec2().enableVpcClassicLink({ VpcId })).rejects.toMatchObject(refused);
    const link = { VpcId, InstanceId: 'i-0123456789abcdef0', Groups: ['sg-0123456789abcdef0'] };
    await expect(ec2().attachClassicLinkVpc(link)).rejects.toMatchObject(refused);
  });
});
