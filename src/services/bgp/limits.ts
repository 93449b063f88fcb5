/** Every bound and default of the BGP speaker, in one place. */
export const BGP_LIMITS = {
  /** RFC 4271 section 10; H-087. */
  connectRetrySeconds: 120,
  /** RFC 4271 section 8.2.2: the hold timer before the OPEN of the other side; H-087. */
  openHoldSeconds: 240,
  /** RFC 4271 section 10; AWS's own are in H-078. */
  holdSeconds: 90,
  /** RFC 4271 section 4.4: not more often than once a second. */
  keepaliveSecondsMin: 1,
  /** How long a session that failed stays Idle, doubled with each failure (RFC 4271 8.1.1). */
  idleHoldSeconds: 2,
  idleHoldSecondsMax: 120,
  /** A session that lasted so long has not failed: counting begins anew. */
  stableSeconds: 60,
  /** RFC 4271 section 10: timers run between this part of their time and all of it. */
  jitterMin: 0.75,
  /** Prefixes of one family from a peer whose configuration has no limit of its own. */
  prefixesMax: 100_000,
  /** Octets of path attributes that are known to be equal when they are; past that all are new. */
  attributeBytesMax: 8 * 1024 * 1024,
} as const;

/** RFC 4271 leaves it open; every router's default. */
export const LOCAL_PREFERENCE = 100;
