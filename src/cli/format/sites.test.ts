import { expect, it } from 'vitest';
import type { SessionView, SiteView } from '../../server/site-view.ts';
import { formatSites } from './sites.ts';

const session = (
  state: SessionView['state'],
  awsAddress: string,
  reason?: string,
): SessionView => ({
  ...{ id: `s|${awsAddress}`, state, awsAddress, customerAddress: '169.254.6.1' },
  ...{ awsAsn: 64_512, acceptedRoutes: 2 },
  ...(reason !== undefined && { lastError: { reason } }),
});
const nothing = { prefixes: [], hosts: [], links: [], routes: [] };
const dc: SiteView = {
  ...nothing,
  ...{ name: 'dc', customerGatewayId: 'cgw-1', asn: 65_010, prefixes: ['192.168.0.0/16'] },
  hosts: ['192.168.1.10'],
  links: [
    { id: 'vpn-1|52.24.0.1', state: 'unreachable', ipsec: 'up', bgp: [] },
    {
      ...{ id: 'vpn-1|52.24.0.12', state: 'up', ipsec: 'up' },
      bgp: [session('Established', '169.254.6.9', 'hold timer expired')],
    },
  ],
  routes: [
    { destination: '10.0.0.0/8', links: ['vpn-1|52.24.0.12'], asPath: '64512', med: 100 },
    { destination: '10.128.0.0/16', links: ['a', 'b'] },
  ],
};
const branch: SiteView = {
  ...nothing,
  ...{ name: 'branch', connectPeerId: 'tgw-connect-peer-1', asn: 65_020 },
  ...{ bgp: { connect: '127.0.0.1:1790' }, tap: 'tap0' },
  links: [
    {
      ...{ id: 'tgw-connect-peer-1', state: 'up' },
      bgp: [
        session('Active', '169.254.6.2', 'connection refused'),
        session('Established', '169.254.6.3'),
      ],
    },
  ],
};

it('sites are shown with what joins them to AWS', () => {
  expect(`\n${formatSites([dc, branch])}\n`).toBe(`
dc (AS 65010) behind cgw-1
  prefix  192.168.0.0/16
  host    192.168.1.10
  link    vpn-1|52.24.0.1   unreachable  IPsec up
  link    vpn-1|52.24.0.12  up           IPsec up  BGP 169.254.6.9 Established, 2 accepted
  route   10.0.0.0/8     by vpn-1|52.24.0.12  AS path 64512  MED 100
  route   10.128.0.0/16  by a, b
branch (AS 65020) behind tgw-connect-peer-1
  router  127.0.0.1:1790
  tap     tap0
  link    tgw-connect-peer-1  up  BGP 169.254.6.2 Active, last error: connection refused
  link    tgw-connect-peer-1  up  BGP 169.254.6.3 Established, 2 accepted
`);
});

it('no sites are said to be none', () => {
  expect(formatSites([])).toBe('there is no site');
});
