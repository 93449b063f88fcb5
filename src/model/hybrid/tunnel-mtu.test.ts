import { expect, it } from 'vitest';
import { tunnelMtu } from './tunnel-mtu.ts';
import type { TunnelOptions } from './tunnel-options.ts';

type Encryption = TunnelOptions['phase2EncryptionAlgorithms'];
type Integrity = TunnelOptions['phase2IntegrityAlgorithms'];

const ALL: Encryption = ['AES128', 'AES256', 'AES128-GCM-16', 'AES256-GCM-16'];

it.each<[Encryption | undefined, Integrity | undefined, number, number]>([
  [undefined, undefined, 1446, 1438],
  [undefined, ['SHA2-512'], 1446, 1438],
  [['AES128-GCM-16'], ['SHA2-512'], 1446, 1438],
  [['AES256-GCM-16'], undefined, 1446, 1438],
  [['AES128'], undefined, 1438, 1422],
  [['AES128'], ['SHA1'], 1438, 1422],
  [['AES256'], ['SHA2-256'], 1438, 1422],
  [['AES256'], ['SHA2-384'], 1422, 1422],
  [['AES256'], ['SHA2-512'], 1422, 1406],
  // H-016: AWS tries its list from the lowest value up, however it is given.
  [['AES256-GCM-16', 'AES128'], ['SHA2-512', 'SHA1'], 1438, 1422],
  [ALL, ['SHA2-384'], 1422, 1422],
])(
  'H-038 H-016 %j with %j: %d bytes, %d over UDP',
  (encryption, integrity, plain, natTraversal) => {
    const options = {
      ...(encryption && { phase2EncryptionAlgorithms: encryption }),
      ...(integrity && { phase2IntegrityAlgorithms: integrity }),
    };
    expect(tunnelMtu({ enableAcceleration: false }, { options })).toBe(plain);
    // H-021: acceleration wants UDP around ESP.
    expect(tunnelMtu({ enableAcceleration: true }, { options })).toBe(natTraversal);
  },
);
