/** Where customers can reach AWS: a few locations of AWS's list, and one for any other Region. */

export interface DirectConnectLocation {
  readonly code: string;
  readonly name: string;
  readonly region: string;
}

const KNOWN: readonly DirectConnectLocation[] = [
  { code: 'EqDC2', name: 'Equinix DC2/DC11, Ashburn, VA', region: 'us-east-1' },
  { code: 'CSVA1', name: 'CoreSite VA1, Reston, VA', region: 'us-east-1' },
  { code: 'EqCH2', name: 'Equinix CH2, Chicago, IL', region: 'us-east-2' },
  { code: 'EqSV5', name: 'Equinix SV5, San Jose, CA', region: 'us-west-1' },
  { code: 'EqSe2', name: 'Equinix SE2, Seattle, WA', region: 'us-west-2' },
  { code: 'EqLA3', name: 'Equinix LA3, El Segundo, CA', region: 'us-west-2' },
  { code: 'EqDB1', name: 'Equinix DB1, Dublin, IRL', region: 'eu-west-1' },
  { code: 'EqLD5', name: 'Equinix LD5, Slough, GBR', region: 'eu-west-2' },
  { code: 'EqFA5', name: 'Equinix FR5, Frankfurt, DEU', region: 'eu-central-1' },
  { code: 'EqTY2', name: 'Equinix TY2, Tokyo, JPN', region: 'ap-northeast-1' },
  { code: 'EqSG2', name: 'Equinix SG2, Singapore, SGP', region: 'ap-southeast-1' },
  { code: 'EqSY3', name: 'Equinix SY3, Sydney, AUS', region: 'ap-southeast-2' },
];

export function locationsOf(region: string): readonly DirectConnectLocation[] {
  const known = KNOWN.filter((one) => one.region === region);
  if (known.length > 0) return known;
  return [{ code: `openvpc-${region}`, name: `A location of ${region}`, region }];
}

/** Of a dedicated connection. */
export const PORT_SPEEDS = ['1Gbps', '10Gbps', '100Gbps', '400Gbps'] as const;
/** Of a hosted connection. */
export const HOSTED_SPEEDS = [
  ...['50Mbps', '100Mbps', '200Mbps', '300Mbps', '400Mbps', '500Mbps'],
  ...['1Gbps', '2Gbps', '5Gbps', '10Gbps', '25Gbps'],
] as const;

/** H-054: connections of a LAG at most. */
export function membersPerLag(bandwidth: string): number {
  return bandwidth === '100Gbps' || bandwidth === '400Gbps' ? 2 : 4;
}
