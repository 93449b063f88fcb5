/** Network interfaces: made, deleted, shown, attached and detached. */
import { idempotent } from '../../control/idempotency.ts';
import { find } from '../../control/scope.ts';
import {
  attachNetworkInterface,
  detachNetworkInterface,
} from '../../control/vpc/interface-attachment.ts';
import {
  createNetworkInterface,
  deleteNetworkInterface,
} from '../../control/vpc/network-interface.ts';
import { DESCRIPTION_LENGTH } from '../../model/limits.ts';
import { DEVICE_INDEX_MAX } from '../../model/vpc/network-interface.ts';
import { parseAddresses, parseConnectionTracking } from './address-request.ts';
import { clientTokenOf } from './client-token.ts';
import { describeOwned } from './describe-owned.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { networkInterfaceFilters, networkInterfaceView } from './network-interface-view.ts';
import { invalidValue, parseTagSpecifications, parseText, refuseUnsupported } from './parse.ts';
import { refuseIdsWithPage, scopeOf, viewIn, viewOf } from './view.ts';

type Operation =
  | 'CreateNetworkInterface'
  | 'DeleteNetworkInterface'
  | 'DescribeNetworkInterfaces'
  | 'AttachNetworkInterface'
  | 'DetachNetworkInterface';

export const networkInterfaceHandlers = {
  CreateNetworkInterface: create,
  DescribeNetworkInterfaces: describeInterfaces,
  AttachNetworkInterface: attach,

  async DeleteNetworkInterface({ input, caller, cloud, dryRun }) {
    await cloud.execute(
      (tx) => deleteNetworkInterface(tx, scopeOf(caller), input.NetworkInterfaceId),
      { dryRun },
    );
    return {};
  },

  async DetachNetworkInterface({ input, caller, cloud, dryRun }) {
    const { AttachmentId, Force = false } = input;
    await cloud.execute((tx) => detachNetworkInterface(tx, scopeOf(caller), AttachmentId, Force), {
      dryRun,
    });
    return {};
  },
} satisfies Ec2HandlersOf<Operation>;

async function create({ input, caller, cloud, dryRun }: Ec2Call<'CreateNetworkInterface'>) {
  refuseUnsupported(input, ['InterfaceType', 'EnablePrimaryIpv6', 'Operator']);
  const request = {
    subnetId: input.SubnetId,
    description: parseText('description', input.Description, DESCRIPTION_LENGTH),
    groupIds: input.Groups ?? [],
    addresses: parseAddresses(input),
    connectionTracking: parseConnectionTracking(input.ConnectionTrackingSpecification),
    tags: parseTagSpecifications(input.TagSpecifications, 'network-interface'),
  };
  const token = clientTokenOf('CreateNetworkInterface', input);
  const scope = scopeOf(caller);
  const NetworkInterface = await cloud.execute(
    (tx) => {
      const id = idempotent(tx, scope, token, () => createNetworkInterface(tx, scope, request).id);
      return networkInterfaceView(viewIn(tx, scope), find(tx, scope, 'network-interface', id));
    },
    { dryRun },
  );
  return { NetworkInterface, ClientToken: input.ClientToken };
}

function describeInterfaces({ input, caller, cloud }: Ec2Call<'DescribeNetworkInterfaces'>) {
  const view = viewOf(cloud, caller);
  const ids = input.NetworkInterfaceIds ?? [];
  refuseIdsWithPage('networkInterfaceIds', ids, input.MaxResults);
  const { records, nextToken } = describeOwned(input, view.reader, view.scope, {
    kind: 'network-interface',
    ids,
    filters: networkInterfaceFilters(view),
  });
  return {
    NetworkInterfaces: records.map((record) => networkInterfaceView(view, record)),
    NextToken: nextToken,
  };
}

async function attach({ input, caller, cloud, dryRun }: Ec2Call<'AttachNetworkInterface'>) {
  refuseUnsupported(input, ['EnaSrdSpecification', 'EnaQueueCount']);
  const request = {
    networkInterfaceId: input.NetworkInterfaceId,
    instanceId: input.InstanceId,
    deviceIndex: parseDeviceIndex(input.DeviceIndex),
  };
  checkNetworkCard(input.NetworkCardIndex);
  const { id } = await cloud.execute((tx) => attachNetworkInterface(tx, scopeOf(caller), request), {
    dryRun,
  });
  return { AttachmentId: id, NetworkCardIndex: 0 };
}

export function parseDeviceIndex(index: number): number {
  if (index >= 0 && index <= DEVICE_INDEX_MAX) return index;
  throw invalidValue('deviceIndex', index, `It must be between 0 and ${DEVICE_INDEX_MAX}.`);
}

/** The types that have more than one card are not told apart here. */
export function checkNetworkCard(index: number | undefined): void {
  if (index === undefined || index === 0) return;
  throw invalidValue('networkCardIndex', index, 'The instance has one network card, 0.');
}
