import { DEFAULT_AUDIT } from '../../../compiler/objects/is-audited.ts'
import { NO_HOLD } from '../../../src/agent/hold-options.ts'
import { runAgent } from '../../../src/agent/run-agent.ts'
import type { SourceListener } from '../../../src/sources/source.ts'
import { askStatus } from '../../../src/telemetry/status-socket.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import type { Change } from '../../../compiler/engine/change.ts'
import { DEFAULT_OPTIONS } from '../../../compiler/nftables/options.ts'
import { createLabelInterner } from '../../../compiler/objects/label-set.ts'
import { decodeRaw } from '../../laws/decode-cluster.ts'

/**
 * A whole agent whose source tells a cluster of so many pods in one call, as a full list does: `sync-many.ts PODS SOCKET`.
 * Prints what its status socket answers once it is ready; whatever ends the agent ends this program.
 */
const count = Number(process.argv[2])
const socket = process.argv[3] ?? ''
const labels = createLabelInterner()
const ending = new AbortController()

function pods(): readonly Change[] {
  return Array.from({ length: count }, (_, index): Change => {
    const address = `10.${64 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`
    const object = {
      kind: 'Pod' as const,
      namespace: `team-${index % 100}`,
      name: `pod-${index}`,
      uid: '',
      labels: labels([['app', `app-${index % 50}`]]),
      node: `node-${index % 2_000}`,
      addresses: [address],
      hostNetwork: false,
      finished: false,
      terminating: false,
      createdAt: '',
      ports: [],
    }
    return { type: 'put', object }
  })
}

const policy = decodeRaw({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'web', namespace: 'team-1' },
  spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }] }] },
})
if (policy === undefined) throw new Error('the policy of this program can be read')

const running = runAgent({
  node: 'node-1',
  source: {
    start(listener: SourceListener) {
      setImmediate(() => {
        listener.changes([...pods(), { type: 'put', object: policy }])
        listener.synced()
      })
    },
    stop: () => Promise.resolve(),
    status: () => ({ synced: true, streams: [] }),
  },
  ruleset: DEFAULT_OPTIONS,
  hold: NO_HOLD,
  audit: DEFAULT_AUDIT,
  serviceProxyFound: false,
  listen: '127.0.0.1:9753',
  socket,
  verifyIntervalSeconds: 60,
  nftTimeoutSeconds: 60,
  sourceFlags: {},
  log: createLog({ fileDescriptor: 2 }),
  signal: ending.signal,
})
void running.catch(() => process.exit(1))

for (let turn = 0; turn < 1_200; turn += 1) {
  const status = await askStatus(socket).catch(() => undefined)
  if (status?.enforced !== undefined) {
    const { pods: isolated, policies } = status.enforced
    console.log(JSON.stringify({ isolated: isolated.length, policies: policies.length }))
    break
  }
  await new Promise((resolve) => setTimeout(resolve, 100))
}
ending.abort()
await running
