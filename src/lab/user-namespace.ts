import { execa } from 'execa'

/** Own names for network namespaces: the machine's /run is not ours to write, and nobody else's business. */
const PREPARE = 'mount -t tmpfs tmpfs /var/run/ && mkdir -p /var/run/netns && exec "$@"'

/**
 * The command that runs `argv` as root of a user namespace of its own, with own network and mounts: enough for a lab,
 * no right on the machine. The kernel must allow unprivileged user namespaces (some distributions restrict them).
 */
export function inUserNamespace(argv: readonly string[]): string[] {
  return ['unshare', '--user', '--map-root-user', '--net', '--mount', 'sh', '-c', PREPARE, 'sh', ...argv]
}

/** True when this process has to start itself again by `runInUserNamespace` before it can build a lab. */
export function needsUserNamespace(): boolean {
  return process.platform === 'linux' && process.geteuid?.() !== 0
}

/** Runs `argv` (default: this very process again) inside, on the same terminal, and resolves to its exit code. */
export async function runInUserNamespace(
  argv: readonly string[] = [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
): Promise<number> {
  const [file = '', ...rest] = inUserNamespace(argv)
  const result = await execa(file, rest, { stdio: 'inherit', reject: false })
  return result.exitCode ?? 1
}
