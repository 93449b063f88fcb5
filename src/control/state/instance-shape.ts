import { z } from 'zod';
import type { Records } from '../../model/schema.ts';
import { hostnameType } from './network-shapes.ts';
import { name, owned, text, time, whole } from './values.ts';

const able = z.enum(['disabled', 'enabled']);

export const instance: z.ZodType<Records['instance']> = z.strictObject({
  ...owned,
  reservationId: name,
  launchIndex: whole(),
  state: z.enum(['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped']),
  stateReason: z.strictObject({ code: text, message: text }).exactOptional(),
  stateTransitionReason: text,
  instanceType: name,
  imageId: name,
  keyName: text.exactOptional(),
  userData: text.exactOptional(),
  vpcId: name,
  subnetId: name,
  zoneId: name,
  tenancy: z.enum(['default', 'dedicated']),
  launchTime: time,
  disableApiTermination: z.boolean(),
  disableApiStop: z.boolean(),
  shutdownBehavior: z.enum(['stop', 'terminate']),
  ebsOptimized: z.boolean(),
  monitoring: z.boolean(),
  autoRecovery: z.enum(['default', 'disabled']),
  metadataOptions: z.strictObject({
    httpTokens: z.enum(['optional', 'required']),
    httpPutResponseHopLimit: whole(),
    httpEndpoint: able,
    httpProtocolIpv6: able,
    instanceMetadataTags: able,
  }),
  instanceProfile: z.strictObject({ arn: text, id: text }).exactOptional(),
  hostnameType,
  enableResourceNameDnsARecord: z.boolean(),
  enableResourceNameDnsAaaaRecord: z.boolean(),
  autoAssignPublicAddress: z.boolean(),
  clientToken: text.exactOptional(),
});
