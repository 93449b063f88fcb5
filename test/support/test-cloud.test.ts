import { expect, it } from 'vitest';
import { testCloud } from './test-cloud.ts';

it('carries a call to the door and its error back', async () => {
  const { ec2 } = await testCloud();
  const call = ec2().describeAddresses({});
  await expect(call).rejects.toMatchObject({ name: 'UnsupportedOperation' });
});
