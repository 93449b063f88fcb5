/** The question whether something is shared, against a plain scan of all there is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../../test/support/invariants.ts';
import { makeList } from '../../../test/support/prefix-list-fixture.ts';
import { listArn, shareLists } from '../../../test/support/sharing-fixture.ts';
import {
  OTHER_ACCOUNT,
  REGION,
  type TestCloud,
  testCloud,
} from '../../../test/support/test-cloud.ts';
import { AwsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import { associationMachine, resourceShareMachine } from '../../model/sharing/sharing-states.ts';
import { isSharedWith, sharedWith } from './shared-with.ts';

const ACCOUNTS = ['111111111111', '222222222222', '333333333333'];

/** As the rule is written: share active, both associations there, an invitation accepted. */
function isSharedByScan(model: ModelReader, resourceId: string, account: string): boolean {
  const associations = [...model.all('resource-share-association')].filter(
    ({ status }) => status === 'ASSOCIATED',
  );
  return [...model.all('resource-share')].some(
    ({ id, status }) =>
      status === 'ACTIVE' &&
      associations.some(({ shareId, resource }) => shareId === id && resource?.id === resourceId) &&
      associations.some(({ shareId, entity }) => shareId === id && entity === account),
  );
}

interface Step {
  readonly action: 'share' | 'add' | 'take' | 'delete' | 'accept' | 'reject' | 'advance' | 'remove';
  readonly numbers: readonly [number, number, number];
}

const step: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom(
    ...(['share', 'share', 'add', 'add', 'take', 'delete'] as const),
    ...(['accept', 'accept', 'accept', 'reject', 'advance', 'remove'] as const),
  ),
  numbers: fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)),
});

/** One step as anybody might take it; what is refused changes nothing. */
async function take(test: TestCloud, lists: readonly string[], { action, numbers }: Step) {
  const [a, b, c] = numbers;
  const { model } = test.cloud;
  const account = ACCOUNTS[a % 3]!;
  const ram = test.ram(account);
  const shares = [...model.all('resource-share')];
  const invitations = [...model.all('resource-share-invitation')];
  const list = lists[b % lists.length]!;
  const owner = model.get('prefix-list', list)?.account ?? account;
  const entities = { resourceArns: [listArn(list, owner)], principals: [ACCOUNTS[c % 3]!] };
  const share = shares[c % Math.max(1, shares.length)];
  const named = { resourceShareArn: share?.id ?? 'none', ...(b % 2 ? entities : {}) };
  const some = b % 3 === 0 ? { principals: entities.principals } : entities;
  const invitation = invitations[b % Math.max(1, invitations.length)];
  const answer = { resourceShareInvitationArn: invitation?.id ?? 'none' };
  const receiver = test.ram(invitation?.receiver);
  const actions: Record<Step['action'], () => Promise<unknown>> = {
    share: () => ram.createResourceShare({ name: 'x', ...some }),
    add: () => test.ram(share?.account).associateResourceShare({ ...named, ...some }),
    take: () => ram.disassociateResourceShare({ ...named, ...some }),
    delete: () => ram.deleteResourceShare({ resourceShareArn: named.resourceShareArn }),
    accept: () => receiver.acceptResourceShareInvitation(answer),
    reject: () => receiver.rejectResourceShareInvitation(answer),
    advance: () => test.advance([40, 60, 3_600_000, 700_000_000][b % 4]!),
    remove: () => test.ec2(owner).deleteManagedPrefixList({ PrefixListId: list }),
  };
  await actions[action]().catch((error: { $fault?: string }) => {
    if (!(error instanceof AwsError) && error.$fault !== 'client') throw error;
  });
}

describe('isSharedWith and sharedWith', () => {
  it('want the share active and both associations there', async () => {
    const test = await testCloud();
    const list = await makeList(test.ec2(), ['10.0.0.0/8']);
    const share = await shareLists(test, list);
    const { cloud } = test;
    const scope = { account: OTHER_ACCOUNT, region: REGION };
    const isShared = () => {
      const listed = sharedWith(cloud.model, scope, 'prefix-list').includes(list);
      expect(isSharedWith(cloud.model, list, OTHER_ACCOUNT)).toBe(listed);
      return listed;
    };
    expect(isShared()).toBe(true);
    expect(sharedWith(cloud.model, { ...scope, region: 'eu-west-1' }, 'prefix-list')).toEqual([]);
    const whole = cloud.model.get('resource-share', share)!;
    for (const status of resourceShareMachine.states) {
      await cloud.execute((tx) => tx.update('resource-share', whole, { status }));
      expect(isShared(), status).toBe(status === 'ACTIVE');
    }
    await cloud.execute((tx) => tx.put('resource-share', whole));
    for (const association of [...cloud.model.all('resource-share-association')]) {
      for (const status of associationMachine.states) {
        const kind = 'resource-share-association';
        await cloud.execute((tx) => tx.update(kind, association, { status }));
        expect(isShared(), `${association.type} ${status}`).toBe(status === 'ASSOCIATED');
      }
      await cloud.execute((tx) => tx.put('resource-share-association', association));
    }
  });

  it('answer as a scan of everything does, whatever has happened', async () => {
    let shared = 0;
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 10, maxLength: 30 }),
      fc.constantFrom('fast', 'instant'),
      async (steps, transitions) => {
        const test = await testCloud({ transitions });
        const lists = [
          await makeList(test.ec2(ACCOUNTS[0]), ['10.0.0.0/8']),
          await makeList(test.ec2(ACCOUNTS[0]), ['10.0.0.0/8']),
          await makeList(test.ec2(ACCOUNTS[1]), ['10.0.0.0/8']),
        ];
        const { model } = test.cloud;
        // Something is shared to begin with; steps alone seldom come that far.
        await shareLists(test, lists[0]!, lists[1]!);
        for (const one of steps) {
          await take(test, lists, one);
          expect(faultsOf(model)).toEqual([]);
          for (const account of ACCOUNTS) {
            const wanted = lists.filter((id) => isSharedByScan(model, id, account));
            expect(lists.filter((id) => isSharedWith(model, id, account))).toEqual(wanted);
            const scope = { account, region: REGION };
            expect(sharedWith(model, scope, 'prefix-list').sort()).toEqual(wanted.sort());
            expect(sharedWith(model, scope, 'vpc')).toEqual([]);
            shared += wanted.length;
          }
        }
      },
    );
    await fc.assert(property, { numRuns: 25 });
    expect(shared).toBeGreaterThan(25);
  });
});
