import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { makeList } from '../../../test/support/prefix-list-fixture.ts';
import {
  join,
  listArn,
  makeShare,
  NO_INVITATION,
  NO_SHARE,
  pendingInvitation,
  statusesOf,
} from '../../../test/support/sharing-fixture.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  REGION,
  type TestCloud,
  testCloud,
} from '../../../test/support/test-cloud.ts';

const THIRD_ACCOUNT = '333333333333';
const DAYS = 24 * 3_600_000;

let cloud: TestCloud;
let share: string;
let invitation: string;
beforeEach(async () => {
  cloud = await testCloud();
  share = await makeShare(cloud.ram(), { principals: [OTHER_ACCOUNT] });
  invitation = await pendingInvitation(cloud.ram(OTHER_ACCOUNT), share);
});

const accept = (account = OTHER_ACCOUNT, arn = invitation, region = REGION) =>
  cloud.ram(account, region).acceptResourceShareInvitation({ resourceShareInvitationArn: arn });
const reject = (account = OTHER_ACCOUNT, arn = invitation, region = REGION) =>
  cloud.ram(account, region).rejectResourceShareInvitation({ resourceShareInvitationArn: arn });

async function received(account = OTHER_ACCOUNT) {
  const { resourceShareInvitations } = await cloud.ram(account).getResourceShareInvitations({});
  return resourceShareInvitations!;
}

describe('an invitation', () => {
  it('comes with an association, and is its receiver’s to see', async () => {
    expect(await received()).toEqual([
      {
        resourceShareInvitationArn: expect.stringMatching(
          new RegExp(`^arn:aws:ram:${REGION}:${ACCOUNT}:resource-share-invitation/[0-9a-f-]{36}$`),
        ),
        resourceShareName: 'test',
        resourceShareArn: share,
        senderAccountId: ACCOUNT,
        receiverAccountId: OTHER_ACCOUNT,
        invitationTimestamp: new Date('2026-01-01T00:00:00Z'),
        status: 'PENDING',
      },
    ]);
    expect(await received(ACCOUNT)).toEqual([]);
    expect(await received(THIRD_ACCOUNT)).toEqual([]);
    const elsewhere = cloud.ram(OTHER_ACCOUNT, 'eu-west-1').getResourceShareInvitations({});
    expect((await elsewhere).resourceShareInvitations).toEqual([]);
  });

  it('is accepted: the association is there at once', async () => {
    const { resourceShareInvitation } = await accept();
    expect(resourceShareInvitation).toMatchObject({
      resourceShareInvitationArn: invitation,
      status: 'ACCEPTED',
    });
    expect(await statusesOf(cloud.ram(), share)).toEqual({ [OTHER_ACCOUNT]: 'ASSOCIATED' });
    const code = 'ResourceShareInvitationAlreadyAcceptedException';
    await expectError(accept(), code);
    await expectError(reject(), code);
  });

  it('is rejected: the association has failed, and may be tried again', async () => {
    const { resourceShareInvitation } = await reject();
    expect(resourceShareInvitation?.status).toBe('REJECTED');
    const code = 'ResourceShareInvitationAlreadyRejectedException';
    await expectError(accept(), code);
    await expectError(reject(), code);
    const associationType = 'PRINCIPAL';
    const failed = await cloud.ram().getResourceShareAssociations({ associationType });
    expect(failed.resourceShareAssociations).toMatchObject([
      { status: 'FAILED', statusMessage: 'The invitation was rejected.' },
    ]);
    await cloud.ram().associateResourceShare({
      resourceShareArn: share,
      principals: [OTHER_ACCOUNT],
    });
    const again = await cloud.ram().getResourceShareAssociations({ associationType });
    expect(again.resourceShareAssociations![0]).not.toHaveProperty('statusMessage');
    await join(cloud.ram(OTHER_ACCOUNT), share);
    expect((await received()).map(({ status }) => status)).toEqual(['REJECTED', 'ACCEPTED']);
    expect(await statusesOf(cloud.ram(), share)).toEqual({ [OTHER_ACCOUNT]: 'ASSOCIATED' });
  });

  it('expires after seven days, and is gone seven days later', async () => {
    await cloud.advance(7 * DAYS - 1);
    expect((await received())[0]?.status).toBe('PENDING');
    await cloud.advance(1);
    expect((await received())[0]?.status).toBe('EXPIRED');
    const code = 'ResourceShareInvitationExpiredException';
    await expectError(accept(), code);
    await expectError(reject(), code);
    expect(await statusesOf(cloud.ram(), share)).toEqual({ [OTHER_ACCOUNT]: 'FAILED' });
    await cloud.advance(7 * DAYS);
    expect(await received()).toEqual([]);
    await expectError(accept(), 'ResourceShareInvitationArnNotFoundException');
    const left = { resourceShareArn: share, principals: [OTHER_ACCOUNT] };
    await cloud.ram().disassociateResourceShare(left);
    expect(await statusesOf(cloud.ram(), share)).toEqual({ [OTHER_ACCOUNT]: 'DISASSOCIATED' });
  });

  it('once accepted never expires, and is forgotten without consequence', async () => {
    await accept();
    const timers = [...cloud.cloud.model.all('timer')].map(({ event }) => event);
    expect(timers).toEqual(['resource-share-invitation.forget']);
    await cloud.advance(8 * DAYS);
    expect(await received()).toEqual([]);
    expect(await statusesOf(cloud.ram(), share)).toEqual({ [OTHER_ACCOUNT]: 'ASSOCIATED' });
  });

  it('is answered once with a token', async () => {
    const request = { resourceShareInvitationArn: invitation, clientToken: 'once' };
    for (let count = 0; count < 2; count++) {
      const answer = await cloud.ram(OTHER_ACCOUNT).acceptResourceShareInvitation(request);
      expect(answer).toMatchObject({
        clientToken: 'once',
        resourceShareInvitation: { status: 'ACCEPTED' },
      });
    }
    const other = { ...request, resourceShareInvitationArn: NO_INVITATION };
    const mismatch = cloud.ram(OTHER_ACCOUNT).acceptResourceShareInvitation(other);
    await expectError(mismatch, 'IdempotentParameterMismatchException');
    const strange = { ...request, clientToken: 'x'.repeat(65) };
    const refused = cloud.ram(OTHER_ACCOUNT).rejectResourceShareInvitation(strange);
    await expectError(refused, 'InvalidClientTokenException');
  });

  it('is answered by its receiver alone, in its Region', async () => {
    const notFound = 'ResourceShareInvitationArnNotFoundException';
    for (const answer of [accept, reject]) {
      await expectError(answer(ACCOUNT), 'OperationNotPermittedException');
      await expectError(answer(THIRD_ACCOUNT), notFound);
      await expectError(answer(OTHER_ACCOUNT, NO_INVITATION), notFound);
      await expectError(answer(OTHER_ACCOUNT, invitation, 'eu-west-1'), notFound);
      await expectError(answer(OTHER_ACCOUNT, share), 'MalformedArnException');
    }
    expect((await received())[0]?.status).toBe('PENDING');
  });
});

describe('GetResourceShareInvitations', () => {
  const get = async (request: object) => {
    const client = cloud.ram(OTHER_ACCOUNT);
    const { resourceShareInvitations } = await client.getResourceShareInvitations(request);
    return resourceShareInvitations!.map(({ resourceShareName }) => resourceShareName);
  };

  it('finds by invitation and by share', async () => {
    const other = await makeShare(cloud.ram(), { name: 'other', principals: [OTHER_ACCOUNT] });
    expect(await get({})).toEqual(['test', 'other']);
    expect(await get({ resourceShareArns: [other] })).toEqual(['other']);
    expect(await get({ resourceShareArns: [NO_SHARE] })).toEqual([]);
    expect(await get({ resourceShareInvitationArns: [invitation, invitation] })).toEqual(['test']);
    const both = { resourceShareInvitationArns: [invitation], resourceShareArns: [other] };
    expect(await get(both)).toEqual([]);
    await cloud.ram().updateResourceShare({ resourceShareArn: other, name: 'renamed' });
    expect(await get({})).toEqual(['test', 'renamed']);
  });

  it('refuses what it cannot read or find', async () => {
    const malformed = 'MalformedArnException';
    await expectError(get({ resourceShareArns: ['x'] }), malformed);
    await expectError(get({ resourceShareInvitationArns: ['x'] }), malformed);
    const unknown = get({ resourceShareInvitationArns: [NO_INVITATION] });
    await expectError(unknown, 'ResourceShareInvitationArnNotFoundException');
    await expectError(get({ maxResults: 0 }), 'InvalidMaxResultsException');
    await expectError(get({ maxResults: 501 }), 'InvalidMaxResultsException');
    await expectError(get({ nextToken: 'x' }), 'InvalidNextTokenException');
  });
});

describe('ListPendingInvitationResources', () => {
  const list = async (request: object = {}, account = OTHER_ACCOUNT) => {
    const { resources } = await cloud.ram(account).listPendingInvitationResources({
      resourceShareInvitationArn: invitation,
      ...request,
    });
    return resources!.map(({ arn }) => arn);
  };

  it('shows what waits to be accepted', async () => {
    const arn = listArn(await makeList(cloud.ec2(), ['10.0.0.0/8']));
    expect(await list()).toEqual([]);
    await cloud.ram().associateResourceShare({ resourceShareArn: share, resourceArns: [arn] });
    expect(await list()).toEqual([arn]);
    expect(await list({ resourceRegionScope: 'GLOBAL' })).toEqual([]);
    await expectError(list({}, ACCOUNT), 'OperationNotPermittedException');
    await expectError(list({}, THIRD_ACCOUNT), 'ResourceShareInvitationArnNotFoundException');
    await expectError(list({ resourceShareInvitationArn: 'x' }), 'MalformedArnException');
    await expectError(list({ maxResults: 0 }), 'InvalidParameterException');
    await expectError(list({ nextToken: 'x' }), 'InvalidNextTokenException');
    await accept();
    expect(await list()).toEqual([]);
  });

  it('refuses for one that was rejected or expired', async () => {
    await reject();
    await expectError(list(), 'ResourceShareInvitationAlreadyRejectedException');
    await cloud.ram().associateResourceShare({
      resourceShareArn: share,
      principals: [OTHER_ACCOUNT],
    });
    invitation = await pendingInvitation(cloud.ram(OTHER_ACCOUNT), share);
    await cloud.advance(7 * DAYS);
    await expectError(list(), 'ResourceShareInvitationExpiredException');
  });
});
