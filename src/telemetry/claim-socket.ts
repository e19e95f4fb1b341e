import { chmodSync, linkSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createConnection, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { checkSocketPath } from './socket-path.ts'
import { StatusSocketError } from './status-socket-error.ts'

const ATTEMPTS = 3
const LIVENESS_MILLISECONDS = 1_000

/**
 * Makes the server listen at the path, mode 0600 from the first instant: it is made inside a folder of mode 0700 and then
 * linked to its place, which fails where something stands already. A socket that nobody listens on is replaced, a live one
 * and anything else is not. Folders that are missing are made, mode 0700. Returns what takes the socket away again.
 *
 * @throws {StatusSocketError} in use, permission denied, bad path.
 */
export async function claimSocket(server: Server, path: string): Promise<() => void> {
  checkSocketPath(path)
  const folder = dirname(path)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const nursery = mkdtempSync(join(folder, '.s-'))
    try {
      const born = join(nursery, 's')
      checkSocketPath(born)
      await listening(server, born)
      chmodSync(born, 0o600)
      await linkTo(born, path)
    } finally {
      rmSync(nursery, { recursive: true, force: true })
    }
  } catch (error) {
    server.close()
    throw error instanceof StatusSocketError ? error : claimError(path, error)
  }
  const ours = lstatSync(path).ino
  return () => {
    if (inodeOf(path) === ours) rmSync(path, { force: true })
  }
}

async function linkTo(born: string, path: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      linkSync(born, path)
      return
    } catch (error) {
      if (!hasCode(error, 'EEXIST') || attempt === ATTEMPTS) throw error
    }
    const judged = inodeOf(path)
    if (judged === undefined) continue
    if (!lstatSync(path).isSocket()) {
      const problem = 'something that is no socket stands there'
      throw new StatusSocketError('bad path', path, { problem, hint: 'give another path with --socket' })
    }
    if (await isLive(path)) {
      const problem = 'another agent listens there'
      throw new StatusSocketError('in use', path, {
        problem,
        hint: 'stop that one, or give another path with --socket',
      })
    }
    // Only what was judged: somebody may have put a live one there meanwhile.
    if (inodeOf(path) === judged) rmSync(path, { force: true })
  }
}

/** Does anybody listen? One that does not even accept within a second is alive as well, and stuck. */
function isLive(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path })
    socket.setTimeout(LIVENESS_MILLISECONDS)
    const end = (settle: () => void): void => {
      socket.destroy()
      settle()
    }
    socket.on('connect', () => end(() => resolve(true)))
    socket.on('timeout', () => end(() => resolve(true)))
    socket.on('error', (error) =>
      end(() => {
        if (hasCode(error, 'ECONNREFUSED') || hasCode(error, 'ENOENT')) resolve(false)
        else if (hasCode(error, 'EAGAIN')) resolve(true)
        else reject(error)
      }),
    )
  })
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path }, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

function inodeOf(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.ino
}

function claimError(path: string, cause: unknown): StatusSocketError {
  const permission = hasCode(cause, 'EACCES') || hasCode(cause, 'EPERM') || hasCode(cause, 'EROFS')
  const problem = `cannot be made: ${cause instanceof Error ? cause.message : String(cause)}`
  const hint = permission ? 'run the agent as root, or give a path that this user may write with --socket' : ''
  return new StatusSocketError(permission ? 'permission denied' : 'bad path', path, { problem, hint, cause })
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
