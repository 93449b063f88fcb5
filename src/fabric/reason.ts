/**
 * Why a packet did not arrive: one closed list. Codes are Reachability Analyzer's explanation codes
 * where one fits (rulebook FC-01 to FC-89), else openvpc's own in the same style.
 * The table in docs/reasons.md is made from this list: `UPDATE=1 npm test -- test/docs`.
 */

export interface ReasonRow {
  /** What must be so. */
  readonly cause: string;
  /** The kind of resource the answer's `at` names. */
  readonly at: string;
  /** Reachability Analyzer's row in the rulebook, or undefined for a code of ours. */
  readonly authority?: string;
  /** One plain sentence; `at` is the resource, `packet` the header in short. */
  readonly sentence: (at: string, packet: string) => string;
}

export const REASONS = {
  BAD_STATE: {
    cause: 'The interface is not attached, or its instance is not running.',
    at: 'network interface',
    authority: 'FC-01',
    sentence: (at) => `${at} does not work: it is not attached to a running instance.`,
  },
  BAD_STATE_ROUTE: {
    cause: 'The longest matching route is a blackhole: its target is gone, detached or not active.',
    at: 'route table',
    authority: 'FC-03',
    sentence: (at, packet) => `The route of ${at} that matches ${packet} is a blackhole.`,
  },
  ENI_SG_RULES_MISMATCH: {
    cause: 'No rule of any security group of the interface allows the packet.',
    at: 'network interface',
    authority: 'FC-18',
    sentence: (at, packet) => `No security group rule of ${at} allows ${packet}.`,
  },
  SG_HAS_NO_RULES: {
    cause: 'The security groups of the interface have no rule at all in that direction.',
    at: 'network interface',
    authority: 'FC-45',
    sentence: (at, packet) =>
      `The security groups of ${at} have no rules in this direction, so ${packet} is refused.`,
  },
  SG_REFERENCES_NOT_PRESERVED: {
    cause:
      'A rule would allow the sender by its security group, but a middlebox or a multicast domain ' +
      'forwarded the packet and the group is no longer known.',
    at: 'network interface',
    authority: 'FC-46',
    sentence: (at, packet) =>
      `${at} allows the sender's group, but ${packet} was forwarded on the way and lost its group.`,
  },
  ENI_SOURCE_DEST_CHECK_RESTRICTION: {
    cause: 'The source/destination check is on and the address is not the interface’s own.',
    at: 'network interface',
    authority: 'FC-19',
    sentence: (at, packet) =>
      `${at} checks source and destination, and ${packet} does not carry its address.`,
  },
  SG_REFERENCING_SUPPORT: {
    cause:
      'A rule would allow the sender by its security group, but the transit gateway or one of the ' +
      'two attachments does not carry group references.',
    at: 'network interface',
    authority: 'FC-47',
    sentence: (at, packet) =>
      `${at} allows the sender's group, but the transit gateway does not tell the group of ${packet}.`,
  },
  SUBNET_ACL_RESTRICTION: {
    cause: 'A network ACL entry denies the packet; the final entry denies what no other matched.',
    at: 'network ACL',
    authority: 'FC-48',
    sentence: (at, packet) => `${at} denies ${packet}.`,
  },
  NO_ROUTE_TO_DESTINATION: {
    cause: 'The route table has no route that matches the destination.',
    at: 'route table',
    authority: 'FC-40',
    sentence: (at, packet) => `${at} has no route for ${packet}.`,
  },
  NO_POSSIBLE_DESTINATION: {
    cause: 'Nothing in this network has the destination address.',
    at: 'VPC, subnet, or gateway',
    authority: 'FC-39',
    sentence: (at, packet) => `Nothing behind ${at} has the destination of ${packet}.`,
  },
  PCX_REQUIRES_ADDRESS_IN_VPC_CIDR: {
    cause:
      'The destination is outside the blocks of the VPC that the peering leads to: no transit.',
    at: 'VPC peering connection',
    authority: 'FC-41',
    sentence: (at, packet) =>
      `${at} carries packets to addresses of the peer VPC only, which ${packet} is not.`,
  },
  TGW_ROUTE_AZ_RESTRICTION: {
    cause: 'The transit gateway has no attachment subnet in the Availability Zone of the sender.',
    at: 'transit gateway attachment',
    authority: 'FC-54',
    sentence: (at, packet) => `${at} has no subnet in the Availability Zone that ${packet} is in.`,
  },
  TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION: {
    cause: 'The attachment is associated with no transit gateway route table.',
    at: 'transit gateway attachment',
    authority: 'FC-51',
    sentence: (at, packet) => `${at} is associated with no route table that could route ${packet}.`,
  },
  TGW_ATTACH_IPV6_NOT_SUPPORTED: {
    cause: 'The attachment’s option Ipv6Support is off.',
    at: 'transit gateway attachment',
    sentence: (at, packet) => `${at} does not carry IPv6: ${packet}.`,
  },
  TGW_BAD_STATE_VPN: {
    cause: 'No tunnel of the VPN connection is up.',
    at: 'transit gateway attachment',
    authority: 'FC-53',
    sentence: (at, packet) => `No tunnel behind ${at} is up, so ${packet} goes nowhere.`,
  },
  BAD_STATE_VPN: {
    cause: 'The tunnel, virtual interface or Connect peer is down, or is not there any more.',
    at: 'VPN connection, virtual interface or Connect peer',
    authority: 'FC-04',
    sentence: (at, packet) => `${at} is down, so ${packet} goes nowhere.`,
  },
  VPN_PEER_UNREACHABLE: {
    cause: 'AWS takes the link for up, but the device at the other end does not answer.',
    at: 'VPN connection, virtual interface or Connect peer',
    sentence: (at, packet) => `Nobody at the other end of ${at} takes ${packet}.`,
  },
  VPN_TRAFFIC_SELECTOR_MISMATCH: {
    cause: 'The packet is outside the VPN connection’s local and remote network CIDRs.',
    at: 'VPN connection',
    sentence: (at, packet) => `${packet} is outside the traffic selectors of ${at}.`,
  },
  VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS: {
    cause: 'The source is no address of the VPC that the virtual private gateway is attached to.',
    at: 'virtual private gateway',
    authority: 'FC-64',
    sentence: (at, packet) => `${at} refuses ${packet}: the source is not of its VPC.`,
  },
  VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS: {
    cause: 'The destination is no address of a network interface in the gateway’s VPC.',
    at: 'virtual private gateway',
    authority: 'FC-65',
    sentence: (at, packet) => `${at} knows no network interface with the destination of ${packet}.`,
  },
  TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT: {
    cause: 'The transit gateway’s route table has no route that matches the destination.',
    at: 'transit gateway route table',
    authority: 'FC-59',
    sentence: (at, packet) => `${at} has no route to an attachment for ${packet}.`,
  },
  TGW_RTB_BAD_STATE_ROUTE: {
    cause:
      'The longest matching route of the transit gateway is a blackhole, or its attachment is gone.',
    at: 'transit gateway route table',
    authority: 'FC-55',
    sentence: (at, packet) => `The route of ${at} that matches ${packet} is a blackhole.`,
  },
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS: {
    cause: 'The destination is a private address (RFC 1918): it does not exist on the Internet.',
    at: 'internet gateway',
    authority: 'FC-26',
    sentence: (at, packet) => `${at} does not carry ${packet}: the destination is private.`,
  },
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS: {
    cause: 'The destination is shared address space (RFC 6598).',
    at: 'internet gateway',
    authority: 'FC-27',
    sentence: (at, packet) => `${at} does not carry ${packet}: the destination is shared space.`,
  },
  IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS: {
    cause: 'A packet from the Internet has a private source (RFC 1918).',
    at: 'internet gateway',
    authority: 'FC-31',
    sentence: (at, packet) => `${at} does not let ${packet} in: the source is private.`,
  },
  IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS: {
    cause: 'A packet from the Internet has a source in shared address space (RFC 6598).',
    at: 'internet gateway',
    authority: 'FC-32',
    sentence: (at, packet) => `${at} does not let ${packet} in: the source is shared space.`,
  },
  IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS: {
    cause: 'The source has no public IPv4 address for the internet gateway to translate to.',
    at: 'internet gateway',
    authority: 'FC-30',
    sentence: (at, packet) => `${at} has no public address for the source of ${packet}.`,
  },
  IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS: {
    cause: 'The destination is no address of an interface behind the internet gateway.',
    at: 'internet gateway',
    authority: 'FC-29',
    sentence: (at, packet) => `${at} leads to no interface with the destination of ${packet}.`,
  },
  INGRESS_RTB_NO_PUBLIC_IP: {
    cause:
      'The route table of the internet gateway leads to an interface without a public address: ' +
      'of IPv6, without any.',
    at: 'route table',
    authority: 'FC-33',
    sentence: (at, packet) =>
      `${at} leads ${packet} to a network interface that has no public address.`,
  },
  GATEWAY_REJECTS_SPOOFED_TRAFFIC: {
    cause: 'The source is no address of the VPC that the gateway serves.',
    at: 'egress-only internet gateway',
    authority: 'FC-21',
    sentence: (at, packet) => `${at} refuses ${packet}: the source is not of its VPC.`,
  },
  EIGW_REQUIRES_OUTBOUND_FLOW: {
    cause: 'An egress-only internet gateway lets in only what answers a flow from inside.',
    at: 'egress-only internet gateway',
    sentence: (at, packet) => `${packet} answers no flow that went out by ${at}.`,
  },
  NGW_REQUIRES_SOURCE_IN_VPC: {
    cause:
      'The sender is outside the VPC of the NAT gateway: peering, VPN and Direct Connect cannot use it.',
    at: 'NAT gateway',
    authority: 'FC-37',
    sentence: (at, packet) =>
      `${at} serves its own VPC only, and the source of ${packet} is not there.`,
  },
  NGW_REQUIRES_OUTBOUND_FLOW: {
    cause: 'A packet to an address of the NAT gateway belongs to no flow from inside.',
    at: 'NAT gateway',
    sentence: (at, packet) => `${packet} answers no flow that ${at} translates.`,
  },
  NGW_IDLE_TIMEOUT: {
    cause:
      'The middle of a TCP connection that was idle for 350 s, or that the NAT gateway never saw: ' +
      'its sender gets a reset.',
    at: 'NAT gateway',
    sentence: (at, packet) => `${at} has no connection for ${packet}: it was idle for too long.`,
  },
  NGW_FRAGMENTS_NOT_SUPPORTED: {
    cause: 'A NAT gateway takes no fragments of TCP and ICMP packets, with NAT64 none at all.',
    at: 'NAT gateway',
    sentence: (at, packet) => `${at} does not take fragments, and ${packet} is one.`,
  },
  PORT_ALLOCATION_ERROR: {
    cause:
      'Every port of the translator’s addresses to that destination is taken (55,000 flows each at ' +
      'a NAT gateway).',
    at: 'NAT gateway or network interface',
    sentence: (at, packet) => `${at} has no free port for ${packet}.`,
  },
  PROTOCOL_RESTRICTION: {
    cause: 'The component does not speak that protocol or port.',
    at: 'VPC, gateway or network interface',
    authority: 'FC-42',
    sentence: (at, packet) => `${at} does not take ${packet}: not a protocol or port it speaks.`,
  },
  MULTICAST_NOT_SUPPORTED: {
    cause:
      'A VPC carries no broadcast, and no multicast without a transit gateway’s domain; a tunnel ' +
      'carries neither.',
    at: 'subnet, transit gateway attachment or network interface',
    sentence: (at, packet) => `${at} carries neither multicast nor broadcast: ${packet}.`,
  },
  MULTICAST_NO_MEMBERS: {
    cause: 'No interface but the sender’s own is a member of the group in the multicast domain.',
    at: 'multicast domain',
    sentence: (at, packet) => `Nobody else is a member of the group of ${packet} in ${at}.`,
  },
  MULTICAST_SOURCE_NOT_REGISTERED: {
    cause:
      'The multicast domain has static sources, and the sender’s interface is no source of the group.',
    at: 'multicast domain',
    sentence: (at, packet) => `The sender of ${packet} is no registered source of it in ${at}.`,
  },
  MULTICAST_FRAGMENTS_NOT_SUPPORTED: {
    cause: 'A transit gateway takes no fragments of multicast packets.',
    at: 'multicast domain',
    sentence: (at, packet) => `${at} does not take fragments, and ${packet} is one.`,
  },
  GRE_MALFORMED: {
    cause:
      'What came to the end of a GRE tunnel is no GRE packet of RFC 2784 with an IP packet in it: ' +
      'not version 0, a key, a sequence number, routing, a wrong checksum, or something that is ' +
      'cut off, of another type, or a fragment whose first one was not seen.',
    at: 'transit gateway attachment or network interface',
    sentence: (at, packet) => `${at} finds no IP packet in ${packet}.`,
  },
  GRE_FRAGMENTS_NOT_SUPPORTED: {
    cause: 'The end of a GRE tunnel puts no fragments together.',
    at: 'transit gateway attachment or network interface',
    sentence: (at, packet) => `${at} takes whole GRE packets only, and ${packet} is in pieces.`,
  },
  VPC_DNS_SUPPORT_DISABLED: {
    cause: 'The VPC’s attribute enableDnsSupport is off: its resolver does not answer.',
    at: 'VPC',
    sentence: (at) => `The resolver of ${at} is off: enableDnsSupport is false.`,
  },
  NAME_NOT_RESOLVED: {
    cause: 'The VPC’s resolver has no address for the name.',
    at: 'VPC',
    sentence: (at) => `The resolver of ${at} has no address for that name.`,
  },
  MTU_EXCEEDED: {
    cause: 'The packet is larger than the path carries and may not be fragmented.',
    at: 'peering connection, gateway or attachment',
    sentence: (at, packet) => `${packet} is larger than ${at} carries and may not be fragmented.`,
  },
  TTL_EXPIRED: {
    cause:
      'A forwarding instance, a NAT gateway or a transit gateway counted the packet’s time to live ' +
      'down to zero.',
    at: 'network interface, NAT gateway or transit gateway attachment',
    sentence: (at, packet) => `The time to live of ${packet} ran out at ${at}.`,
  },
  INSTANCE_DROPS: {
    cause: 'The forwarding instance is told to swallow packets (tag openvpc:forward=drop).',
    at: 'network interface',
    sentence: (at, packet) => `The instance of ${at} swallows ${packet} (openvpc:forward=drop).`,
  },
} as const satisfies Record<string, ReasonRow>;

export type Reason = keyof typeof REASONS;
export const REASON_CODES = Object.keys(REASONS) as Reason[];

export function reasonRow(reason: Reason): ReasonRow {
  return REASONS[reason];
}

/** The sentence of an answer's `message`. */
export function reasonSentence(reason: Reason, at: string, packet: string): string {
  return reasonRow(reason).sentence(at, packet);
}
