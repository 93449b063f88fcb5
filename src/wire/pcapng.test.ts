import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromHex } from './bytes.ts';
import { enhancedPacketBlock, interfaceDescriptionBlock, sectionHeaderBlock } from './pcapng.ts';

const FRAME = fromHex(`
  0e00 0000 0001 02ff ffff fffe 0806
  0001 0800 06 04 0001 02ff ffff fffe 0a00 0005 0000 0000 0000 0a00 0001`);
const TIMESTAMP = 1_700_000_000_123_456_789n;

describe('pcapng', () => {
  it('begins a section', () => {
    expect(sectionHeaderBlock()).toEqual(
      fromHex('0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c'),
    );
    expect(sectionHeaderBlock('openvpc')).toEqual(
      fromHex(`0a0d0d0a 0000002c 1a2b3c4d 0001 0000 ffffffffffffffff
        0004 0007 6f70656e767063 00  0000 0000  0000002c`),
    );
  });

  it('describes an Ethernet interface with nanoseconds', () => {
    expect(interfaceDescriptionBlock({ name: 'eni-1' })).toEqual(
      fromHex(`00000001 0000002c 0001 0000 00000000
        0002 0005 656e692d31 000000  0009 0001 09 000000  0000 0000  0000002c`),
    );
    const described = interfaceDescriptionBlock({ name: 'a', description: 'b' });
    expect(described.subarray(24, 32)).toEqual(fromHex('0003 0001 62 000000'));
  });

  it('writes a packet', () => {
    const block = enhancedPacketBlock({
      interfaceId: 2,
      timestamp: TIMESTAMP,
      frame: fromHex('0102030405'),
    });
    expect(block).toEqual(
      fromHex(`00000006 00000028 00000002 17979cfe 3d85cd15 00000005 00000005
        0102030405 000000  00000028`),
    );
  });

  it('writes the comment, the direction and the original length', () => {
    const block = enhancedPacketBlock({
      interfaceId: 0,
      timestamp: 1n,
      frame: fromHex('01020304'),
      originalLength: 9001,
      direction: 'outbound',
      comment: 'né',
    });
    expect(block).toEqual(
      fromHex(`00000006 00000038 00000000 00000000 00000001 00000004 00002329
        01020304  0001 0003 6ec3a9 00  0002 0004 00000002  0000 0000  00000038`),
    );
  });

  it('cuts a comment that no option could hold', () => {
    const block = enhancedPacketBlock({
      interfaceId: 0,
      timestamp: 0n,
      frame: fromHex(''),
      comment: 'x'.repeat(70_000),
    });
    expect(block.subarray(28, 32)).toEqual(fromHex('0001 ffff'));
    expect(block.length).toBe(28 + 4 + 65_536 + 4 + 4);
  });
});

const tshark = spawnSync('tshark', ['--version']).status === 0;

describe('a capture file', () => {
  it.skipIf(!tshark)(tshark ? 'is read by tshark' : 'skipped: needs tshark', () => {
    const folder = mkdtempSync(join(tmpdir(), 'openvpc-pcapng-'));
    const path = join(folder, 'capture.pcapng');
    writeFileSync(
      path,
      Buffer.concat([
        sectionHeaderBlock('openvpc'),
        interfaceDescriptionBlock({ name: 'eni-1' }),
        interfaceDescriptionBlock({ name: 'eni-2', description: 'second' }),
        enhancedPacketBlock({ interfaceId: 0, timestamp: TIMESTAMP, frame: FRAME }),
        enhancedPacketBlock({
          interfaceId: 1,
          timestamp: TIMESTAMP + 1n,
          frame: FRAME,
          direction: 'inbound',
          comment: 'NO_ROUTE_TO_DESTINATION',
        }),
      ]),
    );
    const fields = ['frame.interface_name', 'frame.time_epoch', 'frame.comment', 'arp.opcode'];
    const { stdout } = spawnSync(
      'tshark',
      ['-r', path, '-T', 'fields', '-E', 'separator=|', ...fields.flatMap((name) => ['-e', name])],
      { encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } },
    );
    rmSync(folder, { recursive: true });
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('|'));
    expect(first).toEqual(['eni-1', expect.stringMatching(/123456789/), '', '1']);
    const comment = 'NO_ROUTE_TO_DESTINATION';
    expect(second).toEqual(['eni-2', expect.stringMatching(/123456790/), comment, '1']);
  });
});
