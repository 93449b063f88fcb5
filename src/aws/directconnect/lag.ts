/** LAGs: requests to commands, records to answers. */
import { noLag } from '../../control/direct-connect/find.ts';
import {
  associateConnection,
  createLag,
  deleteLag,
  disassociateConnection,
  updateLag,
} from '../../control/direct-connect/lag.ts';
import { ownerKey } from '../../control/scope.ts';
import type { DirectConnectHandlersOf } from './operations.ts';
import { directConnectPage, given, parseTags, refuse } from './request.ts';
import { connectionView, lagView } from './view.ts';

type Operation =
  | `${'Create' | 'Update' | 'Delete'}Lag`
  | 'DescribeLags'
  | 'AssociateConnectionWithLag'
  | 'DisassociateConnectionFromLag';

export const lagHandlers = {
  CreateLag({ input, caller, cloud }) {
    refuse('requestMACSec', input.requestMACSec);
    const { lagName: name, location, connectionsBandwidth: bandwidth } = input;
    const { providerName, connectionId } = input;
    const request = {
      name,
      location,
      bandwidth,
      count: input.numberOfConnections,
      tags: parseTags(input.tags),
      connectionTags: parseTags(input.childConnectionTags),
      ...given({ providerName, connectionId }),
    };
    return cloud.execute((tx) => lagView(tx, createLag(tx, caller, request)));
  },

  UpdateLag({ input, caller, cloud }) {
    refuse('encryptionMode', input.encryptionMode !== undefined);
    const changes = given({ name: input.lagName, minimumLinks: input.minimumLinks });
    return cloud.execute((tx) => lagView(tx, updateLag(tx, caller, input.lagId, changes)));
  },

  DeleteLag({ input, caller, cloud }) {
    return cloud.execute((tx) => lagView(tx, deleteLag(tx, caller, input.lagId)));
  },

  DescribeLags({ input, caller, cloud: { model } }) {
    const { lagId: wanted } = input;
    const found = model
      .by('direct-connect-lag', 'owner', ownerKey(caller))
      .filter(({ id }) => wanted === undefined || id === wanted);
    if (wanted !== undefined && found.length === 0) throw noLag(wanted);
    const { records, nextToken } = directConnectPage(found, input);
    return { lags: records.map((lag) => lagView(model, lag)), nextToken };
  },

  AssociateConnectionWithLag({ input, caller, cloud }) {
    const { connectionId, lagId } = input;
    return cloud.execute((tx) =>
      connectionView(tx, associateConnection(tx, caller, connectionId, lagId)),
    );
  },

  DisassociateConnectionFromLag({ input, caller, cloud }) {
    const { connectionId, lagId } = input;
    return cloud.execute((tx) =>
      connectionView(tx, disassociateConnection(tx, caller, connectionId, lagId)),
    );
  },
} satisfies DirectConnectHandlersOf<Operation>;
