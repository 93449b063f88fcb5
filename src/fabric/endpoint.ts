/** Where frames enter the fabric and leave it: a guest, the Internet outside, a VPC's resolver. */
export type Endpoint =
  | { readonly kind: 'interface'; readonly id: string }
  | { readonly kind: 'internet' }
  | { readonly kind: 'resolver'; readonly vpcId: string };

export function endpointKey(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case 'interface':
      return endpoint.id;
    case 'internet':
      return 'internet';
    case 'resolver':
      return `resolver|${endpoint.vpcId}`;
  }
}
