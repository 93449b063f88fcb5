/** Where things are: paths of the work tree and what is found in them. */
import { posix } from 'node:path';

export interface Finding {
  /** Relative to the repository's root, with `/`. */
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export function isInSource(path: string): boolean {
  return path.startsWith('src/');
}

/** Tests and what only tests use; not part of the product. */
export function isTestSide(path: string): boolean {
  return !isInSource(path) || /(\.(test|conformance|child)|\/test-[\w-]+)\.ts$/.test(path);
}

/** `src/net/ip.ts` is of layer net. */
export function layerOf(path: string): string | undefined {
  return isInSource(path) ? path.split('/')[1] : undefined;
}

/** The path a relative specifier means; undefined for a package. */
export function resolveFrom(path: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return posix.join(posix.dirname(path), specifier);
}
