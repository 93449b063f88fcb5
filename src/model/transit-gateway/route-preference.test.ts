import { describe, expect, it } from 'vitest';
import { parseCidr } from '../../net/cidr.ts';
import {
  type AttachmentResourceType,
  type PropagatedTransitGatewayRoute,
  preferredRoute,
  type StaticTransitGatewayRoute,
} from './route.ts';

const PLACE = {
  transitGatewayId: 'tgw-1',
  routeTableId: 'tgw-rtb-1',
  destination: parseCidr('192.168.0.0/16')!,
};

const propagated = (
  resourceType: AttachmentResourceType,
  attachmentId: string,
): PropagatedTransitGatewayRoute => ({
  id: attachmentId,
  ...PLACE,
  type: 'propagated',
  attachmentId,
  resourceType,
  suppressed: false,
});
const made: StaticTransitGatewayRoute = { id: 'static', ...PLACE, type: 'static' };

describe('of several routes of a transit gateway to one block', () => {
  it('C-064 a VPC’s goes before a VPN’s, and that before a peering’s', () => {
    const vpc = propagated('vpc', 'tgw-attach-c');
    const vpn = propagated('vpn', 'tgw-attach-b');
    const peering = propagated('peering', 'tgw-attach-a');
    expect(preferredRoute([peering, vpn, vpc])).toBe(vpc);
    expect(preferredRoute([vpn, peering])).toBe(vpn);
    expect(preferredRoute([peering, vpn])).toBe(vpn);
    expect(preferredRoute([peering])).toBe(peering);
  });

  it('C-064 the static one goes before all of them', () => {
    expect(preferredRoute([propagated('vpc', 'a'), made, propagated('vpn', 'b')])).toBe(made);
  });

  it('of one kind the choice does not depend on their order', () => {
    const [one, other] = [propagated('vpn', 'tgw-attach-1'), propagated('vpn', 'tgw-attach-2')];
    expect(preferredRoute([one, other])).toBe(one);
    expect(preferredRoute([other, one])).toBe(one);
  });
});
