/** Virtual interfaces: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-direct-connect';
import { sees } from '../../control/direct-connect/find.ts';
import {
  allocateInterface,
  associateInterface,
  confirmInterface,
  createInterface,
  deleteInterface,
  type InterfaceRequest,
  updateInterface,
} from '../../control/direct-connect/virtual-interface.ts';
import { ownerKey, type Scope } from '../../control/scope.ts';
import { carrierOf } from '../../model/direct-connect/carrier.ts';
import { directConnectError } from '../../model/direct-connect/error.ts';
import type { VirtualInterface } from '../../model/direct-connect/virtual-interface.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Given } from '../service.ts';
import type { DirectConnectHandlersOf } from './operations.ts';
import { directConnectPage, given, parsePeer, parseTags, refuse } from './request.ts';
import { interfaceView } from './view.ts';

type Operation =
  | `${'Create' | 'Allocate' | 'Confirm'}${'Private' | 'Transit'}VirtualInterface`
  | `${'Associate' | 'Delete'}VirtualInterface`
  | 'UpdateVirtualInterfaceAttributes'
  | 'DescribeVirtualInterfaces'
  | 'DescribeVirtualGateways';

const KIND = 'direct-connect-virtual-interface';

export const virtualInterfaceHandlers = {
  CreatePrivateVirtualInterface({ input, caller, cloud }) {
    const { newPrivateVirtualInterface: wanted, connectionId } = input;
    refuse('enableSiteLink', wanted.enableSiteLink);
    const { virtualGatewayId, directConnectGatewayId } = wanted;
    const request = {
      ...requestOf('private', connectionId, wanted),
      ...given({ virtualGatewayId, directConnectGatewayId }),
    };
    return cloud.execute((tx) => interfaceView(tx, createInterface(tx, caller, request)));
  },

  async CreateTransitVirtualInterface({ input, caller, cloud }) {
    const { newTransitVirtualInterface: wanted, connectionId } = input;
    refuse('enableSiteLink', wanted.enableSiteLink);
    const { directConnectGatewayId } = wanted;
    const request = {
      ...requestOf('transit', connectionId, wanted),
      ...given({ directConnectGatewayId }),
    };
    const virtualInterface = await cloud.execute((tx) =>
      interfaceView(tx, createInterface(tx, caller, request)),
    );
    return { virtualInterface };
  },

  AllocatePrivateVirtualInterface({ input, caller, cloud }) {
    const { connectionId, ownerAccount, newPrivateVirtualInterfaceAllocation: wanted } = input;
    const request = requestOf('private', connectionId, wanted);
    return cloud.execute((tx) =>
      interfaceView(tx, allocateInterface(tx, caller, ownerAccount, request)),
    );
  },

  async AllocateTransitVirtualInterface({ input, caller, cloud }) {
    const { connectionId, ownerAccount, newTransitVirtualInterfaceAllocation: wanted } = input;
    const request = requestOf('transit', connectionId, wanted);
    const virtualInterface = await cloud.execute((tx) =>
      interfaceView(tx, allocateInterface(tx, caller, ownerAccount, request)),
    );
    return { virtualInterface };
  },

  async ConfirmPrivateVirtualInterface({ input, caller, cloud }) {
    const { virtualInterfaceId: id, virtualGatewayId, directConnectGatewayId } = input;
    const gateway = given({ virtualGatewayId, directConnectGatewayId });
    const confirmed = await cloud.execute((tx) =>
      confirmInterface(tx, caller, { id, type: 'private', ...gateway }),
    );
    return { virtualInterfaceState: confirmed.state };
  },

  async ConfirmTransitVirtualInterface({ input, caller, cloud }) {
    const { virtualInterfaceId: id, directConnectGatewayId } = input;
    const confirmed = await cloud.execute((tx) =>
      confirmInterface(tx, caller, { id, type: 'transit', directConnectGatewayId }),
    );
    return { virtualInterfaceState: confirmed.state };
  },

  AssociateVirtualInterface({ input, caller, cloud }) {
    const { virtualInterfaceId, connectionId } = input;
    return cloud.execute((tx) =>
      interfaceView(tx, associateInterface(tx, caller, virtualInterfaceId, connectionId)),
    );
  },

  UpdateVirtualInterfaceAttributes({ input, caller, cloud }) {
    const { virtualInterfaceId, virtualInterfaceName: name, mtu, enableSiteLink } = input;
    refuse('enableSiteLink', enableSiteLink);
    const changes = given({ name, mtu });
    return cloud.execute((tx) =>
      interfaceView(tx, updateInterface(tx, caller, virtualInterfaceId, changes)),
    );
  },

  async DeleteVirtualInterface({ input, caller, cloud }) {
    const { state } = await cloud.execute((tx) =>
      deleteInterface(tx, caller, input.virtualInterfaceId),
    );
    return { virtualInterfaceState: state };
  },

  DescribeVirtualInterfaces({ input, caller, cloud: { model } }) {
    const { connectionId, virtualInterfaceId } = input;
    const found = visibleInterfaces(model, caller, virtualInterfaceId, connectionId);
    const { records, nextToken } = directConnectPage(found, input);
    return { virtualInterfaces: records.map((one) => interfaceView(model, one)), nextToken };
  },

  DescribeVirtualGateways({ caller, cloud: { model } }) {
    const virtualGateways = model
      .by('vpn-gateway', 'owner', ownerKey(caller))
      .map(({ id, state }) => ({ virtualGatewayId: id, virtualGatewayState: state }));
    return { virtualGateways };
  },
} satisfies DirectConnectHandlersOf<Operation>;

/** What is common to the four requests that make one. */
function requestOf(
  type: VirtualInterface['type'],
  connectionId: string,
  wanted: Given<
    Sdk.NewPrivateVirtualInterfaceAllocation | Sdk.NewTransitVirtualInterfaceAllocation
  >,
): InterfaceRequest {
  const { virtualInterfaceName: name, vlan, mtu = 1500 } = wanted;
  if (name === undefined) throw directConnectError('virtualInterfaceName is missing.');
  if (vlan === undefined) throw directConnectError('vlan is missing.');
  const tags = parseTags(wanted.tags);
  return { type, connectionId, name, vlan, mtu, peer: parsePeer(wanted), tags };
}

/** One's own, and those on one's own connections (H-059). */
function visibleInterfaces(
  reader: ModelReader,
  scope: Scope,
  id: string | undefined,
  connectionId: string | undefined,
): readonly VirtualInterface[] {
  if (id !== undefined) {
    const one = reader.get(KIND, id);
    const isMeant = one !== undefined && sees(reader, scope, one);
    return isMeant && (connectionId === undefined || one.connectionId === connectionId)
      ? [one]
      : [];
  }
  if (connectionId !== undefined && carrierOf(reader, connectionId) !== undefined) {
    return reader.by(KIND, 'connection', connectionId).filter((one) => sees(reader, scope, one));
  }
  return connectionId === undefined ? reader.by(KIND, 'owner', ownerKey(scope)) : [];
}
