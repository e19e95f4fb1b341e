/** The protocols that a NetworkPolicy port can name (core/v1 Protocol). */
export type Protocol = 'TCP' | 'UDP' | 'SCTP'

/** In the order in which everything is printed. */
export const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP']

/** IP protocol numbers (IANA). */
export const PROTOCOL_NUMBERS: Readonly<Record<Protocol, number>> = { TCP: 6, UDP: 17, SCTP: 132 }
