import { StatusSocketError } from './status-socket-error.ts'

export const DEFAULT_SOCKET = '/run/selvedge/agent.sock'

/** `sun_path` has 108 bytes, the last of them zero: unix(7). */
const LONGEST_PATH_BYTES = 107

/** Refuses a path that no unix socket can have, before anything cuts it short in silence. */
export function checkSocketPath(path: string): void {
  if (Buffer.byteLength(path) <= LONGEST_PATH_BYTES && path !== '' && !path.includes('\0')) return
  const problem =
    path === '' ? 'an empty path' : `is longer than the ${LONGEST_PATH_BYTES} bytes that a socket's path can have`
  throw new StatusSocketError('bad path', path, { problem, hint: 'give a shorter one with --socket' })
}
