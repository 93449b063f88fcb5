/** What may be chosen for a VPN tunnel, and what holds where nothing is (H-015 to H-020). */

export const ENCRYPTION_ALGORITHMS = [
  'AES128',
  'AES256',
  'AES128-GCM-16',
  'AES256-GCM-16',
] as const;
export const INTEGRITY_ALGORITHMS = ['SHA1', 'SHA2-256', 'SHA2-384', 'SHA2-512'] as const;
export const IKE_VERSIONS = ['ikev1', 'ikev2'] as const;
/** Group 5 is legal in phase 2 only. */
export const PHASE1_DH_GROUPS = [2, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24] as const;
export const PHASE2_DH_GROUPS = [2, 5, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24] as const;
export const DPD_TIMEOUT_ACTIONS = ['clear', 'restart', 'none'] as const;
export const STARTUP_ACTIONS = ['add', 'start'] as const;

/** Everything that has a default: a connection keeps what its owner chose, and shows that alone. */
export interface TunnelOptions {
  readonly phase1LifetimeSeconds: number;
  readonly phase2LifetimeSeconds: number;
  readonly rekeyMarginTimeSeconds: number;
  readonly rekeyFuzzPercentage: number;
  readonly replayWindowSize: number;
  readonly dpdTimeoutSeconds: number;
  readonly dpdTimeoutAction: (typeof DPD_TIMEOUT_ACTIONS)[number];
  readonly phase1EncryptionAlgorithms: readonly (typeof ENCRYPTION_ALGORITHMS)[number][];
  readonly phase2EncryptionAlgorithms: readonly (typeof ENCRYPTION_ALGORITHMS)[number][];
  readonly phase1IntegrityAlgorithms: readonly (typeof INTEGRITY_ALGORITHMS)[number][];
  readonly phase2IntegrityAlgorithms: readonly (typeof INTEGRITY_ALGORITHMS)[number][];
  readonly phase1DhGroupNumbers: readonly (typeof PHASE1_DH_GROUPS)[number][];
  readonly phase2DhGroupNumbers: readonly (typeof PHASE2_DH_GROUPS)[number][];
  readonly ikeVersions: readonly (typeof IKE_VERSIONS)[number][];
  readonly startupAction: (typeof STARTUP_ACTIONS)[number];
}

const DEFAULT_TUNNEL_OPTIONS: TunnelOptions = {
  phase1LifetimeSeconds: 28_800,
  phase2LifetimeSeconds: 3600,
  rekeyMarginTimeSeconds: 270,
  rekeyFuzzPercentage: 100,
  replayWindowSize: 1024,
  dpdTimeoutSeconds: 30, // H-018
  dpdTimeoutAction: 'clear',
  phase1EncryptionAlgorithms: ENCRYPTION_ALGORITHMS,
  phase2EncryptionAlgorithms: ENCRYPTION_ALGORITHMS,
  phase1IntegrityAlgorithms: INTEGRITY_ALGORITHMS,
  phase2IntegrityAlgorithms: INTEGRITY_ALGORITHMS,
  phase1DhGroupNumbers: PHASE1_DH_GROUPS,
  phase2DhGroupNumbers: PHASE2_DH_GROUPS,
  ikeVersions: IKE_VERSIONS,
  startupAction: 'add',
};

interface Range {
  readonly from: number;
  readonly to: number;
}

/** H-017, H-018: of single numbers; what depends on another one is checked beside it. */
export const TUNNEL_OPTION_RANGES = {
  phase1LifetimeSeconds: { from: 900, to: 28_800 },
  phase2LifetimeSeconds: { from: 900, to: 3600 },
  rekeyMarginTimeSeconds: { from: 60, to: 1800 },
  rekeyFuzzPercentage: { from: 0, to: 100 },
  replayWindowSize: { from: 64, to: 2048 },
  dpdTimeoutSeconds: { from: 30, to: 0x7fff_ffff },
} satisfies { readonly [Name in keyof TunnelOptions]?: Range };

/** H-015 */
export const PRE_SHARED_KEY = { lengthMin: 8, lengthMax: 64, lengthOfDefault: 32 } as const;

/** What holds for a tunnel: what was chosen, else the defaults. */
export function effectiveOptions(chosen: Partial<TunnelOptions>): TunnelOptions {
  return { ...DEFAULT_TUNNEL_OPTIONS, ...chosen };
}
