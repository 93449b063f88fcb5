/** What a site cannot be: by itself, and beside others. */
import { type Cidr, containsIp, formatCidr, hostCidr } from '../../net/cidr.ts';
import { formatIp, type Ip } from '../../net/ip.ts';
import { specialUse } from '../../net/special-use.ts';
import { SITE_LIMITS } from '../limits.ts';
import type { ModelReader } from '../model.ts';
import type { Site } from './site.ts';

export interface SiteFault {
  readonly code: 'InvalidParameterValue' | 'SiteLimitExceeded' | 'SiteUplinkInUse' | 'SiteTapInUse';
  readonly message: string;
}

const SITE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const TAP_NAME = /^[A-Za-z0-9._-]{1,15}$/;

/** A name is part of a path, and of `site:NAME/ADDRESS`. */
export function isSiteName(name: string): boolean {
  return SITE_NAME.test(name);
}

/** Of a Linux interface, which has a folder of that name in /sys. */
export function isTapName(name: string): boolean {
  return TAP_NAME.test(name) && name !== '.' && name !== '..';
}

type Draft = Pick<Site, 'id' | 'prefixes' | 'hosts' | 'tap'>;

/** The first thing that is wrong with a site by itself. */
export function siteFault({ id, prefixes, hosts, tap }: Draft): SiteFault | undefined {
  if (!isSiteName(id)) return invalid(`The name '${id}' is none of a site.`);
  if (tap !== undefined && !isTapName(tap)) {
    return invalid(`The tap '${tap}' is no name of a Linux interface.`);
  }
  const shown = { prefixes: prefixes.map(formatCidr), hosts: hosts.map(formatIp) };
  return (
    tooMany(shown) ??
    repeated(shown) ??
    reserved('prefix', prefixes, formatCidr) ??
    reserved('host', hosts.map(hostCidr), ({ address }) => formatIp(address)) ??
    strayHost(prefixes, hosts)
  );
}

function invalid(message: string): SiteFault {
  return { code: 'InvalidParameterValue', message };
}

type Shown = Readonly<Record<'prefixes' | 'hosts', readonly string[]>>;

function tooMany(shown: Shown): SiteFault | undefined {
  for (const what of ['prefixes', 'hosts'] as const) {
    const [most, { length }] = [SITE_LIMITS[what], shown[what]];
    const message = `A site has at most ${most} ${what}, not ${length}.`;
    if (length > most) return { code: 'SiteLimitExceeded', message };
  }
  return undefined;
}

function repeated(shown: Shown): SiteFault | undefined {
  for (const what of ['prefixes', 'hosts'] as const) {
    const seen = new Set<string>();
    const twice = shown[what].find((one) => seen.size === seen.add(one).size);
    if (twice !== undefined) return invalid(`The ${what} have ${twice} twice.`);
  }
  return undefined;
}

/** Nobody is reached there, and no router announces it. */
function reserved(
  what: 'prefix' | 'host',
  blocks: readonly Cidr[],
  format: (block: Cidr) => string,
): SiteFault | undefined {
  for (const block of blocks) {
    const use = specialUse(block);
    if (use !== undefined) return invalid(`The ${what} ${format(block)} is reserved: ${use}.`);
  }
  return undefined;
}

function strayHost(prefixes: readonly Cidr[], hosts: readonly Ip[]): SiteFault | undefined {
  const stray = hosts.find((host) => !prefixes.some((block) => containsIp(block, host)));
  if (stray === undefined) return undefined;
  const all = prefixes.map(formatCidr).join(', ') || 'there are none';
  return invalid(`The host ${formatIp(stray)} is in none of the prefixes (${all}).`);
}

/** What another site has already: a place, or a Linux interface as its data plane. */
export function siteConflict(
  reader: ModelReader,
  { id, uplink, tap }: Pick<Site, 'id' | 'uplink' | 'tap'>,
): SiteFault | undefined {
  const there = reader.by('site', 'uplink', uplink.id).find((other) => other.id !== id);
  if (there !== undefined) {
    const message = `The site '${there.id}' stands behind ${uplink.id}.`;
    return { code: 'SiteUplinkInUse', message };
  }
  if (tap === undefined) return undefined;
  const holder = [...reader.all('site')].find((other) => other.id !== id && other.tap === tap);
  if (holder === undefined) return undefined;
  return { code: 'SiteTapInUse', message: `The tap '${tap}' is that of the site '${holder.id}'.` };
}
