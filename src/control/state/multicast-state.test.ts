import { beforeAll, describe, expect, it } from 'vitest';
import {
  attachNumberedVpc,
  joinDomain,
  makeDomain,
  makeMulticastScene,
} from '../../../test/support/multicast-fixture.ts';
import {
  asJson,
  type SpoiltRecord,
  set,
  withSpoilt,
} from '../../../test/support/state-document.ts';
import { ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import type { Kind } from '../../model/schema.ts';
import { parseIpv4 } from '../../net/ipv4.ts';
import { hearIgmp } from '../transit-gateway/multicast-igmp.ts';
import { parseState, type StateDocument } from './document.ts';
import { replaceState } from './replace.ts';
import { resetAccount } from './reset-account.ts';

/** Domains with and without IGMP, members of both kinds, a source. */
async function filledCloud() {
  const test = await testCloud();
  const ec2 = test.ec2();
  const { gatewayId, domainId, enis } = await makeMulticastScene(
    ec2,
    { Igmpv2Support: 'enable' },
    2,
  );
  await test.cloud.execute((tx) =>
    hearIgmp(tx, {
      kind: 'join',
      domainId,
      networkInterfaceId: enis[0]!,
      group: parseIpv4('224.0.1.5')!,
    }),
  );
  await ec2.registerTransitGatewayMulticastGroupMembers({
    TransitGatewayMulticastDomainId: domainId,
    GroupIpAddress: 'ff0e::5',
    NetworkInterfaceIds: [...enis],
  });
  await makeDomain(ec2, gatewayId, { StaticSourcesSupport: 'enable' });
  await test.advance(120_000);
  return { ...test, gatewayId };
}

let document: StateDocument;
beforeAll(async () => {
  document = asJson((await filledCloud()).cloud);
});

const KINDS = [
  'transit-gateway-multicast-domain',
  'transit-gateway-multicast-domain-association',
  'transit-gateway-multicast-group-entry',
  'transit-gateway-igmp-host',
] as const satisfies readonly Kind[];

describe('multicast domains in a document', () => {
  it('carry over, and go on where they were', async () => {
    for (const kind of KINDS) expect(document.records[kind], kind).not.toEqual([]);
    const { cloud, advance } = await testCloud({ seed: 2 });
    await cloud.execute((tx) => replaceState(tx, parseState(document)));
    expect(asJson(cloud)).toEqual(document);
    // Its queries go on; nobody answers here.
    await advance(7 * 60_000);
    const origins = [...cloud.model.all('transit-gateway-multicast-group-entry')].map(
      ({ origin }) => origin,
    );
    expect(origins).toEqual(['static', 'static']);
  });

  const both = { igmpv2Support: true, staticSourcesSupport: true };
  const [DOMAIN, ASSOCIATION, ENTRY, HOST] = KINDS;

  it.each<[string, Kind, SpoiltRecord, RegExp]>([
    ['a state of nobody', DOMAIN, set('state', 'asleep'), /state/],
    [
      'C-115 IGMP and static sources',
      DOMAIN,
      set('options', { ...both, autoAcceptSharedAssociations: false }),
      /must not have both/,
    ],
    ['a missing gateway', DOMAIN, set('transitGatewayId', 'tgw-0'), /needs the transit-gateway/],
    ['an id that lies', ASSOCIATION, set('id', 'x'), /should be/],
    ['C-116 another VPC', ASSOCIATION, set('vpcId', 'vpc-0'), /needs the vpc/],
    ['a missing attachment', ASSOCIATION, set('attachmentId', 'tgw-attach-0'), /needs/],
    ['an id that lies', ENTRY, set('id', 'x'), /should be/],
    ['C-124 no group', ENTRY, set('group', 0x0a00_0001), /multicast address/],
    ['another gateway', ENTRY, set('transitGatewayId', 'tgw-0'), /another transit gateway/],
    ['a role of nobody', ENTRY, set('role', 'sender'), /role/],
    ['an id that lies', HOST, set('id', 'x'), /should be/],
    ['a time of nobody', HOST, set('answeredAt', -1), /answeredAt/],
  ])('are refused with %s: %s', (_what, kind, spoil, message) => {
    expect(() => parseState(withSpoilt(document, kind, spoil))).toThrow(message);
  });

  it('C-116 are refused with a subnet in two', () => {
    const records = structuredClone(document.records);
    const [one] = records['transit-gateway-multicast-domain-association']!;
    const other = records['transit-gateway-multicast-domain']!.find(
      ({ id }) => id !== one!.domainId,
    );
    const domainId = other!.id;
    const doubled = {
      ...records,
      'transit-gateway-multicast-domain-association': [
        ...records['transit-gateway-multicast-domain-association']!,
        { ...one!, id: `${domainId}|${one!.subnetId}`, domainId },
      ],
    };
    expect(() => parseState({ ...document, records: doubled })).toThrow(/in another domain/);
  });

  it('C-116 are refused with an interface outside', () => {
    const records = structuredClone(document.records) as Record<string, unknown>;
    delete records[ASSOCIATION];
    expect(() => parseState({ ...document, records })).toThrow(/is not in its domain/);
  });
});

describe('a reset', () => {
  it('of the account leaves nothing of its domains', async () => {
    const { cloud } = await filledCloud();
    await cloud.execute((tx) => resetAccount(tx, ACCOUNT));
    const left = asJson(cloud);
    expect(KINDS.filter((kind) => left.records[kind] !== undefined)).toEqual([]);
    expect(JSON.stringify(left.records)).not.toContain('multicast');
  });
});

it('a gateway with a domain in use is deleted once its VPCs are detached', async () => {
  const { cloud, ec2, gatewayId } = await filledCloud();
  const vpc = await attachNumberedVpc(ec2(), gatewayId, 2);
  const domainId = await makeDomain(ec2(), gatewayId);
  await joinDomain(ec2(), domainId, vpc);
  for (const { id } of [...cloud.model.by('transit-gateway-attachment', 'gateway', gatewayId)]) {
    await ec2().deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: id });
  }
  await ec2().deleteTransitGateway({ TransitGatewayId: gatewayId });
  for (const kind of KINDS) expect([...cloud.model.all(kind)], kind).toEqual([]);
});
