/**
 * Random lives of BGP sessions: whatever comes and goes, what AWS has learned is what a plain look
 * at links and sites expects, nothing is left of what has ended, and tables that grew by it answer
 * as fresh ones.
 */
import { describe, expect, it } from 'vitest';
import { Advertisements } from '../../src/control/hybrid/advertised-route.ts';
import { Fabric } from '../../src/fabric/fabric.ts';
import { linksOfSite } from '../../src/model/hybrid/link.ts';
import type { ModelReader } from '../../src/model/model.ts';
import { cidrFamily, formatCidr } from '../../src/net/cidr.ts';
import { trace } from '../../src/server/trace.ts';
import { allLinks, linksBehind, sessionsOn } from '../oracle/hybrid/link.ts';
import { bestOf, learnedBy } from '../oracle/hybrid/path.ts';
import { isUpAttachment } from '../oracle/transit-route.ts';
import { newWorld, type World } from '../oracle/world.ts';
import { faultsOf } from '../support/invariants.ts';
import { changeOneOf } from './change.ts';
import { hybridChanges } from './kinds/hybrid-change.ts';
import { randomQuestion } from './question.ts';
import { type RandomLab, randomLab } from './topology.ts';

const SEEDS = [3001, 3002, 3003, 3004];
const CHANGES = 24;
const QUESTIONS = 10;

function worldOf(model: ModelReader): World {
  return newWorld(model, (candidates) => candidates[0]!);
}

/** H-024, C-061: `SESSION PREFIX` of all that should be learned. */
function expectedPrefixes(model: ModelReader): string[] {
  const world = worldOf(model);
  return allLinks(world)
    .flatMap((link) => sessionsOn(world, link))
    .flatMap((session) => {
      const told = learnedBy(world, session.link).map(({ destination }) => formatCidr(destination));
      return [...new Set(told)].map((prefix) => `${session.id} ${prefix}`);
    })
    .sort();
}

function learnedPrefixes(model: ModelReader): string[] {
  return [...model.all('learned-route')]
    .map(({ sessionId, destination }) => `${sessionId} ${formatCidr(destination)}`)
    .sort();
}

/** C-061, C-065, C-096: `ATTACHMENT PREFIX`, and by which links some of its packets may go. */
function expectedByAttachment(model: ModelReader): Map<string, ReadonlySet<string>> {
  const world = worldOf(model);
  const expected = new Map<string, ReadonlySet<string>>();
  for (const attachment of model.all('transit-gateway-attachment')) {
    if (!isUpAttachment(attachment)) continue;
    const { region } = model.get('transit-gateway', attachment.transitGatewayId)!;
    const paths = linksBehind(world, attachment).flatMap((link) => learnedBy(world, link));
    for (const prefix of new Set(paths.map(({ destination }) => formatCidr(destination)))) {
      const same = paths.filter(({ destination }) => formatCidr(destination) === prefix);
      const links = bestOf(same, 'all', region).map(({ link }) => link.id);
      expected.set(`${attachment.id} ${prefix}`, new Set(links));
    }
  }
  return expected;
}

function faultsByAttachment(model: ModelReader): string[] {
  const expected = expectedByAttachment(model);
  const found = [...model.all('transit-gateway-learned-route')].map(
    ({ attachmentId, destination, linkIds }) => ({
      key: `${attachmentId} ${formatCidr(destination)}`,
      linkIds,
    }),
  );
  const known = new Set(found.map(({ key }) => key));
  return [
    ...[...expected.keys()].filter((key) => !known.has(key)).map((key) => `${key} is missing`),
    ...found.flatMap(({ key, linkIds }) => {
      const best = expected.get(key);
      if (best === undefined) return [`${key} is left over`];
      return linkIds.filter((id) => !best.has(id)).map((id) => `${key} goes by ${id}`);
    }),
  ];
}

/** H-088: what a session has told ends with it, and a session with its link. */
function remains(model: ModelReader): string[] {
  const links = new Set(allLinks({ model }).map(({ id }) => id));
  return [
    ...[...model.all('bgp-session')]
      .filter(({ linkId }) => !links.has(linkId))
      .map(({ id }) => `${id} has no link`),
    ...[...model.all('learned-route')]
      .filter(({ sessionId }) => !model.get('bgp-session', sessionId)?.established)
      .map(({ id }) => `${id} has no session`),
    ...[...model.all('site-route')].flatMap(({ id, siteId, linkIds }) => {
      if (model.get('site', siteId) === undefined) return [`${id} has no site`];
      return linkIds.filter((link) => !links.has(link)).map((link) => `${id} goes by ${link}`);
    }),
  ];
}

/** C-103, H-049: what each session has been told, told bit by bit, is all there is to tell now. */
function staleAdvertisements({ lab, cloud: { model } }: RandomLab): string[] {
  return [...model.all('site')]
    .flatMap((site) => linksOfSite(model, site))
    .flatMap((link) =>
      lab.bgp
        .sessionsOf(link.id)
        .filter(({ id }) => lab.bgp.state(id) === 'Established')
        .flatMap(({ id, families }) => {
          const wanted = new Advertisements(model)
            .all(link)
            .map(({ prefix }) => prefix)
            .filter((prefix) => families.includes(cidrFamily(prefix)));
          const [told, expected] = [lab.bgp.told(id), wanted].map((blocks) =>
            blocks.map(formatCidr).sort().join(),
          );
          return told === expected ? [] : [`${id} was told ${told} and not ${expected}`];
        }),
    );
}

/** A fabric that is told everything at once answers as the one that has heard it bit by bit. */
function differences(builder: RandomLab): string[] {
  const { lab, cloud } = builder;
  const fresh = new Fabric({ now: () => cloud.now(), deliver: () => {} });
  fresh.apply(cloud.snapshot());
  return Array.from({ length: QUESTIONS }, () => randomQuestion(builder)).flatMap((question) => {
    const answers = [lab.trace(question), trace(fresh.network, question, cloud.now())];
    const [grown, expected] = answers.map((answer) => JSON.stringify(answer));
    return grown === expected ? [] : [`${JSON.stringify(question)}\n${grown}\n${expected}`];
  });
}

describe.each(SEEDS)('seed %i', (seed) => {
  it('C-061 H-024 H-044 H-088 what is learned follows its sessions, and the tables it', async () => {
    const builder = await randomLab(seed);
    const { cloud, time } = builder;
    let learned = 0;
    for (let count = 0; count < CHANGES; count++) {
      const change = await changeOneOf(builder, hybridChanges);
      if (builder.random.chance(0.3)) await cloud.advance(40_000);
      time.settle(cloud.model);
      const { model } = cloud;
      expect(learnedPrefixes(model), change).toEqual(expectedPrefixes(model));
      expect(faultsByAttachment(model), change).toEqual([]);
      expect(remains(model), change).toEqual([]);
      expect(faultsOf(model), change).toEqual([]);
      expect(differences(builder), change).toEqual([]);
      expect(staleAdvertisements(builder), change).toEqual([]);
      learned += learnedPrefixes(model).length;
    }
    // Otherwise nothing has been compared.
    expect(learned).toBeGreaterThan(CHANGES * 5);
  }, 120_000);
});
