/** Shapes of Direct Connect's resources. */
import { z } from 'zod';
import type { Records } from '../../model/schema.ts';
import { account, anyCidr, asn, ipValue, name, owned, text, whole } from './values.ts';

const address = z.strictObject({ address: ipValue, length: whole(128) });

const bgpPeer = z.strictObject({
  id: name,
  state: z.enum(['pending', 'available', 'deleting', 'deleted']),
  family: z.literal([4, 6]),
  asn,
  authKey: text,
  amazonAddress: address,
  customerAddress: address,
});

export const virtualInterface: z.ZodType<Records['direct-connect-virtual-interface']> =
  z.strictObject({
    ...owned,
    state: z.enum([
      'confirming',
      'pending',
      'available',
      'down',
      'testing',
      'deleting',
      'deleted',
      'rejected',
    ]),
    type: z.enum(['private', 'transit']),
    name: text,
    connectionId: name,
    vlan: whole(4094),
    amazonSideAsn: asn,
    mtu: whole(9001),
    gateway: z
      .strictObject({ kind: z.enum(['vpn-gateway', 'direct-connect-gateway']), id: name })
      .exactOptional(),
    bgpPeers: z.array(bgpPeer),
  });

export const directConnectGatewayAssociation: z.ZodType<
  Records['direct-connect-gateway-association']
> = z.strictObject({
  ...owned,
  state: z.enum(['associating', 'associated', 'updating', 'disassociating', 'disassociated']),
  directConnectGatewayId: name,
  gateway: z.strictObject({
    kind: z.enum(['vpn-gateway', 'transit-gateway']),
    id: name,
    account,
  }),
  allowedPrefixes: z.array(anyCidr),
  attachmentId: name.exactOptional(),
});
