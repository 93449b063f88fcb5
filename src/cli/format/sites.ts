/** Sites as people read them: what lies there, and how it is joined to AWS. */
import type { LinkView, SessionView, SiteView } from '../../server/site-view.ts';
import { columns } from './columns.ts';

export function formatSites(sites: readonly SiteView[]): string {
  if (sites.length === 0) return 'there is no site';
  return sites.map(formatSite).join('\n');
}

function formatSite(site: SiteView): string {
  const { name, asn, prefixes, hosts, bgp, tap, links, routes } = site;
  const uplink = site.customerGatewayId ?? site.virtualInterfaceId ?? site.connectPeerId ?? '';
  const rows = [
    ...prefixes.map((prefix) => ['prefix', prefix]),
    ...hosts.map((host) => ['host', host]),
    ...(bgp === undefined ? [] : [['router', bgp.connect]]),
    ...(tap === undefined ? [] : [['tap', tap]]),
    ...links.flatMap(linkRows),
    ...routes.map((route) => [
      'route',
      route.destination,
      `by ${route.links.join(', ')}`,
      ...(route.asPath === undefined ? [] : [`AS path ${route.asPath}`]),
      ...(route.med === undefined ? [] : [`MED ${route.med}`]),
    ]),
  ];
  const head = `${name} (AS ${asn}) behind ${uplink}`;
  return [head, ...ofKind(rows).map((line) => `  ${line}`)].join('\n');
}

/** Rows of links are wide, and so are those of routes: each kind has columns of its own. */
function ofKind(rows: readonly (readonly string[])[]): string[] {
  const kinds = Map.groupBy(rows, ([kind = '']) => kind);
  const width = Math.max(0, ...[...kinds.keys()].map(({ length }) => length));
  return [...kinds.values()].flatMap((all) =>
    columns(all.map(([kind = '', ...cells]) => [kind.padEnd(width), ...cells])),
  );
}

/** A line a session; a link without one has a line too. */
function linkRows(link: LinkView): string[][] {
  const { id, state, ipsec, bgp } = link;
  const head = ['link', id, state, ...(ipsec === undefined ? [] : [`IPsec ${ipsec}`])];
  return bgp.length === 0 ? [head] : bgp.map((session) => [...head, sessionText(session)]);
}

/** Of a session that is up, an earlier end of it is history: `GET /sites` has it still. */
function sessionText({ awsAddress, state, acceptedRoutes, lastError }: SessionView): string {
  const session = `BGP ${awsAddress} ${state}`;
  if (state === 'Established') return `${session}, ${acceptedRoutes} accepted`;
  return lastError === undefined ? session : `${session}, last error: ${lastError.reason}`;
}
