/** A short run of `npm run fuzz`, and that its judges can tell right from wrong. */
import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../../src/aws/http.ts';
import { Random } from '../../src/net/random.ts';
import { answerFault, xmlFault } from './calls/answer.ts';
import { newTally, runEpisode } from './calls/episode.ts';
import type { FuzzCall } from './calls/fuzz-call.ts';
import { type FuzzWorld, openWorld } from './calls/fuzz-world.ts';
import { runImport } from './calls/import-episode.ts';
import { judge } from './calls/judge.ts';
import { recordExchanges } from './frames/corpus.ts';
import { frameFault } from './frames/frame-fault.ts';
import { FuzzNetwork } from './frames/fuzz-network.ts';
import { newFrameTally, runFrames } from './frames/run.ts';
import { runHttp } from './http/run.ts';
import { growthFault } from './memory.ts';

const CALL: FuzzCall = {
  account: '111111111111',
  region: 'us-east-1',
  service: 'ec2',
  parameters: [
    ['Action', 'DeleteVpc'],
    ['Version', '2016-11-15'],
    ['VpcId', 'vpc-00000000'],
  ],
};

describe('a short run', () => {
  it.each([1, 2, 3])('hostile calls break nothing, seed %d', async (seed) => {
    const tally = newTally();
    expect(await runEpisode({ seed, calls: 100, tally })).toBeUndefined();
    expect(tally.accepted).toBeGreaterThan(10);
    expect(tally.codes.size).toBeGreaterThan(10);
  });

  it('calls on spoilt states break nothing', async () => {
    const tally = { documents: 0, accepted: 0, calls: 0 };
    expect(await runImport({ seed: 4, calls: 150 }, tally)).toBeUndefined();
    expect(tally.accepted).toBeGreaterThan(0);
    expect(tally.documents).toBeGreaterThan(tally.accepted);
  });

  it('a server outlives hostile clients', async () => {
    const amounts = { calls: 80, own: 80, sockets: 60, patienceMillis: 200 };
    const { tally, fault } = await runHttp({ seed: 5, ...amounts });
    expect(fault).toBeUndefined();
    expect([...tally.statuses.keys()].filter((status) => status >= 500)).toEqual([]);
  });

  it('malformed frames break nothing', async () => {
    const tally = newFrameTally();
    expect(await runFrames({ seed: 6, frames: 6_000, tally })).toBeUndefined();
    const { forwarded, malformed, orphans, answers, heard, unwrapped, dropped } = tally;
    for (const count of [forwarded, malformed, orphans, answers, heard, unwrapped]) {
      expect(count).toBeGreaterThan(0);
    }
    expect([...dropped.keys()]).toEqual(
      expect.arrayContaining(['GRE_MALFORMED', 'GRE_FRAGMENTS_NOT_SUPPORTED']),
    );
  });
});

describe('the judges see', () => {
  const faultOf = async (change: (world: FuzzWorld) => FuzzWorld) =>
    (await judge(change(await openWorld(1)), [CALL])).fault;
  const answering = (answer: Partial<HttpResponse>) => (world: FuzzWorld) => ({
    ...world,
    door: async () => ({ status: 200, headers: {}, body: '<a/>', ...answer }),
  });

  it('nothing wrong with a refusal', async () => {
    expect(await faultOf((world) => world)).toBeUndefined();
  });

  it('a defect', async () => {
    const defective = (world: FuzzWorld): FuzzWorld => ({
      ...world,
      door: (request) => {
        world.defects.push(new Error('broken'));
        return world.door(request);
      },
    });
    expect(await faultOf(defective)).toMatch(/^defect: Error: broken/);
  });

  it('an answer that is none', async () => {
    expect(await faultOf(answering({ status: 500 }))).toMatch(/^status 500/);
    expect(await faultOf(answering({ body: '<a><b></a>' }))).toMatch(/no XML/);
    expect(await faultOf(answering({ body: '<a>undefined</a>' }))).toMatch(/undefined/);
    expect(await faultOf(answering({ status: 400 }))).toMatch(/without a code/);
  });

  it('a refused call that changed something', async () => {
    const writing = (world: FuzzWorld): FuzzWorld => ({
      ...world,
      door: async (request) => {
        await world.lab.cloud.execute((tx) => tx.put('setting', { id: 'x', value: 1 }));
        return world.door(request);
      },
    });
    expect(await faultOf(writing)).toMatch(/^refused: setting x/);
  });

  it('a caller that changes what is not its own', async () => {
    const { cloud } = (await openWorld(1)).lab;
    const vpc = [...cloud.model.all('vpc')].find(({ account }) => account === '222222222222')!;
    const meddling = (world: FuzzWorld): FuzzWorld => ({
      ...world,
      door: async () => {
        await world.lab.cloud.execute((tx) => tx.put('vpc', { ...vpc, enableDnsSupport: false }));
        return { status: 200, headers: {}, body: '<a/>' };
      },
    });
    expect(await faultOf(meddling)).toMatch(/^stranger: vpc/);
  });

  it.each(['<a', '<a></b>', '<a/><b/>', '<a>&</a>', '<a>\u0001</a>', '<a>\ud800</a>', '', 'x'])(
    'that %j is no XML',
    (text) => expect(xmlFault(text)).toBeDefined(),
  );

  it('that XML is XML', () => {
    expect(xmlFault('<?xml version="1.0"?>\n<a x="y"><b/>&lt;&#xD;<c>é</c></a>')).toBeUndefined();
    const json = { status: 400, headers: { 'content-type': 'application/json' }, body: '{}' };
    expect(answerFault(json)).toMatch(/without an error/);
  });

  it('one wrong octet in any frame', async () => {
    const random = new Random(1);
    const frames = recordExchanges(await FuzzNetwork.open(1), random);
    const whole = frames.map(({ bytes }) => bytes).filter((bytes) => isIp(bytes));
    expect(whole.length).toBeGreaterThan(20);
    for (const bytes of whole) {
      expect(frameFault(bytes)).toBeUndefined();
      const payload = bytes.slice();
      payload[payload.length - 1]! ^= 0x10;
      const header = bytes.slice();
      header[header[14]! >> 4 === 4 ? 23 : 18]! ^= 0x40;
      expect([payload, header].map(frameFault).filter(Boolean)).not.toEqual([]);
    }
  });

  it('memory that grows', () => {
    const samples = (grow: number) =>
      Array.from({ length: 20 }, (_, index) => ({ used: 50e6 + grow * index, resident: 0 }));
    expect(growthFault(samples(0))).toBeUndefined();
    expect(growthFault(samples(3e6))).toMatch(/memory grew/);
  });
});

/** Whether a frame is an IPv4 or IPv6 packet in one piece, of a protocol with a checksum. */
function isIp(bytes: Uint8Array): boolean {
  const version = bytes[14]! >> 4;
  const isWhole =
    version === 6 ? bytes[20] !== 44 : ((bytes[20]! << 8) | bytes[21]!) % 0x4000 === 0;
  return (bytes[12] === 0x08 && bytes[13] === 0x00 && isWhole) || (bytes[12] === 0x86 && isWhole);
}
