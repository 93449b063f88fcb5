/** How large a packet inside a VPN tunnel may be, by how it is encrypted (H-038). */
import type { TunnelOptions } from './tunnel-options.ts';
import type { VpnConnection, VpnTunnel } from './vpn-connection.ts';

/** Bytes, without and with UDP around ESP. */
interface Sizes {
  readonly plain: number;
  readonly natTraversal: number;
}

const GCM: Sizes = { plain: 1446, natTraversal: 1438 };

type Integrity = TunnelOptions['phase2IntegrityAlgorithms'][number];

/** Of CBC, by what guards its integrity. */
const CBC: Readonly<Record<Integrity, Sizes>> = {
  SHA1: { plain: 1438, natTraversal: 1422 },
  'SHA2-256': { plain: 1438, natTraversal: 1422 },
  'SHA2-384': { plain: 1422, natTraversal: 1422 },
  'SHA2-512': { plain: 1422, natTraversal: 1406 },
};

/**
 * In bytes. Nobody negotiates here: of the algorithms that were chosen the first holds, as AWS
 * tries them (H-016); where none was chosen, what C-129 gives. Acceleration wants UDP around ESP
 * (H-021).
 */
export function tunnelMtu(
  { enableAcceleration }: Pick<VpnConnection, 'enableAcceleration'>,
  { options }: Pick<VpnTunnel, 'options'>,
): number {
  const { plain, natTraversal } = sizesOf(options);
  return enableAcceleration ? natTraversal : plain;
}

function sizesOf({
  phase2EncryptionAlgorithms: encryption = ['AES128-GCM-16'],
  phase2IntegrityAlgorithms: integrity = ['SHA1'],
}: Partial<TunnelOptions>): Sizes {
  const [first] = encryption.toSorted();
  return first?.includes('GCM') ? GCM : CBC[integrity.toSorted()[0] ?? 'SHA1'];
}
