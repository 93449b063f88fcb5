/** Who may import whom, from design to test. */

/** Imports go down this list only: a folder sees itself and those before it. */
export const LAYERS = [
  'net',
  'wire',
  'model',
  'fabric',
  'reach',
  'guests',
  'services',
  'store',
  'control',
  'aws',
  'server',
  'cli',
] as const;
export type Layer = (typeof LAYERS)[number];

interface Limits {
  readonly values: readonly Layer[];
  /** Seen through `import type` only. */
  readonly types: readonly Layer[];
}

/** Layers that see less than what stands before them. */
const NARROW: Partial<Record<Layer, Limits>> = {
  // Packets know nothing of what exists.
  wire: { values: ['net'], types: [] },
  // What stands behind an interface knows nothing of AWS; the fabric hands it its port.
  guests: { values: ['net', 'wire'], types: ['fabric'] },
  services: { values: ['net', 'wire', 'model', 'guests'], types: ['fabric'] },
  // Durability knows nothing but records.
  store: { values: ['net'], types: [] },
};

export function isLayer(name: string | undefined): name is Layer {
  return (LAYERS as readonly (string | undefined)[]).includes(name);
}

/** Whether a file of layer `from` may import from layer `to`. */
export function mayImport(from: Layer, to: Layer, typeOnly: boolean): boolean {
  if (from === to) return true;
  const narrow = NARROW[from];
  if (narrow === undefined) return LAYERS.indexOf(to) < LAYERS.indexOf(from);
  return narrow.values.includes(to) || (typeOnly && narrow.types.includes(to));
}
