/** Shapes of multicast domains and of what is in them. */
import { z } from 'zod';
import type { Records } from '../../model/schema.ts';
import {
  multicastAssociationMachine,
  multicastDomainMachine,
} from '../../model/transit-gateway/multicast-domain.ts';
import { isGroupAddress } from '../../model/transit-gateway/multicast-group.ts';
import type { Ip } from '../../net/ip.ts';
import { ipv4Value, ipv6Value, name, owned, time } from './values.ts';

export const multicastDomain: z.ZodType<Records['transit-gateway-multicast-domain']> =
  z.strictObject({
    ...owned,
    transitGatewayId: name,
    state: z.enum(multicastDomainMachine.states),
    creationTime: time,
    queriedAt: time.exactOptional(),
    options: z
      .strictObject({
        igmpv2Support: z.boolean(),
        staticSourcesSupport: z.boolean(),
        autoAcceptSharedAssociations: z.boolean(),
      })
      .refine(
        ({ igmpv2Support, staticSourcesSupport }) => !igmpv2Support || !staticSourcesSupport,
        {
          error: 'must not have both IGMP and static sources',
        },
      ),
  });

export const multicastAssociation: z.ZodType<
  Records['transit-gateway-multicast-domain-association']
> = z.strictObject({
  id: name,
  domainId: name,
  attachmentId: name,
  vpcId: name,
  subnetId: name,
  state: z.enum(multicastAssociationMachine.states),
});

const groupAddress: z.ZodType<Ip> = z
  .union([ipv4Value, ipv6Value])
  .refine(isGroupAddress, { error: 'must be a multicast address' });

export const multicastGroupEntry: z.ZodType<Records['transit-gateway-multicast-group-entry']> =
  z.strictObject({
    id: name,
    domainId: name,
    transitGatewayId: name,
    group: groupAddress,
    networkInterfaceId: name,
    role: z.enum(['member', 'source']),
    origin: z.enum(['static', 'igmp']),
  });

export const igmpHost: z.ZodType<Records['transit-gateway-igmp-host']> = z.strictObject({
  id: name,
  domainId: name,
  networkInterfaceId: name,
  answeredAt: time,
  silentSince: time.exactOptional(),
});
