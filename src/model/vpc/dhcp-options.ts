import { type Ip, parseIp } from '../../net/ip.ts';
import type { ModelReader } from '../model.ts';
import type { Owned } from '../resource.ts';
import type { Vpc } from './vpc.ts';

export interface DhcpConfiguration {
  readonly key: string;
  readonly values: readonly string[];
}

export interface DhcpOptions extends Owned {
  /** AWS's own set of the account and Region: what new VPCs have. */
  readonly isDefault: boolean;
  readonly configurations: readonly DhcpConfiguration[];
}

/** In place of a set's id: the VPC has none. */
export const DEFAULT_DHCP = 'default';
/** In a list of name servers: the VPC's resolver. */
export const AMAZON_DNS = 'AmazonProvidedDNS';

/**
 * The name servers that hosts of a VPC use, in order. A VPC without a set, or whose set lists none,
 * has AWS's resolver (VPCUG:DHCPOptionSetConcepts, of Nitro instances).
 */
export function nameServersOf(reader: ModelReader, vpc: Vpc): readonly ('amazon' | Ip)[] {
  const listed = valuesOf(reader, vpc, 'domain-name-servers');
  if (listed.length === 0) return ['amazon'];
  return listed.map((value) => (value === AMAZON_DNS ? 'amazon' : parseIp(value)!));
}

/** The domains that complete a name of one label, in order. */
export function searchDomainsOf(reader: ModelReader, vpc: Vpc): readonly string[] {
  return valuesOf(reader, vpc, 'domain-name').flatMap((value) => value.split(' ').filter(Boolean));
}

function valuesOf(reader: ModelReader, { dhcpOptionsId }: Vpc, wanted: string): readonly string[] {
  const options = reader.get('dhcp-options', dhcpOptionsId);
  return options?.configurations.find(({ key }) => key === wanted)?.values ?? [];
}
