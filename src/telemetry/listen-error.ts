export type ListenErrorKind = 'not an address' | 'in use' | 'address not here' | 'permission denied' | 'other'

/** The HTTP server cannot listen; the message says what and where, the hint what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly kind: ListenErrorKind
  readonly hint: string

  constructor(kind: ListenErrorKind, listen: string, cause?: Error) {
    const { problem, hint } = WORDS[kind]
    super(`--listen ${listen}: ${kind === 'other' && cause !== undefined ? cause.message : problem}`, { cause })
    this.kind = kind
    this.hint = hint
  }
}

const WORDS: Readonly<Record<ListenErrorKind, { readonly problem: string; readonly hint: string }>> = {
  'not an address': {
    problem: 'is no address and port',
    hint: 'write it as 127.0.0.1:9753, [::1]:9753 or :9753',
  },
  'in use': {
    problem: 'the port is in use, perhaps by another agent on this node',
    hint: 'stop that one, or give another port with --listen',
  },
  'address not here': {
    problem: 'this machine does not have the address',
    hint: 'give one of its own, or 127.0.0.1',
  },
  'permission denied': {
    problem: 'this user may not listen there',
    hint: 'give a port above 1023',
  },
  other: { problem: 'cannot listen', hint: '' },
}

/** The error that node:net gave, in our terms. */
export function listenError(listen: string, error: Error): ListenError {
  const code = 'code' in error ? error.code : ''
  switch (code) {
    case 'EADDRINUSE':
      return new ListenError('in use', listen, error)
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return new ListenError('address not here', listen, error)
    case 'EACCES':
    case 'EPERM':
      return new ListenError('permission denied', listen, error)
    default:
      return new ListenError('other', listen, error)
  }
}
