/** A GRE tunnel as those see it who ask, probe and capture. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ATTACHMENT, F, type TunnelOptions, tunnelNetwork } from '../src/fabric/test-tunnel.ts';
import type { Lab } from '../src/server/lab.ts';
import type { QuestionInput } from '../src/server/question.ts';
import {
  enhancedPacketBlock,
  interfaceDescriptionBlock,
  sectionHeaderBlock,
} from '../src/wire/pcapng.ts';
import { emptyLab } from './random/topology.ts';

type Asked = Omit<QuestionInput, 'from' | 'to'>;

async function tunnelLab(options: TunnelOptions = {}): Promise<Lab> {
  const lab = await emptyLab(2);
  tunnelNetwork({ ...options, fabric: lab.fabric });
  return lab;
}

/** The answer that a probe and a trace both give. */
function answerOf(lab: Lab, asked: Asked = {}) {
  const question = { from: 'eni-a', to: F[asked.family ?? 4], ...asked };
  const { packets, rttMicros, ...probe } = lab.probe(question);
  expect(probe).toEqual(lab.trace(question));
  expect(packets).toBeGreaterThan(0);
  return probe;
}

const SIZES: Asked[] = [{ size: 0 }, { size: 3000 }, { size: 20_000 }];
const KINDS: Asked[] = [
  { protocol: 'tcp' },
  { protocol: 'udp' },
  { protocol: 'icmp' },
  { protocol: 'udp', port: 53 },
];
const ASKED = KINDS.flatMap((kind) => SIZES.map((size) => ({ ...kind, ...size })));

describe('probe and trace through a tunnel', () => {
  it.each([4, 6] as const)('H-086 agree on all that a tunnel over IPv%d carries', async (outer) => {
    const lab = await tunnelLab({ family: outer });
    for (const asked of ASKED) {
      for (const family of [4, 6] as const) {
        const { reachable, observed } = answerOf(lab, { ...asked, family });
        expect({ reachable, instance: observed?.instance }).toEqual({
          reachable: true,
          instance: 'i-f',
        });
      }
    }
  });

  it('H-086 one trace each way, the outer header while it is wrapped', async () => {
    const answer = answerOf(await tunnelLab(), { protocol: 'tcp' });
    const shown = (hops: typeof answer.forward.hops) =>
      hops.map(({ resource, packet: { protocol, destination, port } }) =>
        [resource, protocol, destination, ...(port === undefined ? [] : [port])].join(' '),
      );
    expect(shown(answer.forward.hops)).toMatchInlineSnapshot(`
      [
        "eni-a tcp 10.9.1.10 443",
        "tgw-attach-connect gre 10.0.2.10",
        "tgw-attach-connect gre 10.0.2.10",
        "tgw-attach-connect gre 10.0.2.10",
        "acl-near gre 10.0.2.10",
        "sg-near gre 10.0.2.10",
        "eni-e gre 10.0.2.10",
        "eni-f tcp 10.9.1.10 443",
      ]
    `);
    expect(shown(answer.return!.hops)).toMatchInlineSnapshot(`
      [
        "eni-f tcp 10.0.1.10 52736",
        "eni-e gre 192.0.2.1",
        "tgw-attach-connect tcp 10.0.1.10 52736",
        "tgw-attach-connect tcp 10.0.1.10 52736",
        "acl-near tcp 10.0.1.10 52736",
        "sg-near tcp 10.0.1.10 52736",
        "eni-a tcp 10.0.1.10 52736",
      ]
    `);
  });

  it('H-086 agree on what ends inside a GRE packet: nobody answers', async () => {
    const lab = await tunnelLab({ unwraps: false });
    for (const asked of ASKED) {
      const { reachable, observed, forward, return: back } = answerOf(lab, asked);
      expect([reachable, forward.disposition, back]).toEqual([false, 'delivered', null]);
      expect(observed).toMatchObject({ destination: '10.0.2.10', instance: 'i-e' });
    }
  });

  it('C-129 agree on what is too large outside, or would have to be cut inside', async () => {
    const outside = await tunnelLab({ after: [{ do: 'check-size', mtu: 8500 }] });
    const inside = await tunnelLab({ before: [{ do: 'check-size', mtu: 8476 }] });
    for (const lab of [outside, inside]) {
      for (const asked of [
        ...ASKED,
        { protocol: 'udp', size: 8000, dontFragment: true } as const,
      ]) {
        const fits = (asked.size ?? 0) < 8400;
        const { reachable, forward } = answerOf(lab, asked);
        expect(reachable).toBe(fits);
        if (!fits) expect(forward).toMatchObject({ reason: 'MTU_EXCEEDED', at: ATTACHMENT });
      }
    }
  });

  it('C-130 TCP finds the size that fits inside', async () => {
    const after = [{ do: 'check-size', mtu: 8500 }] as const;
    for (const family of [4, 6] as const) {
      const lab = await tunnelLab({ insideMtu: 8476, after });
      const { reachable } = answerOf(lab, { protocol: 'tcp', size: 20_000, family });
      expect(reachable).toBe(true);
      const tight = await tunnelLab({ insideMtu: 8477, after });
      expect(answerOf(tight, { protocol: 'tcp', size: 20_000, family }).reachable).toBe(false);
    }
  });

  it('H-086 no flow of a question stays', async () => {
    const lab = await tunnelLab();
    answerOf(lab, { protocol: 'udp' });
    expect(lab.fabric.sessionCount).toBe(0);
  });
});

const needs = spawnSync('tshark', ['--version']).status === 0 ? undefined : 'tshark';
const title = (text: string) => (needs === undefined ? text : `skipped: needs ${needs}: ${text}`);

interface Captured {
  readonly direction: string;
  readonly bytes: Uint8Array;
  readonly comment?: string;
}

/** What passes an interface while `exchange` runs. */
function captured(lab: Lab, id: string, exchange: () => void): Captured[] {
  const frames: Captured[] = [];
  const stop = lab.capture(id, (frame) => frames.push(frame));
  exchange();
  stop();
  return frames;
}

/** Lines of tshark about these frames. */
function tshark(frames: readonly Captured[], ...args: string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'openvpc-gre-'));
  const path = join(folder, 'gre.pcapng');
  const packets = frames.map(({ bytes: frame }, index) =>
    enhancedPacketBlock({ interfaceId: 0, timestamp: BigInt(index), frame }),
  );
  const blocks = [sectionHeaderBlock('openvpc'), interfaceDescriptionBlock({ name: 'gre' })];
  writeFileSync(path, Buffer.concat([...blocks, ...packets]));
  const checks = ['ip.check_checksum', 'udp.check_checksum', 'tcp.check_checksum'];
  const options = checks.flatMap((name) => ['-o', `${name}:TRUE`]);
  const { stdout } = spawnSync('tshark', ['-r', path, ...options, ...args], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('the capture of the interface at a tunnel’s end', () => {
  const ask = (lab: Lab, protocol: 'udp' | 'tcp', family: 4 | 6) => () =>
    void lab.probe({ from: 'eni-a', to: F[family], protocol, family });

  it('H-086 has what comes by the tunnel and what goes into it, each once', async () => {
    const lab = await tunnelLab();
    const frames = captured(lab, 'eni-e', ask(lab, 'udp', 4));
    expect(frames.map(({ direction }) => direction)).toEqual(['inbound', 'outbound']);
  });

  it('has the reason of a drop', async () => {
    const lab = await emptyLab(2);
    const { arrival } = tunnelNetwork({ fabric: lab.fabric });
    const refuse = { match: {}, actions: [{ do: 'drop', reason: 'INSTANCE_DROPS' } as const] };
    arrival.table = { rules: [], otherwise: refuse };
    const [, sent] = captured(lab, 'eni-e', ask(lab, 'udp', 4));
    expect(sent?.comment).toContain('INSTANCE_DROPS: ');
    expect(sent?.comment).toContain('gre 10.0.2.10 > 192.0.2.1');
  });

  it.skipIf(needs).each([
    [4, 4],
    [6, 4],
    [4, 6],
    [6, 6],
  ] as const)(title('H-086 tshark reads IPv%d in GRE over IPv%d'), async (inner, family) => {
    const lab = await tunnelLab({ family });
    const frames = captured(lab, 'eni-e', ask(lab, 'tcp', inner));
    expect(frames.length).toBeGreaterThan(4);
    expect(tshark(frames, '-Y', '_ws.malformed || _ws.expert.severity >= 0x600000')).toEqual([]);
    expect(tshark(frames, '-Y', 'gre').length).toBe(frames.length);
    const fields = ['gre.flags_and_version', 'gre.proto'].flatMap((field) => ['-e', field]);
    const type = inner === 4 ? '0x0800' : '0x86dd';
    expect(new Set(tshark(frames, '-T', 'fields', ...fields))).toEqual(
      new Set([`0x0000\t${type}`]),
    );
    expect(tshark(frames, '-Y', 'tcp.checksum.status == "Good"').length).toBe(frames.length);
  });

  it.skipIf(needs)(title('does find what is wrong'), async () => {
    const lab = await tunnelLab();
    const frames = captured(lab, 'eni-e', ask(lab, 'tcp', 4));
    for (const { bytes } of frames) bytes[bytes.length - 1]! ^= 1;
    expect(tshark(frames, '-Y', 'tcp.checksum.status == "Good"')).toEqual([]);
  });
});
