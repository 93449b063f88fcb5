/** IANA protocol numbers that openvpc reads. */
export const PROTOCOL = { icmp: 1, igmp: 2, tcp: 6, udp: 17, gre: 47, icmpv6: 58 } as const;

/** EtherTypes (IEEE 802 numbers). */
export const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;
