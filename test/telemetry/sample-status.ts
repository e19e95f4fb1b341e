import type { AgentStatus, AgentStream } from '../../src/telemetry/agent-status.ts'

/** A stream that is connected and in sync. */
export function sampleStream(name: string, changes: Partial<AgentStream> = {}): AgentStream {
  return {
    name,
    synced: true,
    state: 'connected',
    connected: true,
    silentFor: 4_200,
    resourceVersion: '1234',
    appliedVersion: '1234',
    objects: 3,
    restarts: {},
    relists: {},
    ...changes,
  }
}

/** An agent with nothing wrong. */
export function sampleStatus(changes: Partial<AgentStatus> = {}): AgentStatus {
  return {
    version: '0.1.0',
    node: 'worker-1',
    pid: 4242,
    since: '2026-11-20T22:09:58.000Z',
    at: '2026-11-21T01:30:00.000Z',
    ready: true,
    reasons: [],
    streams: [sampleStream('pods'), sampleStream('namespaces', { silentFor: 51_000 }), sampleStream('networkpolicies')],
    enforced: {
      since: '2026-11-20T22:10:03.250Z',
      generation: 7,
      digest: '9f2c41aa',
      policies: [
        { policy: 'shop/database', selects: ['shop/database-0'], state: 'enforced', resourceVersion: '1200' },
        {
          policy: 'shop/backend',
          selects: ['shop/backend-7d9c5-x2k4p', 'shop/backend-7d9c5-zz9ab'],
          state: 'enforced',
        },
        { policy: 'billing/default-deny', selects: [], state: 'enforced' },
      ],
      pods: [
        {
          pod: 'shop/database-0',
          addresses: ['10.244.1.7', 'fd00:10:244:1::7'],
          ingress: 'isolated',
          egress: 'open',
          policies: ['shop/database'],
        },
        {
          pod: 'shop/backend-7d9c5-x2k4p',
          addresses: ['10.244.1.8'],
          ingress: 'isolated',
          egress: 'isolated',
          policies: ['shop/backend'],
        },
        {
          pod: 'shop/backend-7d9c5-zz9ab',
          addresses: ['10.244.1.9'],
          ingress: 'isolated',
          egress: 'isolated',
          policies: ['shop/backend'],
        },
      ],
    },
    counts: { sets: 14, elements: 21, chains: 9 },
    lastApply: {
      at: '2026-11-21T01:12:00.000Z',
      durationMilliseconds: 3.1415,
      transactions: 1,
      bytes: 412,
      result: 'ok',
    },
    pending: { events: 0, oldestMilliseconds: 0 },
    driftRepairs: {},
    foreignCommits: 0,
    problems: [],
    held: [],
    options: { deny: 'drop', 'mark-mask': '0xfff00000', 'verify-interval': '60' },
    ...changes,
  }
}
