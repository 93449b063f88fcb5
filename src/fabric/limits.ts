/** Bounds of the fabric: every table, loop and wait has one. */

/** Stations one packet may pass, guests' forwarding included: above what TTL 255 can reach. */
export const STATIONS_MAX = 8192;
/** Tracked flows in all; past that the oldest goes. */
export const SESSIONS_MAX = 1_000_000;
/** Bindings of all masquerading instances; past that the oldest goes. */
export const TRANSLATIONS_MAX = 1_000_000;
/** Flows under one hash. More than a few is somebody's intent: looking through them costs time. */
export const HASH_CHAIN_MAX = 64;
/** Packets of which fragments are awaited, and for how long (RFC 791: 15 s or more). */
export const FRAGMENTED_PACKETS_MAX = 4096;
export const FRAGMENT_MILLIS = 30_000;
/** Flows whose way is known; past that all are forgotten, and learnt again as they send. */
export const CACHED_FLOWS_MAX = 262_144;
/** Frames that wait to be carried while another is on its way. */
export const FRAME_QUEUE_MAX = 65_536;

/** flows of one NAT gateway address to one destination, port and protocol. */
export const NAT_FLOWS_MAX = 55_000;
/** */
export const NAT_IDLE_SECONDS = 350;

/** idle seconds of tracked flows, where the interface does not say otherwise. */
export const IDLE_SECONDS = {
  tcpEstablished: 432_000,
  udp: 30,
  udpStream: 180,
  other: 600,
  /** The rulebook gives none for these: TCP before the handshake is done, after its end, ICMP. */
  tcpHandshake: 60,
  tcpClosed: 10,
  icmp: 30,
} as const;
