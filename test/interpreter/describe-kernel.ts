import { execaSync } from 'execa'
import { describeWhere } from '../support/describe-where.ts'

const TRIAL = 'nft -f - && nft -j list tables && ip link set dev lo up'
const TABLE =
  'table inet trial { chain c { type filter hook output priority 0; policy accept; ct state new accept; }; }'

/** A group of tests that asks the real nft in a network namespace of its own, as {@link describeWhere} has it. */
export function describeKernel(name: string, body: () => void): void {
  describeWhere(describeMissing(), name, body)
}

function describeMissing(): string | undefined {
  if (process.platform !== 'linux') return `network namespaces are Linux's; this is ${process.platform}`
  if (process.geteuid?.() !== 0) return 'not root; try: unshare --user --map-root-user --net'
  const trial = execaSync('unshare', ['--net', 'sh', '-c', TRIAL], { input: TABLE, reject: false, timeout: 10_000 })
  return trial.exitCode === 0
    ? undefined
    : `nft does not work in a network namespace: ${trial.shortMessage ?? trial.stderr}`
}
