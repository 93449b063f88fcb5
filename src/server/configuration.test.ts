import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, configure, FLAGS, variableOf } from './configuration.ts';

describe('configure', () => {
  it("has the contract's values when nothing is said", () => {
    expect(configure({}, {})).toEqual({
      port: 4566,
      host: '127.0.0.1',
      'allowed-hosts': [],
      data: '.openvpc',
      ephemeral: false,
      quotas: true,
      transitions: 'fast',
      zones: 'same',
      seed: undefined,
      sigv4: 'off',
      'sigv4-keys': new Map(),
      'log-level': 'info',
      demo: false,
    });
  });

  it('takes every flag from the environment too', () => {
    const environment = {
      OPENVPC_PORT: '0',
      OPENVPC_HOST: '0.0.0.0',
      OPENVPC_ALLOWED_HOSTS: 'lab,vpc.example',
      OPENVPC_DATA: '/tmp/x',
      OPENVPC_EPHEMERAL: '1',
      OPENVPC_QUOTAS: 'off',
      OPENVPC_TRANSITIONS: 'aws',
      OPENVPC_ZONES: 'shuffled',
      OPENVPC_SEED: '42',
      OPENVPC_SIGV4: 'off',
      OPENVPC_SIGV4_KEYS: 'AKIDEXAMPLE:se/cr+et=',
      OPENVPC_LOG_LEVEL: 'silent',
      OPENVPC_DEMO: 'yes',
    };
    expect(Object.keys(environment)).toEqual(Object.keys(FLAGS).map(variableOf));
    expect(configure({}, environment)).toEqual({
      port: 0,
      host: '0.0.0.0',
      'allowed-hosts': ['lab', 'vpc.example'],
      data: '/tmp/x',
      ephemeral: true,
      quotas: false,
      transitions: 'aws',
      zones: 'shuffled',
      seed: 42,
      sigv4: 'off',
      'sigv4-keys': new Map([['AKIDEXAMPLE', 'se/cr+et=']]),
      'log-level': 'silent',
      demo: true,
    });
  });

  it('takes a signature check from there too', () => {
    const environment = { OPENVPC_SIGV4: 'enforce', OPENVPC_SIGV4_KEYS: 'KEY:s' };
    expect(configure({}, environment).sigv4).toBe('enforce');
  });

  it('lets a flag win over the environment', () => {
    expect(configure({ port: '1' }, { OPENVPC_PORT: '2' }).port).toBe(1);
  });

  it.each([
    [{ port: '65536' }, "--port must be a whole number from 0 to 65535 (not '65536')"],
    [{ port: '-1' }, "--port must be a whole number from 0 to 65535 (not '-1')"],
    [{ port: '' }, "--port must be a whole number from 0 to 65535 (not '')"],
    [{ quotas: 'maybe' }, "--quotas must be one of on, off (not 'maybe')"],
    [{ seed: '1.5' }, "--seed must be a whole number from 0 to 4294967295 (not '1.5')"],
    [{ host: 'a b' }, "--host must be an address or a host name (not 'a b')"],
    [{ data: '' }, "--data must name a folder (not '')"],
    [{ sigv4: 'enforce' }, '--sigv4 enforce needs --sigv4-keys'],
    [{ sigv4: 'enforce', 'sigv4-keys': 'KEY:s', demo: 'true' }, '--demo needs --sigv4 off'],
    [{ 'sigv4-keys': 'nonsense' }, '--sigv4-keys must be ID:SECRET, with commas in between'],
    [{ 'sigv4-keys': '@/no/file' }, '--sigv4-keys names a file that cannot be read: /no/file'],
  ])('refuses %j', (flags, message) => {
    expect(() => configure(flags, {})).toThrow(new ConfigurationError(message));
  });

  it('names the variable that is wrong', () => {
    const message = "OPENVPC_PORT must be a whole number from 0 to 65535 (not 'http')";
    expect(() => configure({}, { OPENVPC_PORT: 'http' })).toThrow(new ConfigurationError(message));
  });

  it('reads keys from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'openvpc-keys-'));
    const file = join(folder, 'keys');
    writeFileSync(file, 'AKIDONE:secret1\nAKIDTWO:secret2\n');
    const { 'sigv4-keys': found } = configure({ 'sigv4-keys': `@${file}` }, {});
    await rm(folder, { recursive: true });
    expect([...found]).toEqual([
      ['AKIDONE', 'secret1'],
      ['AKIDTWO', 'secret2'],
    ]);
  });
});
