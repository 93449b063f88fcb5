/** What a Direct Connect gateway is for: one kind of gateway and of virtual interface (C-105). */
import { directConnectError } from '../../model/direct-connect/error.ts';
import { associationsOf } from '../../model/direct-connect/gateway-association.ts';
import {
  interfacesOf,
  type VirtualInterface,
} from '../../model/direct-connect/virtual-interface.ts';
import type { ModelReader } from '../../model/model.ts';

export type Use = VirtualInterface['type'];

/** @throws AwsError where something of the other kind is there */
export function checkUse(reader: ModelReader, directConnectGatewayId: string, use: Use): void {
  const other: Use = use === 'private' ? 'transit' : 'private';
  const kind = other === 'private' ? 'vpn-gateway' : 'transit-gateway';
  const gateway = associationsOf(reader, directConnectGatewayId).find(
    (one) => one.gateway.kind === kind,
  )?.gateway;
  const found = interfacesOf(reader, directConnectGatewayId).find(({ type }) => type === other);
  const user = gateway?.id ?? found?.id;
  if (user === undefined) return;
  const what =
    use === 'private'
      ? 'virtual private gateways and private virtual interfaces'
      : 'transit gateways and transit virtual interfaces';
  const message = `Direct Connect Gateway ${directConnectGatewayId} has ${user}`;
  throw directConnectError(`${message} and is not for ${what}.`);
}
