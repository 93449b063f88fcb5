/** Shapes of a VPC and its parts. */
import { z } from 'zod';
import type { Records } from '../../model/schema.ts';
import {
  account,
  anyCidr,
  cidr4,
  cidr6,
  ipv4Value,
  ipv6Value,
  macValue,
  name,
  owned,
  text,
  time,
  traffic,
  whole,
} from './values.ts';

const cidrAssociation = <T>(cidr: z.ZodType<T>) =>
  z.strictObject({
    associationId: name,
    cidr,
    state: z.enum([
      'associating',
      'associated',
      'disassociating',
      'disassociated',
      'failing',
      'failed',
    ]),
  });

export const vpc: z.ZodType<Records['vpc']> = z.strictObject({
  ...owned,
  state: z.enum(['pending', 'available']),
  isDefault: z.boolean(),
  cidrs: z.array(cidrAssociation(cidr4)).min(1),
  ipv6Cidrs: z.array(cidrAssociation(cidr6)),
  instanceTenancy: z.enum(['default', 'dedicated']),
  enableDnsSupport: z.boolean(),
  enableDnsHostnames: z.boolean(),
  enableNetworkAddressUsageMetrics: z.boolean(),
  dhcpOptionsId: name,
});

export const hostnameType = z.enum(['ip-name', 'resource-name']);

export const subnet: z.ZodType<Records['subnet']> = z.strictObject({
  ...owned,
  vpcId: name,
  zoneId: name,
  state: z.enum(['pending', 'available']),
  cidr: cidr4.exactOptional(),
  ipv6Cidrs: z.array(cidrAssociation(cidr6)),
  mapPublicIpOnLaunch: z.boolean(),
  assignIpv6AddressOnCreation: z.boolean(),
  defaultForAz: z.boolean(),
  enableDns64: z.boolean(),
  hostnameType,
  enableResourceNameDnsARecord: z.boolean(),
  enableResourceNameDnsAaaaRecord: z.boolean(),
});

export const addressCursor: z.ZodType<Records['address-cursor']> = z.strictObject({
  id: name,
  offset: whole(0x1_0000_0000),
});

export const routeTable: z.ZodType<Records['route-table']> = z.strictObject({
  ...owned,
  vpcId: name,
});

export const routeTableAssociation: z.ZodType<Records['route-table-association']> = z.strictObject({
  id: name,
  routeTableId: name,
  vpcId: name,
  main: z.boolean(),
  subnetId: name.exactOptional(),
  gatewayId: name.exactOptional(),
});

const target = <const K extends string>(kind: K) =>
  z.strictObject({ kind: z.literal(kind), id: name });

const resourceTarget = z.discriminatedUnion('kind', [
  target('internet-gateway'),
  target('vpn-gateway'),
  target('network-interface'),
  target('nat-gateway'),
  target('egress-only-internet-gateway'),
  target('vpc-peering-connection'),
  target('transit-gateway'),
]);

export const prefixListRoute: z.ZodType<Records['prefix-list-route']> = z.strictObject({
  id: name,
  routeTableId: name,
  prefixListId: name,
  target: resourceTarget,
});

export const route: z.ZodType<Records['route']> = z.strictObject({
  id: name,
  routeTableId: name,
  destination: anyCidr,
  target: z.union([z.strictObject({ kind: z.literal('local') }), resourceTarget]),
  origin: z.enum(['CreateRouteTable', 'CreateRoute', 'EnableVgwRoutePropagation']),
});

export const networkAcl: z.ZodType<Records['network-acl']> = z.strictObject({
  ...owned,
  vpcId: name,
  isDefault: z.boolean(),
  entries: z.array(
    z.strictObject({
      ...traffic,
      ruleNumber: whole(32_767),
      egress: z.boolean(),
      action: z.enum(['allow', 'deny']),
      cidr: anyCidr,
    }),
  ),
});

export const networkAclAssociation: z.ZodType<Records['network-acl-association']> = z.strictObject({
  id: name,
  networkAclId: name,
  subnetId: name,
});

export const securityGroup: z.ZodType<Records['security-group']> = z.strictObject({
  ...owned,
  vpcId: name,
  groupName: name,
  description: text,
});

export const securityGroupRule: z.ZodType<Records['security-group-rule']> = z.strictObject({
  ...owned,
  ...traffic,
  groupId: name,
  egress: z.boolean(),
  peer: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('cidr'), cidr: anyCidr }),
    z.strictObject({
      kind: z.literal('prefix-list'),
      prefixListId: name,
      family: z.literal([4, 6]),
    }),
    z.strictObject({
      kind: z.literal('group'),
      groupId: name,
      account,
      vpcId: name,
      peeringConnectionId: name.exactOptional(),
    }),
  ]),
  description: text.exactOptional(),
});

const attachment = z.strictObject({
  id: name,
  instanceId: name,
  deviceIndex: whole(255),
  deleteOnTermination: z.boolean(),
  status: z.enum(['attaching', 'attached', 'detaching', 'detached']),
  attachTime: time,
});

export const networkInterface: z.ZodType<Records['network-interface']> = z.strictObject({
  ...owned,
  vpcId: name,
  subnetId: name,
  mac: macValue,
  status: z.enum(['pending', 'available', 'associated', 'attaching', 'in-use', 'detaching']),
  interfaceType: name,
  description: text,
  requesterManaged: z.boolean(),
  addresses: z.array(
    z.strictObject({
      address: ipv4Value,
      primary: z.boolean(),
      publicAddress: ipv4Value.exactOptional(),
      elastic: z.strictObject({ allocationId: name, associationId: name }).exactOptional(),
    }),
  ),
  ipv6Addresses: z.array(ipv6Value),
  ipv4Prefixes: z.array(cidr4),
  ipv6Prefixes: z.array(cidr6),
  groupIds: z.array(name),
  sourceDestCheck: z.boolean(),
  connectionTracking: z.strictObject({
    tcpEstablishedTimeout: whole(432_000).exactOptional(),
    udpTimeout: whole(60).exactOptional(),
    udpStreamTimeout: whole(180).exactOptional(),
  }),
  attachment: attachment.exactOptional(),
});

export const elasticAddress: z.ZodType<Records['elastic-ip']> = z.strictObject({
  ...owned,
  publicIp: ipv4Value,
  ptrRecord: text.exactOptional(),
});

export const addressTransfer: z.ZodType<Records['address-transfer']> = z.strictObject({
  ...owned,
  allocationId: name,
  publicIp: ipv4Value,
  transferAccount: account,
  expiresAt: time,
  acceptedAt: time.exactOptional(),
});

export const natGateway: z.ZodType<Records['natgateway']> = z.strictObject({
  ...owned,
  vpcId: name,
  subnetId: name,
  zoneId: name,
  connectivityType: z.enum(['public', 'private']),
  state: z.enum(['pending', 'failed', 'available', 'deleting', 'deleted']),
  createTime: time,
  deleteTime: time.exactOptional(),
  failure: z.strictObject({ code: name, message: text }).exactOptional(),
  networkInterfaceId: name.exactOptional(),
  addresses: z.array(
    z.strictObject({
      privateAddress: ipv4Value,
      primary: z.boolean(),
      status: z.enum(['assigning', 'unassigning', 'associating', 'disassociating', 'succeeded']),
      elastic: z
        .strictObject({ allocationId: name, associationId: name, publicIp: ipv4Value })
        .exactOptional(),
    }),
  ),
});

export const egressOnlyInternetGateway: z.ZodType<Records['egress-only-internet-gateway']> =
  z.strictObject({ ...owned, vpcId: name });

export const internetGateway: z.ZodType<Records['internet-gateway']> = z.strictObject({
  ...owned,
  attachment: z
    .strictObject({ vpcId: name, state: z.enum(['attaching', 'available', 'detaching']) })
    .exactOptional(),
});

export const dhcpOptions: z.ZodType<Records['dhcp-options']> = z.strictObject({
  ...owned,
  isDefault: z.boolean(),
  configurations: z.array(z.strictObject({ key: name, values: z.array(text) })),
});
