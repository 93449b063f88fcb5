/** Both ends of a planned session, as speakers are told of them. */
import type { PlannedSession, SessionEnd } from '../../control/hybrid/session-plan.ts';
import type { Site } from '../../model/hybrid/site.ts';
import { familyOf, type Ip } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import type { PeerConfiguration } from '../../services/bgp/configuration.ts';

export interface AwsEndOptions {
  /** The device is another program, over TCP of this machine: AWS calls it. */
  readonly external: boolean;
  /** Whether AWS's limits on prefixes hold. */
  readonly limited: boolean;
}

/** AWS waits for the device to call (H-020). */
export function awsEnd(plan: PlannedSession, options: AwsEndOptions): PeerConfiguration {
  const { aws, customer, families, prefixesMax, block } = plan;
  const { external, limited } = options;
  return {
    asn: customer.asn,
    address: customer.address,
    families,
    nextHops: nextHopsOf(aws),
    passive: !external,
    holdSeconds: plan.holdSeconds,
    holdRequired: plan.holdRequired,
    ...(limited && { prefixLimits: { 4: prefixesMax, 6: prefixesMax } }),
    localPreference: plan.localPreference,
    defaultMed: plan.defaultMed,
    // A program of this machine has addresses of its own.
    ...(block !== undefined && !external && { sharedSubnets: [block] }),
    loopback: external,
    externalOriginOnly: plan.externalOriginOnly,
    ...(external && { connectRetrySeconds: 2 }),
  };
}

/** The device at a site: an ordinary router, which expects what it was set up for (H-031). */
export function siteEnd(
  { aws, customer, families, holdSeconds, linkId }: PlannedSession,
  { neighborAsns }: Pick<Site, 'neighborAsns'>,
) {
  return {
    asn: neighborAsns[linkId] ?? aws.asn,
    address: aws.address,
    families,
    nextHops: nextHopsOf(customer),
    holdSeconds,
    connectRetrySeconds: 5,
  } satisfies PeerConfiguration;
}

function nextHopsOf({ address, others }: SessionEnd): PeerConfiguration['nextHops'] {
  const all: readonly Ip[] = [address, ...others];
  const four = all.find((one) => familyOf(one) === 4) as Ipv4 | undefined;
  const six = all.find((one) => familyOf(one) === 6) as Ipv6 | undefined;
  return { ...(four !== undefined && { 4: four }), ...(six !== undefined && { 6: six }) };
}
