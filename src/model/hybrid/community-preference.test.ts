import { describe, expect, it } from 'vitest';
import {
  makeConnection,
  makeGateway,
  makePrivate,
} from '../../../test/support/direct-connect-fixture.ts';
import { testCloud } from '../../../test/support/test-cloud.ts';
import { learned } from '../../../test/support/vpn-fixture.ts';
import { parseCidr } from '../../net/cidr.ts';
import { communityPreference, PREFERENCE, seenFrom } from './community-preference.ts';
import type { LearnedRoute } from './learned-route.ts';

const { low, far, medium, high } = PREFERENCE;

/** A route over a link, with tags of the customer's. */
function route(linkId: string, tags: readonly number[] = []): LearnedRoute {
  const { destination, path } = learned(parseCidr('192.168.0.0/16')!);
  const communities = tags.map((tag) => 7224 * 65_536 + tag);
  const attributes = { ...path.attributes, communities };
  const localPreference = communityPreference(attributes);
  const liked = { ...path, attributes, localPreference };
  return { id: 'r', sessionId: 's', linkId, destination, path: liked };
}

describe('how a prefix of Direct Connect is liked', () => {
  it('H-082 another Region’s location is below medium and above low', () => {
    expect([low, far, medium, high]).toEqual([low, far, medium, high].toSorted((a, b) => a - b));
    expect(new Set([low, far, medium, high]).size).toBe(4);
  });

  // That a tag holds wherever the location is, is our reading: the customer has said what he wants.
  it.each([
    [[], medium, far],
    [[7100], low, low],
    [[7200], medium, medium],
    [[7300], high, high],
    [[9300], medium, far],
  ])('H-082 with tags %j it is %d in its Region, %d in another', async (tags, near, away) => {
    const test = await testCloud();
    const dx = test.directConnect();
    const directConnectGatewayId = await makeGateway(dx);
    const made = await makePrivate(dx, await makeConnection(dx), { directConnectGatewayId });
    const told = route(made.virtualInterfaceId!, tags);
    const seen = (region: string) => seenFrom(test.cloud.model, region, told).path.localPreference;
    expect([seen('us-east-1'), seen('eu-west-1')]).toEqual([near, away]);
  });

  it('H-082 what comes by a tunnel is of no Region', async () => {
    const { cloud } = await testCloud();
    const told = route('vpn-0|192.0.2.1');
    expect(seenFrom(cloud.model, 'eu-west-1', told)).toBe(told);
  });
});
