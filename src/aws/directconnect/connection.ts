/** Connections: requests to commands, records to answers. */
import { createConnection, renameConnection } from '../../control/direct-connect/connection.ts';
import { noConnection, usableCarrier } from '../../control/direct-connect/find.ts';
import {
  allocateConnection,
  confirmConnection,
  deleteAnyConnection,
} from '../../control/direct-connect/hosted-connection.ts';
import { ownerKey } from '../../control/scope.ts';
import type { DirectConnectConnection } from '../../model/direct-connect/connection.ts';
import { locationsOf, PORT_SPEEDS } from '../../model/direct-connect/location.ts';
import type { ModelReader } from '../../model/model.ts';
import type { DirectConnectCall, DirectConnectHandlersOf } from './operations.ts';
import { directConnectPage, given, parseTags, refuse } from './request.ts';
import { connectionView } from './view.ts';

type Operation =
  | `${'Create' | 'Update' | 'Delete' | 'Confirm'}Connection`
  | 'DescribeConnections'
  | 'AllocateHostedConnection'
  | 'DescribeHostedConnections'
  | 'DescribeLocations';

const KIND = 'direct-connect-connection';

export const connectionHandlers = {
  CreateConnection({ input, caller, cloud }) {
    refuse('requestMACSec', input.requestMACSec);
    const { connectionName: name, location, bandwidth, providerName, lagId, tags } = input;
    const request = { name, location, bandwidth, tags: parseTags(tags) };
    const chosen = given({ providerName, lagId });
    return cloud.execute((tx) =>
      connectionView(tx, createConnection(tx, caller, { ...request, ...chosen })),
    );
  },

  UpdateConnection({ input, caller, cloud }) {
    refuse('encryptionMode', input.encryptionMode !== undefined);
    const { connectionId, connectionName } = input;
    return cloud.execute((tx) =>
      connectionView(tx, renameConnection(tx, caller, connectionId, connectionName)),
    );
  },

  DeleteConnection({ input, caller, cloud }) {
    return cloud.execute((tx) =>
      connectionView(tx, deleteAnyConnection(tx, caller, input.connectionId)),
    );
  },

  DescribeConnections({ input, caller, cloud: { model } }) {
    const own = model.by(KIND, 'owner', ownerKey(caller));
    const { connectionId: wanted } = input;
    const found = own.filter(({ id }) => wanted === undefined || id === wanted);
    if (wanted !== undefined && found.length === 0) throw noConnection(wanted);
    return connectionsPage(model, found, input);
  },

  AllocateHostedConnection({ input, caller, cloud }) {
    const { connectionId: parentId, ownerAccount, bandwidth, connectionName: name, vlan } = input;
    const request = { parentId, ownerAccount, bandwidth, name, vlan, tags: parseTags(input.tags) };
    return cloud.execute((tx) => connectionView(tx, allocateConnection(tx, caller, request)));
  },

  async ConfirmConnection({ input, caller, cloud }) {
    const { state } = await cloud.execute((tx) =>
      confirmConnection(tx, caller, input.connectionId),
    );
    return { connectionState: state };
  },

  DescribeHostedConnections({ input, caller, cloud: { model } }) {
    const { id } = usableCarrier(model, caller, input.connectionId);
    return connectionsPage(model, model.by(KIND, 'parent', id), input);
  },

  DescribeLocations({ caller: { region } }) {
    const locations = locationsOf(region).map(({ code, name }) => ({
      locationCode: code,
      locationName: name,
      region,
      availablePortSpeeds: [...PORT_SPEEDS],
      availableProviders: [],
      availableMacSecPortSpeeds: [],
    }));
    return { locations };
  },
} satisfies DirectConnectHandlersOf<Operation>;

function connectionsPage(
  reader: ModelReader,
  found: readonly DirectConnectConnection[],
  input: DirectConnectCall<'DescribeHostedConnections' | 'DescribeConnections'>['input'],
) {
  const { records, nextToken } = directConnectPage(found, input);
  return { connections: records.map((one) => connectionView(reader, one)), nextToken };
}
