import { execaSync } from 'execa'
import { describe, test } from 'vitest'

const TRIAL = 'nft -f - && nft -j list tables && ip link set dev lo up'
const TABLE =
  'table inet trial { chain c { type filter hook output priority 0; policy accept; ct state new accept; }; }'

/**
 * A group of tests that asks the real nft in a network namespace of its own. Where that cannot be, it is skipped and
 * its name says why; with CI=true it fails instead.
 */
export function describeKernel(name: string, body: () => void): void {
  const reason = describeMissing()
  if (reason === undefined) describe(name, body)
  else if (process.env['CI'] === 'true') {
    test(`${name}: nft works in a network namespace`, () => {
      throw new Error(reason)
    })
  } else {
    console.warn(`SKIPPED: ${name}: ${reason}`)
    describe.skip(`${name} (skipped: ${reason})`, body)
  }
}

function describeMissing(): string | undefined {
  if (process.platform !== 'linux') return `network namespaces are Linux's; this is ${process.platform}`
  if (process.geteuid?.() !== 0) return 'not root; try: unshare --user --map-root-user --net'
  const trial = execaSync('unshare', ['--net', 'sh', '-c', TRIAL], { input: TABLE, reject: false, timeout: 10_000 })
  return trial.exitCode === 0
    ? undefined
    : `nft does not work in a network namespace: ${trial.shortMessage ?? trial.stderr}`
}
