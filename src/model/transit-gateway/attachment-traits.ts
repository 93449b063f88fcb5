/** What attachments of each kind can do, and ask of their gateway. */
import type { TransitGatewayAttachment } from './attachment.ts';

export interface AttachmentTraits {
  /** C-061, C-086: it may fill tables with routes. */
  readonly propagates: boolean;
  /** C-072 */
  readonly takesStaticRoutes: boolean;
  /** C-016 */
  readonly supportsEncryption: boolean;
  /** C-005: whoever is at the other end knows the gateway's number. */
  readonly fixesAsn: boolean;
  /** C-089 */
  readonly carriesConnect: boolean;
}

const TRAITS: Readonly<Record<TransitGatewayAttachment['resourceType'], AttachmentTraits>> = {
  vpc: {
    propagates: true,
    takesStaticRoutes: true,
    supportsEncryption: true,
    fixesAsn: false,
    carriesConnect: true,
  },
  vpn: {
    propagates: true,
    takesStaticRoutes: true,
    supportsEncryption: true,
    fixesAsn: true,
    carriesConnect: false,
  },
  connect: {
    propagates: true,
    takesStaticRoutes: false,
    supportsEncryption: false,
    fixesAsn: true,
    carriesConnect: false,
  },
  'direct-connect-gateway': {
    propagates: true,
    takesStaticRoutes: true,
    supportsEncryption: true,
    fixesAsn: true,
    carriesConnect: true,
  },
  peering: {
    propagates: false,
    takesStaticRoutes: true,
    supportsEncryption: false,
    fixesAsn: false,
    carriesConnect: false,
  },
};

export function traitsOf({
  resourceType,
}: Pick<TransitGatewayAttachment, 'resourceType'>): AttachmentTraits {
  return TRAITS[resourceType];
}
