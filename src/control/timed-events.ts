/** What timers do: one row an event, named RESOURCE.EVENT. */
import { directConnectEvents } from './direct-connect/direct-connect.ts';
import { hybridEvents } from './hybrid/hybrid.ts';
import { clientTokenEvents } from './idempotency.ts';
import { peeringEvents } from './peering/peering.ts';
import { sharingEvents } from './sharing/events.ts';
import type { TimedEvent } from './timed-event.ts';
import { transitGatewayEvents } from './transit-gateway/transit-gateway.ts';
import { addressTransferEvents } from './vpc/address-transfer.ts';
import { instanceEvents } from './vpc/instance-state.ts';
import { attachmentEvents } from './vpc/interface-attachment.ts';
import { natGatewayEvents } from './vpc/nat-gateway.ts';
import { natGatewayAddressEvents } from './vpc/nat-gateway-address.ts';
import { networkInterfaceEvents } from './vpc/network-interface.ts';
import { prefixListEvents } from './vpc/prefix-list.ts';
import { subnetEvents } from './vpc/subnet.ts';
import { subnetCidrEvents } from './vpc/subnet-cidr.ts';
import { vpcEvents } from './vpc/vpc.ts';
import { vpcCidrEvents } from './vpc/vpc-cidr.ts';

export const TIMED_EVENTS: Readonly<Record<string, TimedEvent>> = {
  ...vpcEvents,
  ...vpcCidrEvents,
  ...subnetEvents,
  ...subnetCidrEvents,
  ...peeringEvents,
  ...transitGatewayEvents,
  ...hybridEvents,
  ...directConnectEvents,
  ...networkInterfaceEvents,
  ...attachmentEvents,
  ...instanceEvents,
  ...addressTransferEvents,
  ...natGatewayEvents,
  ...natGatewayAddressEvents,
  ...prefixListEvents,
  ...sharingEvents,
  ...clientTokenEvents,
};
