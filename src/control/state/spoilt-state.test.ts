import { expect, it } from 'vitest';
import { launchOne, makeNetwork } from '../../../test/support/instance-fixture.ts';
import { testCloud } from '../../../test/support/test-cloud.ts';
import { AwsError } from '../../model/error.ts';
import { Random } from '../../net/random.ts';
import { exportState, parseState } from './document.ts';
import { replaceState } from './replace.ts';

const MUTATIONS = 400;
const VALUES: readonly unknown[] = [null, true, 0, -1, 'x', '', [], {}, 65_536, '222222222222'];

type Records = Record<string, Record<string, unknown>[]>;

/** Another value in place of one member, or a record left out. */
function mutate(records: Records, random: Random): void {
  const kinds = Object.keys(records).filter((kind) => records[kind]!.length > 0);
  const list = records[kinds[random.below(kinds.length)]!]!;
  const index = random.below(list.length);
  if (random.below(4) === 0) {
    list.splice(index, 1);
    return;
  }
  const names = Object.keys(list[index]!);
  list[index]![names[random.below(names.length)]!] = VALUES[random.below(VALUES.length)];
}

it('a state with one member spoilt is refused, or answers as before', async () => {
  const { cloud, ec2 } = await testCloud();
  const client = ec2();
  const { subnetId } = await makeNetwork(client, true);
  await launchOne(client, { SubnetId: subnetId });
  const whole = JSON.stringify(exportState(cloud.model));
  const random = new Random(15);
  let accepted = 0;
  for (let count = 0; count < MUTATIONS; count++) {
    const document = JSON.parse(whole) as { records: Records };
    mutate(document.records, random);
    try {
      const changes = parseState(document);
      await cloud.execute((tx) => replaceState(tx, changes));
    } catch (error) {
      expect(error).toBeInstanceOf(AwsError);
      continue;
    }
    accepted++;
    await client.describeVpcs({});
    await client.describeSubnets({});
    await client.describeInstances({});
    await client.describeRouteTables({});
    await client.describeSecurityGroups({});
  }
  expect(accepted).toBeGreaterThan(20);
});
