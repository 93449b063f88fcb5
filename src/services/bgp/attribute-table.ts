/** Path attributes made one object where they are equal, so that equal is `===` afterwards. */
import type { AsnWidth } from '../../wire/bgp/as-path.ts';
import {
  type EncodedAttributes,
  encodeAttributes,
  type PathAttributes,
} from '../../wire/bgp/path-attributes.ts';
import { BGP_LIMITS } from './limits.ts';

/**
 * Bounded by forgetting all: what is made known after that is no longer the same object as before.
 * Equality that is missed costs a message that says nothing new, never a wrong one.
 */
export class AttributeTable {
  readonly #byContent = new Map<string, PathAttributes>();
  /** Octets of all keys. */
  #size = 0;
  readonly #known = new WeakSet<PathAttributes>();
  readonly #encoded: Record<AsnWidth, WeakMap<PathAttributes, EncodedAttributes>> = {
    2: new WeakMap(),
    4: new WeakMap(),
  };

  /** The one object for attributes with this content. */
  unique(attributes: PathAttributes): PathAttributes {
    if (this.#known.has(attributes)) return attributes;
    const { front, rest } = this.encoded(attributes, 4);
    const key = latin1(front) + latin1(rest);
    let one = this.#byContent.get(key);
    if (one === undefined) {
      one = attributes;
      this.#remember(key, one);
      this.#known.add(one);
    }
    return one;
  }

  #remember(key: string, attributes: PathAttributes): void {
    if (this.#size + key.length > BGP_LIMITS.attributeBytesMax) {
      this.#byContent.clear();
      this.#size = 0;
    }
    this.#byContent.set(key, attributes);
    this.#size += key.length;
  }

  /** The attributes as bytes, made once. */
  encoded(attributes: PathAttributes, width: AsnWidth): EncodedAttributes {
    const cache = this.#encoded[width];
    let encoded = cache.get(attributes);
    if (encoded === undefined) {
      encoded = encodeAttributes(attributes, width);
      cache.set(attributes, encoded);
    }
    return encoded;
  }
}

function latin1({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}
