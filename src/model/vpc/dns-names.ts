/** Amazon's names of private and public addresses, both ways. */
import { formatIpv4, type Ipv4, parseIpv4 } from '../../net/ipv4.ts';
import { DEFAULT_REGION, isRegion } from '../region.ts';
import type { HostnameType } from './subnet.ts';
import type { Vpc } from './vpc.ts';

/** `ec2.internal` in us-east-1, `REGION.compute.internal` elsewhere. */
export function privateDomain(region: string): string {
  return region === DEFAULT_REGION ? 'ec2.internal' : `${region}.compute.internal`;
}

/** `compute-1.amazonaws.com` in us-east-1, `REGION.compute.amazonaws.com` elsewhere. */
export function publicDomain(region: string): string {
  return region === DEFAULT_REGION ? 'compute-1.amazonaws.com' : `${region}.compute.amazonaws.com`;
}

/** ip-10-0-0-5.ec2.internal */
export function privateIpName(address: Ipv4, region: string): string {
  return `ip-${dashed(address)}.${privateDomain(region)}`;
}

/** i-0123456789abcdef0.ec2.internal */
export function privateResourceName(instanceId: string, region: string): string {
  return `${instanceId}.${privateDomain(region)}`;
}

/** ec2-198-51-100-7.compute-1.amazonaws.com */
export function publicIpName(address: Ipv4, region: string): string {
  return `ec2-${dashed(address)}.${publicDomain(region)}`;
}

/** An instance's own name, by its hostname type; the empty string where it has none. */
export function privateHostname(
  host: { readonly id: string; readonly region: string; readonly hostnameType: HostnameType },
  address: Ipv4 | undefined,
): string {
  if (host.hostnameType === 'resource-name') return privateResourceName(host.id, host.region);
  return address === undefined ? '' : privateIpName(address, host.region);
}

/** public names are given, and Amazon's names resolve, only when both attributes are on. */
export function givesDnsNames(vpc: Vpc): boolean {
  return vpc.enableDnsSupport && vpc.enableDnsHostnames;
}

/** What a name of Amazon's stands for. */
export type AmazonName =
  | { readonly kind: 'private-ip'; readonly region: string; readonly address: Ipv4 }
  | { readonly kind: 'instance'; readonly region: string; readonly instanceId: string }
  | { readonly kind: 'public-ip'; readonly region: string; readonly address: Ipv4 };

/** Reads a name in any case, with or without the final dot; undefined for any other name. */
export function parseAmazonName(name: string): AmazonName | undefined {
  const text = name.toLowerCase().replace(/\.$/, '');
  const dot = text.indexOf('.');
  if (dot < 0) return undefined;
  const label = text.slice(0, dot);
  const domain = text.slice(dot + 1);
  const privateRegion = regionOf(domain, 'ec2.internal', '.compute.internal');
  if (privateRegion !== undefined) return parsePrivateLabel(label, privateRegion);
  const region = regionOf(domain, 'compute-1.amazonaws.com', '.compute.amazonaws.com');
  const address = region === undefined ? undefined : undashed(label, 'ec2-');
  if (region === undefined || address === undefined) return undefined;
  return { kind: 'public-ip', region, address };
}

function parsePrivateLabel(label: string, region: string): AmazonName | undefined {
  if (/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(label)) {
    return { kind: 'instance', region, instanceId: label };
  }
  const address = undashed(label, 'ip-');
  return address === undefined ? undefined : { kind: 'private-ip', region, address };
}

/** The Region of a domain: us-east-1 has one of its own and not the others' form. */
function regionOf(domain: string, first: string, suffix: string): string | undefined {
  if (domain === first) return DEFAULT_REGION;
  if (!domain.endsWith(suffix)) return undefined;
  const region = domain.slice(0, -suffix.length);
  return region !== DEFAULT_REGION && isRegion(region) ? region : undefined;
}

function dashed(address: Ipv4): string {
  return formatIpv4(address).replaceAll('.', '-');
}

function undashed(label: string, prefix: string): Ipv4 | undefined {
  if (!label.startsWith(prefix)) return undefined;
  const digits = label.slice(prefix.length);
  return digits.includes('.') ? undefined : parseIpv4(digits.replaceAll('-', '.'));
}
