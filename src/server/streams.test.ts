import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  instancePair,
  type Pair,
  type TestServer,
  testServer,
} from '../../test/support/http-server.ts';

let server: TestServer;
let pair: Pair;
let eni: string;
beforeAll(async () => {
  server = await testServer({ transitions: 'instant' });
  pair = await instancePair(server.ec2());
  const { Reservations } = await server.ec2().describeInstances({ InstanceIds: [pair.b] });
  eni = Reservations![0]!.Instances![0]!.NetworkInterfaces![0]!.NetworkInterfaceId!;
});
afterAll(() => server.stop());

/** A stream's bytes, as far as they have come. */
async function follow(path: string) {
  const response = await fetch(server.url + path);
  const reader = response.body!.getReader();
  const chunks: Uint8Array[] = [];
  const done = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value);
    }
  })().catch(() => {});
  return {
    response,
    bytes: () => Buffer.concat(chunks),
    done,
    cancel: () => reader.cancel(),
  };
}

const probe = (from: string, to: string, port: number) =>
  server.ask('POST', '/_openvpc/probe', { from, to, protocol: 'tcp', port });

/** Types of the blocks of a pcapng file; throws unless they fill it exactly. */
function blockTypes(file: Buffer): number[] {
  const types: number[] = [];
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32BE(at + 4);
    expect(file.readUInt32BE(at + length - 4)).toBe(length);
    types.push(file.readUInt32BE(at));
    at += length;
  }
  return types;
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const hasTshark = spawnSync('tshark', ['--version']).status === 0;

describe('GET /_openvpc/capture', () => {
  it('streams what passes an interface, and ends by itself', async () => {
    const capture = await follow(`/_openvpc/capture?eni=${eni}&seconds=0.5`);
    expect(capture.response.headers.get('content-type')).toBe('application/x-pcapng');
    await probe(pair.a, pair.b, 80);
    await capture.done;
    const [header, description, ...packets] = blockTypes(capture.bytes());
    expect([header, description]).toEqual([SECTION_HEADER, INTERFACE_DESCRIPTION]);
    expect(packets.length).toBeGreaterThan(4);
    expect(new Set(packets)).toEqual(new Set([ENHANCED_PACKET]));
  });

  it.skipIf(!hasTshark)('opens in tshark, drops with their reason (needs tshark)', async () => {
    const capture = await follow(`/_openvpc/capture?eni=${eni}&seconds=1`);
    await probe(pair.a, pair.b, 80);
    await probe(pair.b, '8.8.8.8', 443);
    await capture.done;
    const folder = await mkdtemp(join(tmpdir(), 'openvpc-capture-'));
    const file = join(folder, 'capture.pcapng');
    writeFileSync(file, capture.bytes());
    const fields = ['frame.interface_name', 'ip.src', 'tcp.dstport', 'frame.comment'];
    const args = ['-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
    const { stdout, status } = spawnSync('tshark', args, { encoding: 'utf8' });
    await rm(folder, { recursive: true });
    expect(status).toBe(0);
    const rows = stdout.trimEnd().split('\n');
    expect(rows.every((row) => row.startsWith(`${eni}\t`))).toBe(true);
    const dropped = rows.filter((row) => row.includes('NO_ROUTE_TO_DESTINATION'));
    expect(dropped.length).toBeGreaterThan(0);
    expect(dropped[0]).toContain('\t443\t');
    expect(rows.filter((row) => row.includes('\t80\t')).join()).not.toContain('_TO_');
  });

  it('ends when the interface is deleted', async () => {
    const client = server.ec2();
    const made = await client.createNetworkInterface({ SubnetId: pair.subnet });
    const id = made.NetworkInterface!.NetworkInterfaceId!;
    const capture = await follow(`/_openvpc/capture?eni=${id}`);
    await client.deleteNetworkInterface({ NetworkInterfaceId: id });
    await capture.done;
    expect(blockTypes(capture.bytes())).toEqual([SECTION_HEADER, INTERFACE_DESCRIPTION]);
  });

  it.each([
    ['', 400],
    ['?eni=x', 400],
    ['?eni=eni-00000000000000000', 404],
  ])('%s is %i', async (query, status) => {
    expect((await server.ask('GET', `/_openvpc/capture${query}`)).status).toBe(status);
  });

  it.each(['0', '-1', 'x', '86401', '1e3'])('refuses %s seconds', async (seconds) => {
    const path = `/_openvpc/capture?eni=${eni}&seconds=${seconds}`;
    expect((await server.ask('GET', path)).status).toBe(400);
  });
});

interface Told {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The events of a server-sent stream; comments are left out. */
function parse(text: string): Told[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '' && !block.startsWith(':'))
    .map((block) => {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s)));
      return { event: fields.event as string, data: JSON.parse(fields.data as string) };
    });
}

describe('GET /_openvpc/events', () => {
  it('tells of calls, resources and drops', async () => {
    const stream = await follow('/_openvpc/events');
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    const { Vpc } = await server.ec2().createVpc({ CidrBlock: '10.9.0.0/16' });
    await server
      .ec2()
      .deleteVpc({ VpcId: 'vpc-0' })
      .catch(() => {});
    await probe(pair.b, '8.8.8.8', 443);
    const told = () => parse(stream.bytes().toString());
    await expect.poll(() => told().filter(({ event }) => event === 'drop').length).toBe(1);
    const all = told();
    const id = Vpc!.VpcId!;
    const who = { account: '111111111111', region: 'us-east-1' };
    const created = { change: 'created', type: 'vpc', id, ...who, state: 'available' };
    expect(all).toContainEqual({ event: 'resource', data: created });
    const call = { service: 'ec2', action: 'CreateVpc', ...who, status: 200, code: 'OK' };
    expect(all).toContainEqual({ event: 'call', data: expect.objectContaining(call) });
    const refused = { action: 'DeleteVpc', status: 400, code: 'InvalidVpcID.Malformed' };
    expect(all).toContainEqual({ event: 'call', data: expect.objectContaining(refused) });
    const drop = { interface: eni, reason: 'NO_ROUTE_TO_DESTINATION' };
    expect(all).toContainEqual({ event: 'drop', data: expect.objectContaining(drop) });
    await stream.cancel();
  });

  it('tells of a change before its call is answered', async () => {
    const stream = await follow('/_openvpc/events?types=resource,call');
    await server.ec2().createVpc({ CidrBlock: '10.8.0.0/16' });
    const told = () => parse(stream.bytes().toString()).map(({ event }) => event);
    await expect.poll(told).toContain('call');
    expect(told().indexOf('resource')).toBeLessThan(told().indexOf('call'));
    await stream.cancel();
  });

  it('tells of some types only, and refuses unknown ones', async () => {
    const stream = await follow('/_openvpc/events?types=drop');
    await server.ec2().createVpc({ CidrBlock: '10.7.0.0/16' });
    await probe(pair.b, '8.8.8.8', 443);
    const events = () => parse(stream.bytes().toString()).map(({ event }) => event);
    await expect.poll(events).toEqual(['drop']);
    await stream.cancel();
    expect((await server.ask('GET', '/_openvpc/events?types=all')).status).toBe(400);
  });

  it('never tells what only openvpc has a name for', async () => {
    const stream = await follow('/_openvpc/events?types=resource');
    await server.ec2('444444444444').describeVpcs({});
    const types = () => new Set(parse(stream.bytes().toString()).map(({ data }) => data.type));
    await expect.poll(types).toContain('subnet');
    expect([...types()]).not.toContain('setting');
    expect([...types()]).not.toContain('timer');
    await stream.cancel();
  });
});
