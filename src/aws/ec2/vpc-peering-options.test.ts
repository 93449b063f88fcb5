import type { EC2 } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import {
  FAR_SCOPE,
  lookAt,
  OTHER_SCOPE,
  peer,
  requestPeering,
  vpcPair,
} from '../../../test/support/peering-fixture.ts';
import { ACCOUNT, SCOPE, testCloud } from '../../../test/support/test-cloud.ts';

const ON = { AllowDnsResolutionFromRemoteVpc: true };
const OFF = { AllowDnsResolutionFromRemoteVpc: false };

/** Requester's and accepter's option as a client sees them. */
async function optionsOf(client: EC2, id: string) {
  const { RequesterVpcInfo, AccepterVpcInfo } = await lookAt(client, id);
  return [RequesterVpcInfo, AccepterVpcInfo].map(
    (info) => info?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc,
  );
}

describe('ModifyVpcPeeringConnectionOptions', () => {
  it('B-053 one call sets both sides inside one account and Region', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test, SCOPE);
    const id = await peer(pair);
    const answer = await pair.requester.modifyVpcPeeringConnectionOptions({
      VpcPeeringConnectionId: id,
      RequesterPeeringConnectionOptions: ON,
      AccepterPeeringConnectionOptions: ON,
    });
    expect(answer.RequesterPeeringConnectionOptions).toMatchObject(ON);
    expect(answer.AccepterPeeringConnectionOptions).toMatchObject(ON);
    expect(await optionsOf(pair.requester, id)).toEqual([true, true]);
  });

  it.each([
    ['another account', OTHER_SCOPE, `User ${ACCOUNT} does not have permission to modify`],
    ['another Region', FAR_SCOPE, "Accepter's VPC Peering connection options cannot be modified"],
  ])('B-053 each owner sets its own side: %s', async (_title, scope, message) => {
    const test = await testCloud();
    const pair = await vpcPair(test, scope);
    const VpcPeeringConnectionId = await peer(pair);
    const refused = { name: 'OperationNotPermitted', message: expect.stringContaining(message) };
    for (const own of [{}, { RequesterPeeringConnectionOptions: ON }]) {
      const call = pair.requester.modifyVpcPeeringConnectionOptions({
        VpcPeeringConnectionId,
        ...own,
        AccepterPeeringConnectionOptions: ON,
      });
      await expect(call).rejects.toMatchObject(refused);
    }
    await expect(
      pair.accepter.modifyVpcPeeringConnectionOptions({
        VpcPeeringConnectionId,
        RequesterPeeringConnectionOptions: ON,
      }),
    ).rejects.toMatchObject({ name: 'OperationNotPermitted' });
    expect(await optionsOf(pair.requester, VpcPeeringConnectionId)).toEqual([false, false]);
    const answer = await pair.accepter.modifyVpcPeeringConnectionOptions({
      VpcPeeringConnectionId,
      AccepterPeeringConnectionOptions: ON,
    });
    expect(answer.RequesterPeeringConnectionOptions).toBeUndefined();
    expect(await optionsOf(pair.requester, VpcPeeringConnectionId)).toEqual([false, true]);
    await pair.requester.modifyVpcPeeringConnectionOptions({
      VpcPeeringConnectionId,
      RequesterPeeringConnectionOptions: ON,
    });
    expect(await optionsOf(pair.accepter, VpcPeeringConnectionId)).toEqual([true, true]);
  });

  it('B-051 only while active', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const VpcPeeringConnectionId = await requestPeering(pair);
    const modify = () =>
      pair.requester.modifyVpcPeeringConnectionOptions({
        VpcPeeringConnectionId,
        RequesterPeeringConnectionOptions: ON,
      });
    const rule = 'Peering options can be added only to active peerings.';
    const refused = {
      name: 'OperationNotPermitted',
      message: `Peering ${VpcPeeringConnectionId} is not active. ${rule}`,
    };
    await expect(modify()).rejects.toMatchObject(refused);
    await pair.accepter.acceptVpcPeeringConnection({ VpcPeeringConnectionId });
    await modify();
    await pair.accepter.deleteVpcPeeringConnection({ VpcPeeringConnectionId });
    await expect(modify()).rejects.toMatchObject(refused);
  });

  it.each([
    ['hostnames here', 'vpc', { enableDnsHostnames: false }],
    ['support here', 'vpc', { enableDnsSupport: false }],
    ['hostnames there', 'peerVpc', { enableDnsHostnames: false }],
    ['support there', 'peerVpc', { enableDnsSupport: false }],
  ] as const)('B-052 DNS must be on in both VPCs: %s', async (_title, name, off) => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const VpcPeeringConnectionId = await peer(pair);
    await test.cloud.execute((tx) => tx.update('vpc', pair[name], off));
    const modify = (options: { AllowDnsResolutionFromRemoteVpc: boolean }) =>
      pair.requester.modifyVpcPeeringConnectionOptions({
        VpcPeeringConnectionId,
        RequesterPeeringConnectionOptions: options,
      });
    await expect(modify(ON)).rejects.toMatchObject({
      name: 'InvalidVpcPeeringConnectionState.DnsHostnamesDisabled',
    });
    await modify(OFF);
    expect(await optionsOf(pair.requester, VpcPeeringConnectionId)).toEqual([false, false]);
  });

  it('B-050 the option is switched off again', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const VpcPeeringConnectionId = await peer(pair);
    for (const options of [ON, OFF]) {
      await pair.accepter.modifyVpcPeeringConnectionOptions({
        VpcPeeringConnectionId,
        AccepterPeeringConnectionOptions: options,
      });
      const [, accepter] = await optionsOf(pair.requester, VpcPeeringConnectionId);
      expect(accepter).toBe(options.AllowDnsResolutionFromRemoteVpc);
    }
  });

  it('refuses a call without options, ClassicLink and DryRun', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const ids = { VpcPeeringConnectionId: await peer(pair) };
    const modify = pair.requester.modifyVpcPeeringConnectionOptions.bind(pair.requester);
    await expect(modify(ids)).rejects.toMatchObject({ name: 'MissingParameter' });
    const classic = { AllowEgressFromLocalClassicLinkToRemoteVpc: true };
    await expect(
      modify({ ...ids, RequesterPeeringConnectionOptions: classic }),
    ).rejects.toMatchObject({ name: 'UnsupportedOperation' });
    await modify({
      ...ids,
      RequesterPeeringConnectionOptions: {
        ...ON,
        AllowEgressFromLocalClassicLinkToRemoteVpc: false,
      },
    });
    const dryRun = { ...ids, DryRun: true, RequesterPeeringConnectionOptions: OFF };
    await expect(modify(dryRun)).rejects.toMatchObject({ name: 'DryRunOperation' });
    expect(await optionsOf(pair.requester, ids.VpcPeeringConnectionId)).toEqual([true, false]);
  });

  it('G-025 a stranger finds nothing to modify', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const call = test.ec2('333333333333').modifyVpcPeeringConnectionOptions({
      VpcPeeringConnectionId: await peer(pair),
      RequesterPeeringConnectionOptions: ON,
    });
    await expect(call).rejects.toMatchObject({ name: 'InvalidVpcPeeringConnectionID.NotFound' });
  });
});
