/** Every bound of the in-process host, in one place. Times are milliseconds, sizes are octets. */

/** Buffers and counts of one TCP connection. No window scaling: the window is the buffer. */
export const TCP_LIMITS = {
  /** In-order octets held for a paused reader; also the window offered. */
  receiveBuffer: 65_535,
  /** Octets accepted from the application and not yet acknowledged. */
  sendBuffer: 2 * 65_535,
  /** Segments held behind a gap; what does not fit is dropped and sent again by the peer. */
  outOfOrderSegments: 128,
  /** Connections of one host, TIME-WAIT included; a SYN beyond is dropped. */
  connections: 1024,
  /** RFC 6298 section 2: before the first measurement. */
  initialRtoMs: 1_000,
  /** Below RFC 6298 (2.4)'s one second, as Linux has it. */
  minRtoMs: 200,
  maxRtoMs: 60_000,
  /** The clock granularity G of RFC 6298. */
  clockGranularityMs: 1,
  /** Retransmissions of a SYN before the open fails. */
  synRetransmits: 6,
  /** Retransmissions of anything else before the connection is given up. */
  retransmits: 12,
  /** RFC 5681 section 3.2. */
  duplicateAcks: 3,
  /** Answers to unacceptable segments in one window of time (RFC 5961 section 7). */
  challengeAcks: 10,
  challengeWindowMs: 1_000,
  /** 2 MSL, short: segments do not wander for minutes here. */
  timeWaitMs: 1_000,
  /** How long FIN-WAIT-2 waits for a peer that does not close. */
  finWait2Ms: 60_000,
  /** RFC 9293 section 3.7.1: where the peer's SYN has no MSS option. */
  defaultMss4: 536,
  defaultMss6: 1_220,
  /** The smallest payload a path MTU or an MSS option can force upon us. */
  minSegmentSize: 48,
} as const;

/** Bounds below TCP. */
export const HOST_LIMITS = {
  /** Addresses resolved or being resolved; the oldest goes first. */
  neighbors: 512,
  /** Frames that wait for one resolution: a fragmented datagram of 64 KiB at an MTU of 1500. */
  neighborQueue: 64,
  /** Requests for one address (MAX_MULTICAST_SOLICIT of RFC 4861 section 10). */
  neighborRequests: 3,
  neighborRequestMs: 1_000,
  /** How long an answer is believed. */
  neighborReachableMs: 60_000,
  /** RFC 791 section 3.2 leaves it open; Linux's value. */
  reassemblyMs: 30_000,
  /** Datagrams being reassembled at a time; the oldest goes first. */
  reassemblies: 16,
  fragmentsPerDatagram: 128,
  /** Path MTUs remembered, and for how long (RFC 1191 section 6.3, RFC 8201 section 5.3). */
  pathMtus: 256,
  pathMtuMs: 600_000,
  /** No path is believed to carry less: Linux's value, and RFC 8200's minimum. */
  minPathMtu4: 552,
  minPathMtu6: 1_280,
  /** Echo requests waiting for their reply; the oldest is forgotten. */
  pings: 256,
  /** Multicast groups one host is in: Linux's value. */
  groups: 20,
  /** Datagram exchanges begun here, whose late answers the echo service leaves alone. */
  udpFlows: 1024,
  udpFlowMs: 30_000,
  /** Packets on their way to ourselves. */
  loopback: 1024,
  /** Packets to ourselves that one packet may lead to. */
  loopbackFrames: 262_144,
  /** Octets of a packet that an ICMP error quotes: all fits 576 octets (RFC 1812 4.3.2.3). */
  quote4: 548,
  /** As much as fits the minimum MTU (RFC 4443 section 2.4 (c)). */
  quote6: 1_232,
} as const;
