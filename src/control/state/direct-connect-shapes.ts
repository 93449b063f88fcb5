/** Shapes of Direct Connect's resources. */
import { z } from 'zod';
import { associationProposalMachine } from '../../model/direct-connect/association-proposal.ts';
import { connectionMachine } from '../../model/direct-connect/connection.ts';
import { failoverTestMachine } from '../../model/direct-connect/failover-test.ts';
import { directConnectGatewayMachine } from '../../model/direct-connect/gateway.ts';
import { gatewayAssociationMachine } from '../../model/direct-connect/gateway-association.ts';
import { lagMachine } from '../../model/direct-connect/lag.ts';
import {
  bgpPeerMachine,
  virtualInterfaceMachine,
} from '../../model/direct-connect/virtual-interface.ts';
import { AUTH_KEY_LENGTH, FAILOVER_TEST_MINUTES } from '../../model/limits.ts';
import type { Records } from '../../model/schema.ts';
import { account, anyCidr, asn, ipValue, name, owned, text, time, whole } from './values.ts';

const vlan = whole(4094).min(1);

export const directConnectLag: z.ZodType<Records['direct-connect-lag']> = z.strictObject({
  ...owned,
  state: z.enum(lagMachine.states),
  name: text,
  location: name,
  bandwidth: name,
  providerName: text.exactOptional(),
  minimumLinks: whole(4),
});

export const directConnectConnection: z.ZodType<Records['direct-connect-connection']> =
  z.strictObject({
    ...owned,
    state: z.enum(connectionMachine.states),
    name: text,
    location: name,
    bandwidth: name,
    providerName: text.exactOptional(),
    lagId: name.exactOptional(),
    hosted: z.strictObject({ parentId: name, vlan }).exactOptional(),
  });

export const directConnectGateway: z.ZodType<Records['direct-connect-gateway']> = z.strictObject({
  ...owned,
  state: z.enum(directConnectGatewayMachine.states),
  name: text,
  amazonSideAsn: asn,
});

const address = z.strictObject({ address: ipValue, length: whole(128) });

const bgpPeer = z.strictObject({
  id: name,
  state: z.enum(bgpPeerMachine.states),
  family: z.literal([4, 6]),
  asn,
  authKey: name.min(AUTH_KEY_LENGTH.least).max(AUTH_KEY_LENGTH.most),
  amazonAddress: address,
  customerAddress: address,
});

export const virtualInterface: z.ZodType<Records['direct-connect-virtual-interface']> =
  z.strictObject({
    ...owned,
    state: z.enum(virtualInterfaceMachine.states),
    type: z.enum(['private', 'transit']),
    name: text,
    connectionId: name,
    vlan,
    amazonSideAsn: asn,
    mtu: z.literal([1500, 8500, 9001]),
    gateway: z
      .strictObject({ kind: z.enum(['vpn-gateway', 'direct-connect-gateway']), id: name })
      .exactOptional(),
    bgpPeers: z.array(bgpPeer),
  });

export const directConnectGatewayAssociation: z.ZodType<
  Records['direct-connect-gateway-association']
> = z.strictObject({
  ...owned,
  state: z.enum(gatewayAssociationMachine.states),
  directConnectGatewayId: name,
  gateway: z.strictObject({
    kind: z.enum(['vpn-gateway', 'transit-gateway']),
    id: name,
    account,
  }),
  allowedPrefixes: z.array(anyCidr),
  nextPrefixes: z.array(anyCidr).exactOptional(),
  attachmentId: name.exactOptional(),
});

export const directConnectGatewayAssociationProposal: z.ZodType<
  Records['direct-connect-gateway-association-proposal']
> = z.strictObject({
  ...owned,
  state: z.enum(associationProposalMachine.states),
  directConnectGatewayId: name,
  directConnectGatewayOwner: account,
  gateway: z.strictObject({ kind: z.enum(['vpn-gateway', 'transit-gateway']), id: name }),
  existingPrefixes: z.array(anyCidr),
  requestedPrefixes: z.array(anyCidr),
});

export const directConnectFailoverTest: z.ZodType<Records['direct-connect-failover-test']> =
  z.strictObject({
    ...owned,
    status: z.enum(failoverTestMachine.states),
    virtualInterfaceId: name,
    bgpPeerIds: z.array(name),
    minutes: whole(FAILOVER_TEST_MINUTES.most).min(1),
    startTime: time,
    endTime: time.exactOptional(),
  });
