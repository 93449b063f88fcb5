import type { DirectConnect } from '@aws-sdk/client-direct-connect';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  blocks,
  lookAtAssociation,
  makeGateway,
  REFUSED,
} from '../../../test/support/direct-connect-fixture.ts';
import { expectError } from '../../../test/support/expect-error.ts';
import { faultsOf } from '../../../test/support/invariants.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  type TestCloud,
  testCloud,
} from '../../../test/support/test-cloud.ts';
import { makeTransitGateway } from '../../../test/support/transit-fixture.ts';

const DAYS = 24 * 3_600_000;
let cloud: TestCloud;
/** Of the Direct Connect gateway, and of the transit gateway. */
let owner: DirectConnect;
let proposer: DirectConnect;
let directConnectGatewayId: string;
let gatewayId: string;
beforeEach(async () => {
  cloud = await testCloud();
  owner = cloud.directConnect();
  proposer = cloud.directConnect(OTHER_ACCOUNT);
  directConnectGatewayId = await makeGateway(owner);
  gatewayId = await makeTransitGateway(cloud.ec2(OTHER_ACCOUNT));
});

async function propose(add: readonly string[], remove: readonly string[] = [], members = {}) {
  const answer = await proposer.createDirectConnectGatewayAssociationProposal({
    directConnectGatewayId,
    directConnectGatewayOwnerAccount: ACCOUNT,
    gatewayId,
    addAllowedPrefixesToDirectConnectGateway: blocks(add),
    removeAllowedPrefixesToDirectConnectGateway: blocks(remove),
    ...members,
  });
  return answer.directConnectGatewayAssociationProposal!;
}

async function accept(proposalId: string, members: object = {}, client = owner) {
  const answer = await client.acceptDirectConnectGatewayAssociationProposal({
    directConnectGatewayId,
    proposalId,
    associatedGatewayOwnerAccount: OTHER_ACCOUNT,
    ...members,
  });
  return answer.directConnectGatewayAssociation!;
}

async function list(client: DirectConnect, input: object = {}) {
  const answer = await client.describeDirectConnectGatewayAssociationProposals(input);
  return answer.directConnectGatewayAssociationProposals!;
}

describe('a proposal', () => {
  it('H-073 is accepted, and the association of two accounts begins', async () => {
    const proposal = await propose(['10.0.0.0/8']);
    expect(proposal).toEqual({
      proposalId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      proposalState: 'requested',
      directConnectGatewayId,
      directConnectGatewayOwnerAccount: ACCOUNT,
      associatedGateway: {
        id: gatewayId,
        type: 'transitGateway',
        ownerAccount: OTHER_ACCOUNT,
        region: 'us-east-1',
      },
      existingAllowedPrefixesToDirectConnectGateway: [],
      requestedAllowedPrefixesToDirectConnectGateway: blocks(['10.0.0.0/8']),
    });
    expect(await list(owner, { directConnectGatewayId })).toEqual([proposal]);
    const association = await accept(proposal.proposalId!);
    expect(association).toMatchObject({
      directConnectGatewayOwnerAccount: ACCOUNT,
      associatedGateway: { ownerAccount: OTHER_ACCOUNT },
      allowedPrefixesToDirectConnectGateway: blocks(['10.0.0.0/8']),
    });
    const { associationId } = association;
    expect(await lookAtAssociation(proposer, associationId!)).toMatchObject({
      associationState: 'associated',
    });
    const [attachment] = (await cloud.ec2(OTHER_ACCOUNT).describeTransitGatewayAttachments({}))
      .TransitGatewayAttachments!;
    expect(attachment).toMatchObject({ ResourceOwnerId: ACCOUNT, State: 'available' });
    await expectError(accept(proposal.proposalId!), REFUSED, /accepted/);
    expect(faultsOf(cloud.cloud.model)).toEqual([]);
    await proposer.deleteDirectConnectGatewayAssociation({ associationId: associationId! });
    expect(await lookAtAssociation(owner, associationId!)).toBeUndefined();
  });

  it('H-073 may be accepted with other prefixes, and changes those of an association', async () => {
    const first = await propose(['10.0.0.0/16']);
    const override = { overrideAllowedPrefixesToDirectConnectGateway: blocks(['10.1.0.0/16']) };
    const { associationId } = await accept(first.proposalId!, override);
    const second = await propose(['10.2.0.0/16'], ['10.1.0.0/16']);
    expect(second).toMatchObject({
      existingAllowedPrefixesToDirectConnectGateway: blocks(['10.1.0.0/16']),
      requestedAllowedPrefixesToDirectConnectGateway: blocks(['10.2.0.0/16']),
    });
    const updated = await accept(second.proposalId!);
    expect(updated).toMatchObject({ associationId, associationState: 'updating' });
    expect(await lookAtAssociation(owner, associationId!)).toMatchObject({
      associationState: 'associated',
      allowedPrefixesToDirectConnectGateway: blocks(['10.2.0.0/16']),
    });
    const none = propose([], ['10.2.0.0/16']);
    await expectError(none, REFUSED, /at least one entry/);
  });

  it('H-073 expires after seven days, and is shown for three more', async () => {
    const { proposalId } = await propose(['10.0.0.0/8']);
    const state = async () => (await list(owner, { proposalId }))[0]?.proposalState;
    await cloud.advance(7 * DAYS - 1);
    expect(await state()).toBe('requested');
    await cloud.advance(1);
    expect(await state()).toBe('deleted');
    await expectError(accept(proposalId!), REFUSED, /deleted/);
    await cloud.advance(3 * DAYS - 1);
    expect(await state()).toBe('deleted');
    await cloud.advance(1);
    expect(await state()).toBeUndefined();
  });

  it('H-073 is deleted by either party while it is requested', async () => {
    const remove = (proposalId: string, client = owner) =>
      client.deleteDirectConnectGatewayAssociationProposal({ proposalId });
    const first = (await propose(['10.0.0.0/8'])).proposalId!;
    await expectError(propose(['10.0.0.0/8']), REFUSED, /waits for its answer/);
    const answer = await remove(first, proposer);
    expect(answer.directConnectGatewayAssociationProposal).toMatchObject({
      proposalState: 'deleted',
    });
    await expectError(remove(first), REFUSED, /Cannot delete proposal/);
    const second = (await propose(['10.0.0.0/8'])).proposalId!;
    await remove(second);
    const third = cloud.directConnect('333333333333');
    await expectError(remove(second, third), REFUSED, /does not exist/);
    expect(await list(third)).toEqual([]);
    expect(await list(proposer, { associatedGatewayId: gatewayId })).toHaveLength(2);
    expect(await list(proposer, { associatedGatewayId: 'tgw-0' })).toEqual([]);
  });

  it('H-073 is accepted by the owner alone, who names the gateway’s owner', async () => {
    const { proposalId } = await propose(['10.0.0.0/8']);
    await expectError(accept(proposalId!, {}, proposer), REFUSED, /does not exist/);
    const wrong = { associatedGatewayOwnerAccount: ACCOUNT };
    await expectError(accept(proposalId!, wrong), REFUSED, /proposal .* does not exist/);
    const other = { directConnectGatewayId: await makeGateway(owner) };
    await expectError(accept(proposalId!, other), REFUSED, /proposal .* does not exist/);
    await cloud.ec2(OTHER_ACCOUNT).deleteTransitGateway({ TransitGatewayId: gatewayId });
    await expectError(accept(proposalId!), REFUSED, new RegExp(gatewayId));
    expect((await list(owner, { proposalId }))[0]).toMatchObject({ proposalState: 'requested' });
  });

  it('H-073 names a gateway of the caller’s, and of the owner’s', async () => {
    const members = { directConnectGatewayOwnerAccount: OTHER_ACCOUNT };
    await expectError(propose(['10.0.0.0/8'], [], members), REFUSED, /does not exist/);
    const gateway = { gatewayId: await makeTransitGateway(cloud.ec2()) };
    await expectError(propose(['10.0.0.0/8'], [], gateway), REFUSED, /does not exist/);
    await expectError(propose([]), REFUSED, /at least one entry/);
  });
});
