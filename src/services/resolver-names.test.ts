import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vpc } from '../model/vpc/vpc.ts';
import { formatIp } from '../net/ip.ts';
import { parseIpv4 } from '../net/ipv4.ts';
import { resolveName } from './resolver.ts';
import { TestNetwork } from './test-network.ts';

const PUBLIC_NAME = 'ec2-198-51-100-7.compute-1.amazonaws.com';
const INSTANCE = 'i-0123456789abcdef0';

/** What the resolver of a VPC says, as text: addresses, `no-data` or `no-name`. */
function ask(network: TestNetwork, asker: Vpc, name: string, type = 'A'): string {
  const found = resolveName(network.model, asker, { name, type });
  if (found.kind !== 'records') return found.kind;
  return found.records
    .map((record) => (record.type === 'PTR' ? record.name : formatIp(record.address)))
    .join(' ');
}

/** One VPC with one host that has every kind of name, and whatever the VPC is set to. */
function single(members: Partial<Vpc> = {}) {
  const network = new TestNetwork();
  const vpc = network.vpc('a', '10.0.0.0/16', members);
  network.host({
    id: 'a',
    vpc,
    addresses: ['10.0.0.5', '10.0.0.6'],
    publicAddress: '198.51.100.7',
    ipv6: '2600:1f00::5',
    instance: {
      id: INSTANCE,
      enableResourceNameDnsARecord: true,
      enableResourceNameDnsAaaaRecord: true,
    },
  });
  return { network, vpc };
}

it('A-115 an elastic address has its reverse name: the owner’s, or Amazon’s', () => {
  const { network, vpc } = single();
  const reverse = () => ask(network, vpc, '7.100.51.198.in-addr.arpa', 'PTR');
  expect(reverse()).toBe(PUBLIC_NAME);
  const { account, region } = vpc;
  const after = {
    ...{ id: 'eipalloc-1', account, region },
    publicIp: parseIpv4('198.51.100.7')!,
    ptrRecord: 'mail.example.com.',
  };
  network.model.apply({ kind: 'elastic-ip', id: after.id, before: undefined, after });
  expect(reverse()).toBe('mail.example.com');
});

describe('private names', () => {
  it('A-115 ec2.internal in us-east-1', () => {
    const { network, vpc } = single();
    expect(ask(network, vpc, 'ip-10-0-0-5.ec2.internal')).toBe('10.0.0.5');
    expect(ask(network, vpc, 'IP-10-0-0-6.EC2.Internal.')).toBe('10.0.0.6');
    expect(ask(network, vpc, 'ip-10-0-0-5.us-east-1.compute.internal')).toBe('no-name');
    expect(ask(network, vpc, 'ip-10-0-0-5.eu-west-1.compute.internal')).toBe('no-name');
  });

  it('A-115 REGION.compute.internal elsewhere', () => {
    const { network, vpc } = single({ region: 'eu-west-1' });
    expect(ask(network, vpc, 'ip-10-0-0-5.eu-west-1.compute.internal')).toBe('10.0.0.5');
    expect(ask(network, vpc, 'ip-10-0-0-5.ec2.internal')).toBe('no-name');
  });

  it('a free address has no name, and an IPv4 name no IPv6 address', () => {
    const { network, vpc } = single();
    expect(ask(network, vpc, 'ip-10-0-0-7.ec2.internal')).toBe('no-name');
    expect(ask(network, vpc, 'ip-10-0-0-5.ec2.internal', 'AAAA')).toBe('no-data');
    expect(ask(network, vpc, 'ip-10-0-0-5.ec2.internal', 'MX')).toBe('no-data');
  });

  it('A-115 the resource name has the addresses it is enabled for', () => {
    const { network, vpc } = single();
    const name = `${INSTANCE}.ec2.internal`;
    expect(ask(network, vpc, name)).toBe('10.0.0.5');
    expect(ask(network, vpc, name, 'AAAA')).toBe('2600:1f00::5');
    expect(ask(network, vpc, name, 'ANY')).toBe('10.0.0.5 2600:1f00::5');
    const instance = network.model.get('instance', INSTANCE)!;
    network.put('instance', { ...instance, enableResourceNameDnsAaaaRecord: false });
    expect(ask(network, vpc, name)).toBe('10.0.0.5');
    expect(ask(network, vpc, name, 'AAAA')).toBe('no-data');
    network.put('instance', {
      ...instance,
      enableResourceNameDnsARecord: false,
      enableResourceNameDnsAaaaRecord: false,
    });
    expect(ask(network, vpc, name)).toBe('no-name');
    expect(ask(network, vpc, 'i-0fedcba9876543210.ec2.internal')).toBe('no-name');
  });

  it('a terminated instance has no name', () => {
    const { network, vpc } = single();
    network.model.apply({
      kind: 'network-interface',
      id: 'eni-a',
      before: undefined,
      after: undefined,
    });
    expect(ask(network, vpc, `${INSTANCE}.ec2.internal`)).toBe('no-name');
    expect(ask(network, vpc, 'ip-10-0-0-5.ec2.internal')).toBe('no-name');
  });

  it.each([{ enableDnsHostnames: false }, { enableDnsSupport: false }])(
    'A-104 nothing of Amazon’s resolves with %j',
    (off) => {
      const { network, vpc } = single(off);
      for (const name of [
        'ip-10-0-0-5.ec2.internal',
        `${INSTANCE}.ec2.internal`,
        PUBLIC_NAME,
        'localhost',
      ]) {
        expect(ask(network, vpc, name)).toBe('no-name');
      }
      expect(ask(network, vpc, '5.0.0.10.in-addr.arpa', 'PTR')).toBe('no-name');
    },
  );
});

describe('public names', () => {
  it('A-105 the private address from inside the VPC', () => {
    const { network, vpc } = single();
    expect(ask(network, vpc, PUBLIC_NAME)).toBe('10.0.0.5');
    expect(ask(network, vpc, PUBLIC_NAME, 'AAAA')).toBe('no-data');
  });

  it('A-105 the public address from any other VPC', () => {
    const { network } = single();
    const other = network.vpc('b', '10.9.0.0/16', { account: '222222222222' });
    expect(ask(network, other, PUBLIC_NAME)).toBe('198.51.100.7');
    const plain = network.vpc('c', '10.8.0.0/16', { enableDnsHostnames: false });
    expect(ask(network, plain, PUBLIC_NAME)).toBe('198.51.100.7');
  });

  it('A-105 A-115 only what exists has one, in its own Region', () => {
    const { network, vpc } = single();
    expect(ask(network, vpc, 'ec2-198-51-100-8.compute-1.amazonaws.com')).toBe('no-name');
    expect(ask(network, vpc, 'ec2-198-51-100-7.eu-west-1.compute.amazonaws.com')).toBe('no-name');
    const abroad = single({ region: 'eu-west-1' });
    const name = 'ec2-198-51-100-7.eu-west-1.compute.amazonaws.com';
    expect(ask(abroad.network, abroad.vpc, name)).toBe('10.0.0.5');
    expect(ask(abroad.network, abroad.vpc, PUBLIC_NAME)).toBe('no-name');
  });
});

describe('names across a peering', () => {
  /** A VPC that asks, and a peer with one host. */
  function peered(block: string, address: string, region = 'us-east-1', option = false) {
    const network = new TestNetwork();
    const asker = network.vpc('a', '10.0.0.0/16');
    const owner = network.vpc('b', block, { account: '222222222222', region });
    network.host({ id: 'b', vpc: owner, addresses: [address], publicAddress: '198.51.100.7' });
    network.peer(asker, owner, option ? [owner] : []);
    return { network, asker, owner };
  }

  it('B-050 public names give private addresses with the owner’s option only', () => {
    const off = peered('10.1.0.0/16', '10.1.0.5');
    expect(ask(off.network, off.asker, PUBLIC_NAME)).toBe('198.51.100.7');
    const on = peered('10.1.0.0/16', '10.1.0.5', 'us-east-1', true);
    expect(ask(on.network, on.asker, PUBLIC_NAME)).toBe('10.1.0.5');
  });

  it('B-050 the option of the one who asks opens nothing for it', () => {
    const { network, asker, owner } = peered('10.1.0.0/16', '10.1.0.5');
    network.peer(asker, owner, [asker]);
    expect(ask(network, asker, PUBLIC_NAME)).toBe('198.51.100.7');
  });

  it.each(['pending-acceptance', 'provisioning', 'deleting', 'deleted'] as const)(
    'B-050 not over a connection that is %s',
    (status) => {
      const { network, asker, owner } = peered('10.1.0.0/16', '10.1.0.5');
      network.peer(asker, owner, [owner], { status });
      expect(ask(network, asker, PUBLIC_NAME)).toBe('198.51.100.7');
      expect(ask(network, asker, 'ip-10-1-0-5.ec2.internal')).toBe('no-name');
    },
  );

  it('B-050 B-052 not while the VPC that asks has DNS hostnames off', () => {
    const { network, asker } = peered('10.1.0.0/16', '10.1.0.5', 'us-east-1', true);
    const plain = network.put('vpc', { ...asker, enableDnsHostnames: false });
    expect(ask(network, plain, PUBLIC_NAME)).toBe('198.51.100.7');
  });

  it('B-055 private names: RFC 1918 addresses of the same Region without the option', () => {
    const { network, asker } = peered('10.1.0.0/16', '10.1.0.5');
    expect(ask(network, asker, 'ip-10-1-0-5.ec2.internal')).toBe('10.1.0.5');
    expect(ask(network, asker, '5.0.1.10.in-addr.arpa', 'PTR')).toBe('ip-10-1-0-5.ec2.internal');
  });

  it('B-055 others, and other Regions even for RFC 1918, with it only', () => {
    const name = 'ip-100-64-0-5.ec2.internal';
    const off = peered('100.64.0.0/16', '100.64.0.5');
    expect(ask(off.network, off.asker, name)).toBe('no-name');
    const on = peered('100.64.0.0/16', '100.64.0.5', 'us-east-1', true);
    expect(ask(on.network, on.asker, name)).toBe('100.64.0.5');
    const farName = 'ip-10-1-0-5.us-west-2.compute.internal';
    const farOff = peered('10.1.0.0/16', '10.1.0.5', 'us-west-2');
    expect(ask(farOff.network, farOff.asker, farName)).toBe('no-name');
    expect(ask(farOff.network, farOff.asker, '5.0.1.10.in-addr.arpa', 'PTR')).toBe('no-name');
    const farOn = peered('10.1.0.0/16', '10.1.0.5', 'us-west-2', true);
    expect(ask(farOn.network, farOn.asker, farName)).toBe('10.1.0.5');
    expect(ask(farOn.network, farOn.asker, '5.0.1.10.in-addr.arpa', 'PTR')).toBe(farName);
  });

  it('A-115 B-055 an instance’s resource name has its own Region', () => {
    const { network, asker, owner } = peered('10.1.0.0/16', '10.1.0.5', 'us-west-2', true);
    network.host({
      id: 'named',
      vpc: owner,
      addresses: ['10.1.0.6'],
      instance: { id: INSTANCE, enableResourceNameDnsARecord: true },
    });
    expect(ask(network, asker, `${INSTANCE}.us-west-2.compute.internal`)).toBe('10.1.0.6');
    expect(ask(network, asker, `${INSTANCE}.ec2.internal`)).toBe('no-name');
  });

  it('A-115 B-036 of two peers with one range, the one in the name’s Region', () => {
    const { network, asker } = peered('10.1.0.0/16', '10.1.0.5', 'us-west-2', true);
    const near = network.vpc('near', '10.1.0.0/16');
    network.host({ id: 'near', vpc: near, addresses: ['10.1.0.5'] });
    network.peer(asker, near, [near]);
    for (const domain of ['us-west-2.compute.internal', 'ec2.internal']) {
      expect(ask(network, asker, `ip-10-1-0-5.${domain}`)).toBe('10.1.0.5');
    }
    expect(ask(network, asker, 'ip-10-1-0-5.eu-west-1.compute.internal')).toBe('no-name');
  });

  it('A-104 not those of a peer that gives no names', () => {
    const { network, asker, owner } = peered('10.1.0.0/16', '10.1.0.5', 'us-east-1', true);
    network.put('vpc', { ...owner, enableDnsHostnames: false });
    expect(ask(network, asker, 'ip-10-1-0-5.ec2.internal')).toBe('no-name');
    expect(ask(network, asker, PUBLIC_NAME)).toBe('no-name');
  });

  it('A-106 not those of a VPC that is no peer, nor of a peer’s peer', () => {
    const { network, asker, owner } = peered('10.1.0.0/16', '10.1.0.5');
    const third = network.vpc('c', '10.2.0.0/16');
    network.host({ id: 'c', vpc: third, addresses: ['10.2.0.5'] });
    expect(ask(network, asker, 'ip-10-2-0-5.ec2.internal')).toBe('no-name');
    network.peer(owner, third, [owner, third]);
    expect(ask(network, asker, 'ip-10-2-0-5.ec2.internal')).toBe('no-name');
    expect(ask(network, owner, 'ip-10-2-0-5.ec2.internal')).toBe('10.2.0.5');
  });
});

describe('names of addresses', () => {
  it('A-115 the private name of each address', () => {
    const { network, vpc } = single();
    expect(ask(network, vpc, '5.0.0.10.in-addr.arpa', 'PTR')).toBe('ip-10-0-0-5.ec2.internal');
    expect(ask(network, vpc, '6.0.0.10.in-addr.arpa', 'PTR')).toBe('ip-10-0-0-6.ec2.internal');
    expect(ask(network, vpc, '7.0.0.10.in-addr.arpa', 'PTR')).toBe('no-name');
    expect(ask(network, vpc, '5.0.0.10.in-addr.arpa', 'A')).toBe('no-data');
  });

  it('A-115 a host called by its resource name, at its primary address', () => {
    const { network, vpc } = single();
    const instance = network.model.get('instance', INSTANCE)!;
    network.put('instance', { ...instance, hostnameType: 'resource-name' });
    expect(ask(network, vpc, '5.0.0.10.in-addr.arpa', 'PTR')).toBe(`${INSTANCE}.ec2.internal`);
    expect(ask(network, vpc, '6.0.0.10.in-addr.arpa', 'PTR')).toBe('ip-10-0-0-6.ec2.internal');
    network.host({
      id: 'second',
      vpc,
      addresses: ['10.0.9.9'],
      instance: { id: INSTANCE },
      deviceIndex: 1,
    });
    expect(ask(network, vpc, '9.9.0.10.in-addr.arpa', 'PTR')).toBe('ip-10-0-9-9.ec2.internal');
  });

  it('A-115 an interface that no instance has', () => {
    const { network, vpc } = single();
    network.host({ id: 'free', vpc, addresses: ['10.0.7.7'] });
    expect(ask(network, vpc, '7.7.0.10.in-addr.arpa', 'PTR')).toBe('ip-10-0-7-7.ec2.internal');
  });

  it('A-115 IPv6 addresses have the resource name, where that is enabled', () => {
    const { network, vpc } = single();
    const name = `5.${'0.'.repeat(23)}0.0.f.1.0.0.6.2.ip6.arpa`;
    expect(ask(network, vpc, name, 'PTR')).toBe(`${INSTANCE}.ec2.internal`);
    const instance = network.model.get('instance', INSTANCE)!;
    network.put('instance', { ...instance, enableResourceNameDnsAaaaRecord: false });
    expect(ask(network, vpc, name, 'PTR')).toBe('no-name');
  });

  it('A-105 a public address has its public name for everyone', () => {
    const { network, vpc } = single();
    const other = network.vpc('b', '10.9.0.0/16');
    for (const asker of [vpc, other]) {
      expect(ask(network, asker, '7.100.51.198.in-addr.arpa', 'PTR')).toBe(PUBLIC_NAME);
    }
    expect(ask(network, other, '8.100.51.198.in-addr.arpa', 'PTR')).toBe('no-name');
  });
});

describe('other names', () => {
  it.each([
    ['localhost', '127.0.0.1', 'A'],
    ['localhost', '::1', 'AAAA'],
    ['ec2.internal', 'no-data', 'A'],
    ['internal', 'no-data', 'A'],
    ['nternal', 'no-name', 'A'],
    ['example.com', 'no-name', 'A'],
    ['x.ec2.internal', 'no-name', 'A'],
    ['.', 'no-name', 'NS'],
  ])('I-086 %s is %s (%s)', (name, expected, type) => {
    const { network, vpc } = single();
    expect(ask(network, vpc, name, type)).toBe(expected);
  });

  it('any text is a question', () => {
    const { network, vpc } = single();
    const label = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('ip-10-0-0-5', 'ec2', 'internal', 'in-addr', 'arpa', '10', '0', INSTANCE, ''),
    );
    fc.assert(
      fc.property(
        fc.array(label, { maxLength: 8 }),
        fc.constantFrom('A', 'PTR'),
        (labels, type) => {
          const found = resolveName(network.model, vpc, { name: labels.join('.'), type });
          expect(['records', 'no-data', 'no-name']).toContain(found.kind);
        },
      ),
    );
  });
});
