/** Direct Connect gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-direct-connect';
import { globalScope } from '../../control/direct-connect/find.ts';
import {
  createGateway,
  deleteGateway,
  renameGateway,
} from '../../control/direct-connect/gateway.ts';
import { ownerKey, type Scope } from '../../control/scope.ts';
import { directConnectError } from '../../model/direct-connect/error.ts';
import { DIRECT_CONNECT_GATEWAY_ASN } from '../../model/direct-connect/gateway.ts';
import {
  interfacesOf,
  type VirtualInterface,
} from '../../model/direct-connect/virtual-interface.ts';
import type { ModelReader } from '../../model/model.ts';
import type { DirectConnectHandlersOf } from './operations.ts';
import { directConnectPage, parseTags } from './request.ts';
import { gatewayView } from './view.ts';

type Operation =
  | `${'Create' | 'Update' | 'Delete'}DirectConnectGateway`
  | 'DescribeDirectConnectGateways'
  | 'DescribeDirectConnectGatewayAttachments';

export const gatewayHandlers = {
  async CreateDirectConnectGateway({ input, caller, cloud }) {
    const { directConnectGatewayName: name, tags } = input;
    const amazonSideAsn = input.amazonSideAsn ?? DIRECT_CONNECT_GATEWAY_ASN;
    const request = { name, amazonSideAsn, tags: parseTags(tags) };
    const directConnectGateway = await cloud.execute((tx) =>
      gatewayView(tx, createGateway(tx, caller, request)),
    );
    return { directConnectGateway };
  },

  async UpdateDirectConnectGateway({ input, caller, cloud }) {
    const { directConnectGatewayId: id, newDirectConnectGatewayName: name } = input;
    const directConnectGateway = await cloud.execute((tx) =>
      gatewayView(tx, renameGateway(tx, caller, id, name)),
    );
    return { directConnectGateway };
  },

  async DeleteDirectConnectGateway({ input, caller, cloud }) {
    const { directConnectGatewayId: id } = input;
    const directConnectGateway = await cloud.execute((tx) =>
      gatewayView(tx, deleteGateway(tx, caller, id)),
    );
    return { directConnectGateway };
  },

  DescribeDirectConnectGateways({ input, caller, cloud: { model } }) {
    const { directConnectGatewayId: wanted } = input;
    const found = model
      .by('direct-connect-gateway', 'owner', ownerKey(globalScope(caller)))
      .filter(({ id }) => wanted === undefined || id === wanted);
    const { records, nextToken } = directConnectPage(found, input);
    return { directConnectGateways: records.map((one) => gatewayView(model, one)), nextToken };
  },

  DescribeDirectConnectGatewayAttachments({ input, caller, cloud: { model } }) {
    const { directConnectGatewayId, virtualInterfaceId } = input;
    const found = attachedInterfaces(model, caller, directConnectGatewayId, virtualInterfaceId);
    const { records, nextToken } = directConnectPage(found, input);
    return { directConnectGatewayAttachments: records.map(attachmentView), nextToken };
  },
} satisfies DirectConnectHandlersOf<Operation>;

/** H-077: of one gateway, or one virtual interface. */
function attachedInterfaces(
  reader: ModelReader,
  { account }: Scope,
  gatewayId: string | undefined,
  interfaceId: string | undefined,
): readonly VirtualInterface[] {
  if (gatewayId === undefined && interfaceId === undefined) {
    throw directConnectError('Specify a directConnectGatewayId or a virtualInterfaceId.');
  }
  const one = reader.get('direct-connect-virtual-interface', interfaceId ?? '');
  const end = gatewayId ?? one?.gateway?.id;
  if (end === undefined) return [];
  return interfacesOf(reader, end).filter(
    (found) =>
      found.account === account &&
      found.gateway?.kind === 'direct-connect-gateway' &&
      (interfaceId === undefined || found.id === interfaceId),
  );
}

/** H-071: a virtual interface's way to the gateway lives as it does. */
function attachmentView(one: VirtualInterface): Sdk.DirectConnectGatewayAttachment {
  const state = one.state === 'pending' ? 'attaching' : 'attached';
  return {
    directConnectGatewayId: one.gateway?.id,
    virtualInterfaceId: one.id,
    virtualInterfaceRegion: one.region,
    virtualInterfaceOwnerAccount: one.account,
    attachmentState: one.state === 'deleting' ? 'detaching' : state,
    attachmentType: one.type === 'private' ? 'PrivateVirtualInterface' : 'TransitVirtualInterface',
  };
}
