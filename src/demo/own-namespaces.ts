/**
 * A /var/run of its own: `ip netns` keeps its names there instead of in the machine's, and they vanish with the mount
 * namespace.
 */
const PREPARE = 'mount -t tmpfs tmpfs /var/run/ && mkdir -p /var/run/netns && exec "$@"'

/** As what the demo lives in its namespaces: itself, or root of a user namespace, which is what an ordinary user can be. */
export type Standing = 'itself' | 'root of a user namespace'

/**
 * The command that runs `argv` as the first process of a pid namespace, with own network and mounts. When it ends, or
 * `unshare` is killed, the kernel kills every other process inside.
 */
export function inOwnNamespaces(argv: readonly string[], standing: Standing): readonly string[] {
  const user = standing === 'itself' ? [] : ['--user', '--map-root-user']
  const own = ['--net', '--mount', '--pid', '--mount-proc', '--fork', '--kill-child']
  return ['unshare', ...user, ...own, 'sh', '-c', PREPARE, 'sh', ...argv]
}
