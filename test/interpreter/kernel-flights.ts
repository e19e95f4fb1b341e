/** A request over the loopback interface and its answer, and which of the two the kernel let out. */
export interface Flight {
  readonly source: string
  readonly sourcePort: number
  readonly destination: string
  readonly destinationPort: number
  readonly request: boolean
  readonly answer: boolean
}

export const ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.5', '::1'] as const

/** Packets from and to this port are not tracked. */
export const NOTRACK_PORT = 4003

export const PORTS = [4000, 4001, 4002, NOTRACK_PORT] as const
