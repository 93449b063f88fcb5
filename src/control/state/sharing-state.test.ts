import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { makeGroup } from '../../../test/support/instance-fixture.ts';
import { faultsOf } from '../../../test/support/invariants.ts';
import { makeList } from '../../../test/support/prefix-list-fixture.ts';
import { makeTable } from '../../../test/support/route-fixture.ts';
import { join, listArn, makeShare, shareLists } from '../../../test/support/sharing-fixture.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  REGION,
  type TestCloud,
  testCloud,
} from '../../../test/support/test-cloud.ts';
import { makeVpc } from '../../../test/support/vpc-fixture.ts';
import { isSharedWith } from '../sharing/shared-with.ts';
import { exportState, parseState } from './document.ts';
import { replaceState } from './replace.ts';
import { resetAccount } from './reset-account.ts';

const THIRD_ACCOUNT = '333333333333';

/** A list that another account has joined and refers to, and a third is invited to. */
let test: TestCloud;
let list: string;
let share: string;
beforeEach(async () => {
  test = await testCloud();
  list = await makeList(test.ec2(), ['192.0.2.0/24']);
  share = await shareLists(test, list);
  await test.ram().associateResourceShare({
    resourceShareArn: share,
    principals: [THIRD_ACCOUNT],
  });
  const consumer = test.ec2(OTHER_ACCOUNT);
  const { VpcId } = await makeVpc(consumer);
  const IpPermissions = [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: list }] }];
  const GroupId = await makeGroup(consumer, VpcId, 'rules');
  await consumer.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
  await makeTable(consumer, VpcId);
});

type Rows = Record<string, Record<string, unknown>[]>;
const asJson = (cloud: TestCloud) =>
  JSON.parse(JSON.stringify(exportState(cloud.cloud.model))) as { records: Rows };

async function imported(document: unknown): Promise<TestCloud> {
  const other = await testCloud({ seed: 2 });
  const changes = parseState(document);
  await other.cloud.execute((tx) => replaceState(tx, changes));
  return other;
}

describe('export and import', () => {
  it('carry shares over, and invitations that wait', async () => {
    const document = asJson(test);
    const other = await imported(document);
    expect(asJson(other)).toEqual(document);
    expect(isSharedWith(other.cloud.model, list, OTHER_ACCOUNT)).toBe(true);
    expect(isSharedWith(other.cloud.model, list, THIRD_ACCOUNT)).toBe(false);
    await join(other.ram(THIRD_ACCOUNT), share);
    expect(isSharedWith(other.cloud.model, list, THIRD_ACCOUNT)).toBe(true);
  });

  it('carry over references to a list that is shared no more', async () => {
    await test.ram().deleteResourceShare({ resourceShareArn: share });
    const document = asJson(test);
    expect(asJson(await imported(document))).toEqual(document);
  });

  it('make invitations expire as they would have', async () => {
    const other = await imported(asJson(test));
    await other.advance(7 * 24 * 3_600_000);
    expect(faultsOf(other.cloud.model)).toEqual([]);
    const { resourceShareInvitations } = await other
      .ram(THIRD_ACCOUNT)
      .getResourceShareInvitations({});
    expect(resourceShareInvitations).toMatchObject([{ status: 'EXPIRED' }]);
  });

  const SHARE = 'resource-share';
  const ASSOCIATION = 'resource-share-association';
  const INVITATION = 'resource-share-invitation';
  const named = (type: string) => (row: Record<string, unknown>) => row.type === type;
  const pending = ({ status }: Record<string, unknown>) => status === 'PENDING';
  type Row = Record<string, unknown>;
  it.each<[string, string, (row: Row) => boolean, (row: Row) => Row | undefined, RegExp]>([
    ['no share', SHARE, () => true, () => undefined, /needs the resource-share/],
    ['a strange ARN', SHARE, () => true, (row) => ({ ...row, id: 'x' }), /its ARN|needs the/],
    ['a strange status', SHARE, () => true, (row) => ({ ...row, status: 'active' }), /status/],
    [
      'another owner',
      SHARE,
      () => true,
      (row) => ({ ...row, account: THIRD_ACCOUNT }),
      /its ARN is not its own/,
    ],
    ['no name', SHARE, () => true, (row) => ({ ...row, name: '' }), /name/],
    [
      'another id',
      ASSOCIATION,
      named('RESOURCE'),
      (row) => ({ ...row, id: 'x' }),
      /its id should be/,
    ],
    [
      'no resource',
      ASSOCIATION,
      named('RESOURCE'),
      ({ resource: _, ...row }) => row,
      /its resource is missing/,
    ],
    [
      'another resource than is named',
      ASSOCIATION,
      named('RESOURCE'),
      (row) => ({ ...row, resource: { kind: 'prefix-list', id: 'pl-0' } }),
      /needs the prefix-list/,
    ],
    [
      'a resource of a kind that is not shared',
      ASSOCIATION,
      named('RESOURCE'),
      (row) => ({ ...row, resource: { kind: 'vpc', id: 'vpc-0' } }),
      /resource.kind/,
    ],
    [
      'a principal that has a resource',
      ASSOCIATION,
      named('PRINCIPAL'),
      (row) => ({ ...row, resource: { kind: 'prefix-list', id: 'pl-0' }, status: 'FAILED' }),
      /its principal is no other account/,
    ],
    [
      'an invitation that waits for nothing',
      ASSOCIATION,
      ({ status }) => status === 'ASSOCIATING',
      (row) => ({ ...row, status: 'ASSOCIATED' }),
      /it is pending, and its association is not/,
    ],
    ['a strange receiver', INVITATION, pending, (row) => ({ ...row, receiver: 'x' }), /12 digits/],
    ['a strange name', INVITATION, pending, (row) => ({ ...row, id: share }), /its ARN is not/],
  ])('refuse %s', (_what, kind, fits, change, message) => {
    const document = asJson(test);
    const rows = document.records[kind]!;
    const at = rows.findIndex(fits);
    expect(at).toBeGreaterThanOrEqual(0);
    const changed = change(rows[at]!);
    rows.splice(at, 1, ...(changed === undefined ? [] : [changed]));
    expect(() => parseState(document)).toThrow(message);
  });

  it('refuse a second invitation that waits, and an owner that is its own principal', () => {
    const twice = asJson(test);
    const rows = twice.records[INVITATION]!;
    const waiting = rows.find(pending)!;
    rows.push({ ...waiting, id: String(waiting.id).replace(/.$/, 'f').replace(/..$/, '0f') });
    expect(() => parseState(twice)).toThrow(/not the only one that is pending/);
    const own = asJson(test);
    const row = own.records[ASSOCIATION]!.find(named('PRINCIPAL'))!;
    Object.assign(row, { entity: ACCOUNT, id: `${share}|PRINCIPAL|${ACCOUNT}` });
    expect(() => parseState(own)).toThrow(/its principal is no other account/);
  });
});

describe('a reset', () => {
  const reset = (account: string) => test.cloud.execute((tx) => resetAccount(tx, account));
  const kinds = ['resource-share', 'resource-share-association', 'resource-share-invitation'];
  const left = () =>
    kinds.map((kind) => [...test.cloud.model.all(kind as 'resource-share')].length);

  it('of the owner takes its shares, and what others refer to, away', async () => {
    await reset(ACCOUNT);
    expect(faultsOf(test.cloud.model)).toEqual([]);
    expect(left()).toEqual([0, 0, 0]);
    expect(
      [...test.cloud.model.all('security-group-rule')].map(({ peer }) => peer.kind),
    ).not.toContain('prefix-list');
    const { model } = test.cloud;
    const timers = [...model.all('timer')].filter(({ event }) => event.startsWith('resource-'));
    expect(timers).toEqual([]);
  });

  it('of a principal takes it out of the shares of others', async () => {
    await reset(OTHER_ACCOUNT);
    expect(faultsOf(test.cloud.model)).toEqual([]);
    // The list and the third account are still associated, and the latter invited.
    expect(left()).toEqual([1, 2, 1]);
    expect(isSharedWith(test.cloud.model, list, OTHER_ACCOUNT)).toBe(false);
    await reset(THIRD_ACCOUNT);
    expect(left()).toEqual([1, 1, 0]);
    await test.ram().associateResourceShare({
      resourceShareArn: share,
      principals: [OTHER_ACCOUNT],
    });
    await join(test.ram(OTHER_ACCOUNT), share);
    expect(isSharedWith(test.cloud.model, list, OTHER_ACCOUNT)).toBe(true);
  });

  it('of another account leaves all as it was', async () => {
    const theirs = await makeList(test.ec2('444444444444'), ['10.0.0.0/8']);
    const resourceArns = [listArn(theirs, '444444444444', REGION)];
    const own = await makeShare(test.ram('444444444444'), { resourceArns });
    await test.ram('444444444444').tagResource({
      resourceShareArn: own,
      tags: [{ key: 'a', value: 'b' }],
    });
    const before = left();
    await reset('444444444444');
    expect(left()).toEqual([before[0]! - 1, before[1]! - 1, before[2]!]);
    const gone = test.ram('444444444444').getResourceShares({
      resourceOwner: 'SELF',
      resourceShareArns: [own],
    });
    await expectError(gone, 'UnknownResourceException');
    expect(faultsOf(test.cloud.model)).toEqual([]);
  });
});
