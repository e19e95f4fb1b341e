/** The first packet of a flow, as the enforcing hook sees it. */
export interface Connection {
  /** Before SNAT. */
  readonly source: string
  /** After DNAT: an endpoint, never a Service's address. */
  readonly destination: string
  /** `ICMP` is an echo request of either family; `other` any protocol without ports. */
  readonly protocol: 'TCP' | 'UDP' | 'SCTP' | 'ICMP' | 'other'
  /** Destination port, 1–65535; only with TCP, UDP and SCTP. */
  readonly port?: number | undefined
}

export type Direction = 'ingress' | 'egress'
