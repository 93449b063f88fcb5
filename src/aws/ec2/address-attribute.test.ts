import { describe, expect, it } from 'vitest';
import { allocate } from '../../../test/support/elastic-fixture.ts';
import { expectError } from '../../../test/support/expect-error.ts';
import { testCloud } from '../../../test/support/test-cloud.ts';

describe('the reverse name of an elastic address', () => {
  it('is set, shown and reset', async () => {
    const { ec2 } = await testCloud();
    const { AllocationId, PublicIp } = await allocate(ec2());
    await allocate(ec2());
    const set = await ec2().modifyAddressAttribute({
      AllocationId,
      DomainName: 'mail.example.com',
    });
    expect(set.Address).toEqual({ AllocationId, PublicIp, PtrRecord: 'mail.example.com.' });
    const shown = await ec2().describeAddressesAttribute({ Attribute: 'domain-name' });
    expect(shown.Addresses).toEqual([set.Address]);
    const reset = { AllocationId, Attribute: 'domain-name' as const };
    const { Address } = await ec2().resetAddressAttribute(reset);
    expect(Address).toEqual({ AllocationId, PublicIp });
    const AllocationIds = [AllocationId];
    const { Addresses } = await ec2().describeAddressesAttribute({ AllocationIds });
    expect(Addresses).toEqual([]);
  });

  it.each(['', 'localhost', 'a b.example.com', `${'a'.repeat(64)}.com`, '.example.com'])(
    'refuses %j',
    async (DomainName) => {
      const { ec2 } = await testCloud();
      const { AllocationId } = await allocate(ec2());
      const code = DomainName === '' ? 'MissingParameter' : 'InvalidParameterValue';
      await expectError(ec2().modifyAddressAttribute({ AllocationId, DomainName }), code);
    },
  );
});
