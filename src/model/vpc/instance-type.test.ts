import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMON_INSTANCE_TYPES, DEFAULT_INSTANCE_TYPE, instanceType } from './instance-type.ts';

describe('instance types', () => {
  // AWS's published limits: vCPUs, GiB, interfaces, addresses each.
  it.each([
    ['t2.micro', 1, 1, 2, 2],
    ['t2.xlarge', 4, 16, 3, 15],
    ['t3.small', 2, 2, 3, 4],
    ['t3.large', 2, 8, 3, 12],
    ['t4g.2xlarge', 8, 32, 4, 15],
    ['m5.large', 2, 8, 3, 10],
    ['m5.xlarge', 4, 16, 4, 15],
    ['c5.4xlarge', 16, 32, 8, 30],
    ['c5.18xlarge', 72, 144, 15, 50],
    ['r5.24xlarge', 96, 768, 15, 50],
    ['m6g.medium', 1, 4, 2, 4],
    ['m5.metal', 96, 384, 15, 50],
  ])('%s is as AWS has it', (name, vcpus, gib, networkInterfacesMax, addressesPerInterface) => {
    expect(instanceType(name)).toMatchObject({
      vcpus,
      memoryMib: gib * 1024,
      networkInterfacesMax,
      addressesPerInterface,
    });
  });

  it('know their processor', () => {
    const architectures = ['m5.large', 'm6g.large', 'c7gn.xlarge', 'g5.xlarge', 'a1.large'].map(
      (name) => instanceType(name)?.architecture,
    );
    expect(architectures).toEqual(['x86_64', 'arm64', 'arm64', 'x86_64', 'arm64']);
    expect(instanceType('m4.large')?.hypervisor).toBe('xen');
    expect(instanceType('m5.metal')?.bareMetal).toBe(true);
  });

  it('have names of one shape', () => {
    for (const name of [
      // Answered as soon as any other.
      'a'.repeat(1_000_000),
      `m5.${'x'.repeat(70)}`,
      '',
      'm5',
      'm5.',
      '.large',
      'M5.large',
      'm5.large ',
      'm5 large',
      '5m.large',
    ]) {
      expect([name, instanceType(name)]).toEqual([name, undefined]);
    }
    for (const name of ['u-6tb1.metal', 'm7i-flex.large', 'c6a.metal-48xl', 'mac2-m2.metal']) {
      expect(instanceType(name)?.name).toBe(name);
    }
  });

  it('leave room for one interface with one address at least, whatever the name', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}\.[a-z0-9-]{1,9}$/);
    fc.assert(
      fc.property(name, (text) => {
        const type = instanceType(text);
        if (type === undefined) return;
        expect(type.networkInterfacesMax).toBeGreaterThan(0);
        expect(type.addressesPerInterface).toBeGreaterThan(0);
        expect(type.vcpus).toBeGreaterThan(0);
      }),
    );
  });

  it('are listed once, sorted, the default one known', () => {
    const names = COMMON_INSTANCE_TYPES.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
    expect(instanceType(DEFAULT_INSTANCE_TYPE)).toBeDefined();
  });
});
