/** A packet as the hook shows it. */
export interface Packet {
  readonly family: 'IPv4' | 'IPv6'
  readonly source: string
  readonly destination: string
  /** IP protocol number (IANA). */
  readonly protocol: number
  /** Ports as `th` reads them; without them no rule that looks at a port matches. */
  readonly sourcePort?: number | undefined
  readonly destinationPort?: number | undefined
  /** The flags of the TCP header, SYN 0x02 and ACK 0x10; without them no rule that looks at them matches. */
  readonly tcpFlags?: number | undefined
  readonly icmpType?: number | undefined
  readonly icmpv6Type?: number | undefined
  /** Of either ICMP. */
  readonly icmpCode?: number | undefined
  readonly hopLimit?: number | undefined
  /** What the frame was addressed to. */
  readonly packetType: 'host' | 'broadcast' | 'multicast'
  /** What the routing table says about the destination. */
  readonly fibDestinationType: 'unicast' | 'broadcast' | 'multicast'
  /** The names of the devices by which it came in and goes out; without them no rule that looks at them matches. */
  readonly devices?: { readonly in: string; readonly out: string } | undefined
  /** And about the source; default unicast. */
  readonly fibSourceType?: 'unicast' | 'local' | undefined
}

/** What conntrack says about the packet. */
export interface Tracked {
  readonly state: 'new' | 'established' | 'related' | 'invalid' | 'untracked'
  /** Not looked at when the packet is invalid or untracked: then there is no connection to ask. */
  readonly direction: 'original' | 'reply' | undefined
  /** 32 bits, without sign. */
  readonly mark: number
  /** The connection's destination was translated, by DNAT or by IPVS, which leaves no sign of it in the status; default not. */
  readonly translated?: boolean | 'ipvs' | undefined
}

export interface Outcome {
  readonly verdict: 'accept' | 'drop' | 'reject'
  /** The connection's mark afterwards; unchanged when there is no connection. */
  readonly mark: number
  /** The chain whose rule or policy decided; empty when no base chain stands at the hook. */
  readonly chain: string
  /** What sets that packets fill were told of it: `name key`. */
  readonly recorded: readonly string[]
}
