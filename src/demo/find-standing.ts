import { existsSync, readFileSync } from 'node:fs'
import { execa } from 'execa'
import { DemoError } from './demo-error.ts'
import { inOwnNamespaces, type Standing } from './own-namespaces.ts'

/** What forbids namespaces to ordinary users, by the value that does, and what allows them. */
const SWITCHES = [
  ['kernel/apparmor_restrict_unprivileged_userns', '1', 'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0'],
  ['kernel/unprivileged_userns_clone', '0', 'sysctl -w kernel.unprivileged_userns_clone=1'],
  ['user/max_user_namespaces', '0', 'sysctl -w user.max_user_namespaces=10000'],
] as const

/** Finds out by trying (20 ms) how namespaces can be made here. Throws DemoError, with a cure, where they cannot. */
export async function findStanding(): Promise<Standing> {
  if (process.platform !== 'linux') {
    throw new DemoError(`network namespaces are Linux's, and this is ${process.platform}; use a virtual machine`)
  }
  const isRoot = process.geteuid?.() === 0
  const reason = isRoot ? await whyNot('itself') : undefined
  if (isRoot && reason === undefined) return 'itself'
  const userReason = await whyNot('root of a user namespace')
  if (userReason === undefined) return 'root of a user namespace'
  throw new DemoError(`no namespaces can be made (${reason ?? userReason}); ${cure(isRoot)}`)
}

/** The first line of what was said against it. */
async function whyNot(standing: Standing): Promise<string | undefined> {
  const [file = '', ...rest] = inOwnNamespaces(['true'], standing)
  const trial = await execa(file, rest, { reject: false, env: { LC_ALL: 'C' }, stdin: 'ignore' })
  if (!trial.failed) return undefined
  if (trial.code === 'ENOENT') throw new DemoError('unshare is not installed; install it (Debian: util-linux)')
  return trial.stderr.trim().split('\n')[0] || trial.shortMessage
}

function cure(isRoot: boolean): string {
  const privileged = 'in a container, start that with --privileged'
  if (isRoot) return privileged
  const forbidding = SWITCHES.find(([name, value]) => valueOf(name) === value)
  return `run it as root, ${forbidding === undefined ? 'and' : `or allow them to users: ${forbidding[2]};`} ${privileged}`
}

function valueOf(name: string): string | undefined {
  const path = `/proc/sys/${name}`
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
}
