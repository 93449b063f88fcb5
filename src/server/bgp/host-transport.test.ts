import { describe, expect, it } from 'vitest';
import type { Host } from '../../guests/host/host.ts';
import { ip, TestLink } from '../../guests/host/test-support.ts';
import { parseCidr } from '../../net/cidr.ts';
import { ipv4 } from '../../net/ipv4.ts';
import { Random } from '../../net/random.ts';
import type { PeerConfiguration } from '../../services/bgp/configuration.ts';
import { Speaker, type SpeakerOutput } from '../../services/bgp/speaker.ts';
import { read16 } from '../../wire/bytes.ts';
import { HostTransport } from './host-transport.ts';

/** A speaker on a host of a link. */
class Side {
  readonly host: Host;
  readonly speaker: Speaker;
  readonly transport: HostTransport;
  readonly outputs: SpeakerOutput[] = [];
  readonly #link: TestLink;
  readonly #address: string;

  /** @param host another side's, to share it; one of its own unless given */
  constructor(link: TestLink, last: number, asn: number, host = link.host(last)) {
    this.#link = link;
    this.#address = `10.0.0.${last}`;
    this.host = host;
    this.transport = new HostTransport(
      () => this.speaker,
      () => link.now,
    );
    const identifier = ipv4(last);
    this.speaker = new Speaker({ asn, identifier, random: new Random(last) }, (output) => {
      this.outputs.push(output);
      this.transport.handle(output);
    });
  }

  join(name: string, other: Side, more: Partial<PeerConfiguration> = {}, ttl = 1): void {
    const [local, remote] = [ip(this.#address), ip(other.#address)];
    this.speaker.addPeer(name, {
      asn: other.speaker.asn,
      address: remote,
      families: [4],
      nextHops: { 4: local as never },
      ...more,
    });
    this.transport.add(name, { host: this.host, local, remote, ttl });
    this.speaker.start(name, this.#link.now);
  }

  leave(name: string): void {
    this.speaker.removePeer(name, this.#link.now);
    this.transport.remove(name);
  }

  get state(): string {
    return this.speaker.status('other').state;
  }
}

function pair(ttl = 1): { link: TestLink; aws: Side; device: Side } {
  const link = new TestLink();
  const [aws, device] = [new Side(link, 1, 64_512), new Side(link, 2, 65_010)];
  aws.join('other', device, { passive: true }, ttl);
  device.join('other', aws, {}, ttl);
  link.settle();
  return { link, aws, device };
}

/** Lets time pass for hosts and speakers alike. */
function pass(link: TestLink, sides: readonly Side[], millis: number): void {
  const end = link.now + millis;
  while (link.now < end) {
    link.run(Math.min(end, link.now + 500));
    for (const { speaker } of sides) speaker.due(link.now);
    link.settle();
  }
}

const blocks = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    prefix: parseCidr(`172.${16 + (index >> 8)}.${index & 255}.0/24`)!,
    attributes: { origin: 0, asPath: [] } as const,
  }));

/** Of IPv4 packets with TCP, both to and from port 179. */
function ttls({ frames }: TestLink): Set<number> {
  const tcp = frames.filter((frame) => read16(frame, 12) === 0x0800 && frame[14 + 9] === 6);
  return new Set(tcp.map((frame) => frame[14 + 8]!));
}

describe('BGP over hosts of the fabric', () => {
  it('H-087 comes up without any time passing, the device calling', () => {
    const { link, aws, device } = pair();
    expect([aws.state, device.state, link.now]).toEqual(['Established', 'Established', 0]);
    expect(aws.outputs.some(({ type }) => type === 'connect')).toBe(false);
  });

  it.each([1, 2])(
    'H-079 C-094 a time to live of %d, of whom calls and of whom is called',
    (ttl) => {
      const { link, aws, device } = pair(ttl);
      pass(link, [aws, device], 60_000);
      expect(ttls(link)).toEqual(new Set([ttl]));
    },
  );

  it('carries more than TCP takes at once, in order', () => {
    const { link, aws, device } = pair();
    device.speaker.advertise('other', blocks(30_000), link.now);
    link.settle();
    expect(aws.speaker.status('other').accepted[4]).toBe(30_000);
    device.speaker.advertise('other', [], link.now);
    link.settle();
    expect([aws.speaker.status('other').accepted[4], aws.state]).toEqual([0, 'Established']);
  });

  it('H-089 delivers the last word, then the connection ends', () => {
    const { link, aws, device } = pair();
    device.speaker.stop('other', link.now, 'bye');
    link.settle();
    const received = aws.outputs.flatMap((one) =>
      one.type === 'state' ? (one.reason.received ?? []) : [],
    );
    expect(received.at(-1)).toMatchObject({ code: 6, subcode: 2 });
    pass(link, [aws, device], 5_000);
    expect([aws.host.connections, device.host.connections]).toEqual([0, 0]);
  });

  it('H-088 tells the speaker of a connection that is lost, and calls again', () => {
    const { link, aws, device } = pair();
    aws.leave('other');
    link.settle();
    expect(device.state).not.toBe('Established');
    aws.join('other', device, { passive: true });
    pass(link, [aws, device], 150_000);
    expect([aws.state, device.state]).toEqual(['Established', 'Established']);
  });

  it('H-031 gives a host back to the router that was there before, however often', () => {
    const link = new TestLink();
    const [aws, device] = [new Side(link, 1, 64_512), new Side(link, 2, 65_010)];
    const other = new Side(link, 1, 64_513, aws.host);
    for (const router of [aws, other, aws, other, aws]) {
      router.join('other', device, { passive: true });
      device.join('other', router);
      link.settle();
      expect([router.state, device.state]).toEqual(['Established', 'Established']);
      for (const side of [router, device]) side.leave('other');
      link.settle();
    }
  });

  it('resets a call from whom it does not know, and of a peer that has left', () => {
    const { link, aws } = pair();
    const stranger = new Side(link, 3, 65_030);
    stranger.join('other', aws);
    link.settle();
    expect(stranger.state).not.toBe('OpenSent');
    expect(aws.outputs.filter(({ type }) => type === 'close')).toEqual([]);
    expect([aws.state, aws.host.connections]).toEqual(['Established', 1]);
  });

  it('keeps sessions of one host apart, by both addresses', () => {
    const link = new TestLink();
    const [aws, one, two] = [
      new Side(link, 1, 64_512),
      new Side(link, 2, 65_010),
      new Side(link, 3, 65_020),
    ];
    aws.join('one', one, { passive: true });
    aws.join('two', two, { passive: true });
    for (const device of [one, two]) device.join('other', aws);
    link.settle();
    two.speaker.advertise('other', blocks(3), link.now);
    link.settle();
    expect(aws.speaker.status('one')).toMatchObject({ state: 'Established', accepted: { 4: 0 } });
    expect(aws.speaker.status('two')).toMatchObject({ state: 'Established', accepted: { 4: 3 } });
  });
});
