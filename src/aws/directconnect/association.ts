/** Associations of Direct Connect gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-direct-connect';
import {
  associationBetween,
  createAssociation,
  deleteAssociation,
  hasPart,
  updateAssociation,
} from '../../control/direct-connect/association.ts';
import type { Scope } from '../../control/scope.ts';
import { directConnectError } from '../../model/direct-connect/error.ts';
import {
  type AssociatedGateway,
  associationsAt,
  associationsOf,
  chosenPrefixes,
  type DirectConnectGatewayAssociation,
} from '../../model/direct-connect/gateway-association.ts';
import type { ModelReader } from '../../model/model.ts';
import type { DirectConnectCall, DirectConnectHandlersOf } from './operations.ts';
import { directConnectPage, parsePrefixes } from './request.ts';
import { prefixViews } from './view.ts';

type Operation =
  | `${'Create' | 'Update' | 'Delete'}DirectConnectGatewayAssociation`
  | 'DescribeDirectConnectGatewayAssociations';

export const associationHandlers = {
  async CreateDirectConnectGatewayAssociation({ input, caller, cloud }) {
    const { directConnectGatewayId, virtualGatewayId } = input;
    // The older parameter is for virtual private gateways alone.
    const gatewayId = input.gatewayId ?? virtualGatewayId;
    if (gatewayId === undefined || (virtualGatewayId ?? gatewayId) !== gatewayId) {
      throw directConnectError('Specify gatewayId or virtualGatewayId, and one alone.');
    }
    const request = {
      directConnectGatewayId,
      gatewayId,
      prefixes: parsePrefixes(input.addAllowedPrefixesToDirectConnectGateway),
    };
    const association = await cloud.execute((tx) => createAssociation(tx, caller, request));
    return { directConnectGatewayAssociation: associationView(association) };
  },

  async UpdateDirectConnectGatewayAssociation({ input, caller, cloud }) {
    const { associationId } = input;
    if (associationId === undefined) throw directConnectError('associationId is missing.');
    const changes = {
      add: parsePrefixes(input.addAllowedPrefixesToDirectConnectGateway),
      remove: parsePrefixes(input.removeAllowedPrefixesToDirectConnectGateway),
    };
    const association = await cloud.execute((tx) =>
      updateAssociation(tx, caller, associationId, changes),
    );
    return { directConnectGatewayAssociation: associationView(association) };
  },

  async DeleteDirectConnectGatewayAssociation({ input, caller, cloud }) {
    const association = await cloud.execute((tx) =>
      deleteAssociation(tx, caller, meantBy(tx, input)),
    );
    return { directConnectGatewayAssociation: associationView(association) };
  },

  DescribeDirectConnectGatewayAssociations({ input, caller, cloud: { model } }) {
    const found = visibleAssociations(model, caller, input);
    const { records, nextToken } = directConnectPage(found, input);
    return { directConnectGatewayAssociations: records.map(associationView), nextToken };
  },
} satisfies DirectConnectHandlersOf<Operation>;

function meantBy(
  reader: ModelReader,
  input: DirectConnectCall<'DeleteDirectConnectGatewayAssociation'>['input'],
): string {
  const { associationId, directConnectGatewayId, virtualGatewayId } = input;
  if (associationId !== undefined) return associationId;
  if (directConnectGatewayId === undefined || virtualGatewayId === undefined) {
    const message = 'Specify an associationId, or a directConnectGatewayId and a virtualGatewayId.';
    throw directConnectError(message);
  }
  return associationBetween(reader, directConnectGatewayId, virtualGatewayId).id;
}

/** H-077: at least one id says which. */
function visibleAssociations(
  reader: ModelReader,
  scope: Scope,
  input: DirectConnectCall<'DescribeDirectConnectGatewayAssociations'>['input'],
): readonly DirectConnectGatewayAssociation[] {
  const { associationId, directConnectGatewayId } = input;
  const gatewayId = input.associatedGatewayId ?? input.virtualGatewayId;
  const one = reader.get('direct-connect-gateway-association', associationId ?? '');
  const lists = [
    ...(associationId === undefined ? [] : [one === undefined ? [] : [one]]),
    ...(directConnectGatewayId === undefined
      ? []
      : [associationsOf(reader, directConnectGatewayId)]),
    ...(gatewayId === undefined ? [] : [associationsAt(reader, gatewayId)]),
  ];
  const [first, ...others] = lists;
  if (first === undefined) {
    const ids = 'an associationId, an associatedGatewayId or a directConnectGatewayId';
    throw directConnectError(`Specify ${ids}.`);
  }
  return first.filter(
    (found) => hasPart(scope, found) && others.every((list) => list.includes(found)),
  );
}

export function associationView(
  association: DirectConnectGatewayAssociation,
): Sdk.DirectConnectGatewayAssociation {
  const { id, account, region, state, directConnectGatewayId, gateway } = association;
  return {
    associationId: id,
    associationState: state,
    directConnectGatewayId,
    directConnectGatewayOwnerAccount: account,
    associatedGateway: associatedView(gateway, region),
    allowedPrefixesToDirectConnectGateway: prefixViews(chosenPrefixes(association)),
    ...(gateway.kind === 'vpn-gateway' && {
      virtualGatewayId: gateway.id,
      virtualGatewayRegion: region,
      virtualGatewayOwnerAccount: gateway.account,
    }),
  };
}

export function associatedView(
  { id, kind, account }: AssociatedGateway,
  region: string,
): Sdk.AssociatedGateway {
  const type = kind === 'transit-gateway' ? 'transitGateway' : 'virtualPrivateGateway';
  return { id, type, ownerAccount: account, region };
}
