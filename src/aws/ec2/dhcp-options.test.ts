import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { makeVpc } from '../../../test/support/vpc-fixture.ts';

describe('DescribeDhcpOptions', () => {
  it('A-115 shows the one set that every VPC of the Region has', async () => {
    const { ec2 } = await testCloud();
    const vpc = await makeVpc(ec2(ACCOUNT, 'eu-west-1'));
    const { DhcpOptions } = await ec2(ACCOUNT, 'eu-west-1').describeDhcpOptions({});
    expect(DhcpOptions).toEqual([
      {
        DhcpOptionsId: vpc.DhcpOptionsId,
        OwnerId: ACCOUNT,
        DhcpConfigurations: [
          { Key: 'domain-name', Values: [{ Value: 'eu-west-1.compute.internal' }] },
          { Key: 'domain-name-servers', Values: [{ Value: 'AmazonProvidedDNS' }] },
        ],
        Tags: [],
      },
    ]);
    const here = await ec2().describeDhcpOptions({});
    expect(here.DhcpOptions![0]!.DhcpConfigurations![0]!.Values).toEqual([
      { Value: 'ec2.internal' },
    ]);
  });

  it('filters by everything the reference lists', async () => {
    const { ec2 } = await testCloud();
    const { DhcpOptions } = await ec2().describeDhcpOptions({});
    const id = DhcpOptions![0]!.DhcpOptionsId!;
    await ec2().createTags({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] });
    const matching: [string, string][] = [
      ['dhcp-options-id', id],
      ['key', 'domain-name'],
      ['value', 'AmazonProvidedDNS'],
      ['owner-id', ACCOUNT],
      ['tag:a', 'b'],
      ['tag-key', 'a'],
    ];
    for (const [Name, value] of matching) {
      const found = await ec2().describeDhcpOptions({ Filters: [{ Name, Values: [value] }] });
      expect(found.DhcpOptions, Name).toHaveLength(1);
      const none = await ec2().describeDhcpOptions({ Filters: [{ Name, Values: ['no-such'] }] });
      expect(none.DhcpOptions, Name).toEqual([]);
    }
  });

  it('G-016 G-041 knows no other ids', async () => {
    const { ec2 } = await testCloud();
    const describeOne = (id: string) => ec2().describeDhcpOptions({ DhcpOptionsIds: [id] });
    await expectError(describeOne('dopt-0123456789abcdef0'), 'InvalidDhcpOptionsID.NotFound');
    await expectError(describeOne('default'), 'InvalidDhcpOptionsId.Malformed');
  });
});
