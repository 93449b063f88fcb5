import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { launchOne, makeNetwork } from '../../../test/support/instance-fixture.ts';
import { SCOPE, testCloud } from '../../../test/support/test-cloud.ts';
import { parseIpv4 } from '../../net/ipv4.ts';
import type { Cloud } from '../cloud.ts';
import { find } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { assignPrivateIpAddresses } from './assign-addresses.ts';
import { ANY_ADDRESS } from './interface-addresses.ts';
import { attachNetworkInterface } from './interface-attachment.ts';
import { modifyInterfaceAttribute } from './interface-attribute.ts';
import { deleteNetworkInterface, putNetworkInterface } from './network-interface.ts';

/** An interface that a service has made in the caller's subnet. */
describe('a requester-managed interface', () => {
  let cloud: Cloud;
  let id: string;
  let instanceId: string;

  beforeEach(async () => {
    const test = await testCloud();
    cloud = test.cloud;
    const { subnetId, groupId } = await makeNetwork(test.ec2());
    instanceId = await launchOne(test.ec2(), { SubnetId: subnetId });
    id = await cloud.execute((tx) => {
      const request = {
        description: 'VPC Endpoint Interface',
        groupIds: [groupId],
        addresses: ANY_ADDRESS,
        connectionTracking: {},
        tags: {},
        interfaceType: 'vpc_endpoint',
        requesterManaged: true,
      };
      return putNetworkInterface(tx, SCOPE, find(tx, SCOPE, 'subnet', subnetId), request).id;
    });
  });

  const refused: [string, (tx: Transaction) => unknown, string][] = [
    ['deleted', (tx) => deleteNetworkInterface(tx, SCOPE, id), 'InvalidParameterValue'],
    [
      'attached',
      (tx) =>
        attachNetworkInterface(tx, SCOPE, { networkInterfaceId: id, instanceId, deviceIndex: 1 }),
      'OperationNotPermitted',
    ],
    [
      'changed',
      (tx) =>
        modifyInterfaceAttribute(tx, SCOPE, id, { attribute: 'sourceDestCheck', value: false }),
      'OperationNotPermitted',
    ],
    [
      'given addresses',
      (tx) => {
        const addresses = [parseIpv4('10.0.0.99')!];
        const request = { addresses, count: 0, allowReassignment: false };
        return assignPrivateIpAddresses(tx, SCOPE, id, request);
      },
      'OperationNotPermitted',
    ],
  ];

  it.each(refused)('G-021 cannot be %s by its owner', async (_, command, code) => {
    const before = cloud.model.get('network-interface', id);
    await expectError(cloud.execute(command), code);
    expect(cloud.model.get('network-interface', id)).toBe(before);
  });
});
