import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { testCloud } from '../../../test/support/test-cloud.ts';
import { makeVpc } from '../../../test/support/vpc-fixture.ts';

async function attributesOf(
  ec2: Awaited<ReturnType<typeof testCloud>>['ec2'],
  VpcId: string,
): Promise<[boolean | undefined, boolean | undefined]> {
  const support = await ec2().describeVpcAttribute({ VpcId, Attribute: 'enableDnsSupport' });
  const names = await ec2().describeVpcAttribute({ VpcId, Attribute: 'enableDnsHostnames' });
  return [support.EnableDnsSupport?.Value, names.EnableDnsHostnames?.Value];
}

describe('attributes of a VPC', () => {
  it('A-103 DNS support is on, hostnames only in the default VPC', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    expect(await attributesOf(ec2, VpcId)).toEqual([true, false]);
    const { Vpcs } = await ec2().describeVpcs({
      Filters: [{ Name: 'is-default', Values: ['true'] }],
    });
    expect(await attributesOf(ec2, Vpcs![0]!.VpcId!)).toEqual([true, true]);
  });

  it('change one at a time', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    await ec2().modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: true } });
    expect(await attributesOf(ec2, VpcId)).toEqual([true, true]);
    await ec2().modifyVpcAttribute({ VpcId, EnableDnsSupport: { Value: false } });
    expect(await attributesOf(ec2, VpcId)).toEqual([false, true]);
    const both = { EnableDnsHostnames: { Value: false }, EnableDnsSupport: { Value: true } };
    const call = ec2().modifyVpcAttribute({ VpcId, ...both });
    await expectError(call, 'InvalidParameterCombination');
    await expectError(ec2().modifyVpcAttribute({ VpcId }), 'InvalidParameterCombination');
    expect(await attributesOf(ec2, VpcId)).toEqual([false, true]);
  });

  it('hostnames cannot be enabled without DNS support', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    await ec2().modifyVpcAttribute({ VpcId, EnableDnsSupport: { Value: false } });
    const call = ec2().modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: true } });
    await expectError(call, 'InvalidParameterValue');
  });

  it('include address usage metrics, and no unknown one', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    await ec2().modifyVpcAttribute({ VpcId, EnableNetworkAddressUsageMetrics: { Value: true } });
    const Attribute = 'enableNetworkAddressUsageMetrics';
    const answer = await ec2().describeVpcAttribute({ VpcId, Attribute });
    expect(answer).toMatchObject({ VpcId, EnableNetworkAddressUsageMetrics: { Value: true } });
    expect(answer.EnableDnsSupport).toBeUndefined();
    const unknown = ec2().describeVpcAttribute({ VpcId, Attribute: 'color' as typeof Attribute });
    await expectError(unknown, 'InvalidParameterValue');
  });
});
