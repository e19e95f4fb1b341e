import type { RawNamespace, RawPod, RawPolicy } from '../../oracle/raw-cluster.ts'

/** A small cluster in which something always changes, and which never grows: every event replaces something. */
export interface Churn {
  initial(): readonly ChurnEvent[]
  next(): readonly ChurnEvent[]
  /** What stands now, as events that put it. */
  standing(): readonly ChurnEvent[]
}

export interface ChurnEvent {
  readonly type: 'put' | 'remove'
  readonly object: RawPod | RawNamespace | RawPolicy
}

const NAMESPACES = 8
const PODS = 400
const POLICIES = 40
const NODES = 8

/** Names, uids, addresses, hashes and ports that never come again, as in a cluster that lives for years. */
export function churn(): Churn {
  let serial = 0
  let seed = 1
  // Numerical Recipes' generator: the same life for every run.
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
  const inNamespace = (slot: number) => `team-${slot % NAMESPACES}`

  function makeNamespace(slot: number): RawNamespace {
    const labels = { stage: `stage-${random(3)}`, revision: `r-${(serial += 1)}` }
    return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `team-${slot}`, labels } }
  }

  function makePod(slot: number): RawPod {
    const id = (serial += 1)
    const labels = { app: `app-${slot % 20}`, track: `track-${random(4)}`, 'pod-template-hash': `h${id}` }
    const ip = `10.${64 + ((id >>> 16) & 63)}.${(id >>> 8) & 255}.${id & 255}`
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `pod-${slot}-${id}`, namespace: inNamespace(slot), uid: `uid-${id}`, labels },
      spec: {
        nodeName: `node-${slot % NODES}`,
        containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 8000 + random(4), protocol: 'TCP' }] }],
      },
      status: { phase: 'Running', podIPs: [{ ip }] },
    }
  }

  function makePolicy(slot: number): RawPolicy {
    const id = (serial += 1)
    const cidr = `172.16.${random(256)}.0/24`
    const from = [
      { podSelector: { matchLabels: { app: `app-${random(20)}`, 'pod-template-hash': `h${random(id)}` } } },
      {
        namespaceSelector: { matchLabels: { stage: `stage-${random(3)}` } },
        podSelector: { matchLabels: { app: `app-${random(20)}` } },
      },
      {
        ipBlock: {
          cidr,
          except: Array.from({ length: random(12) }, (_, index) => cidr.replace('0/24', `${index * 2}/32`)),
        },
      },
    ]
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `policy-${slot}-${id}`, namespace: inNamespace(slot) },
      spec: {
        podSelector: { matchLabels: { app: `app-${slot % 20}` } },
        policyTypes: random(2) === 0 ? ['Ingress'] : ['Ingress', 'Egress'],
        ingress: [{ from, ports: [{ port: 1 + random(60_000) }, { port: 'http' }] }],
        egress: [{ to: [{ podSelector: {} }] }],
      },
    }
  }

  const namespaces = Array.from({ length: NAMESPACES }, (_, slot) => makeNamespace(slot))
  const pods = Array.from({ length: PODS }, (_, slot) => makePod(slot))
  const policies = Array.from({ length: POLICIES }, (_, slot) => makePolicy(slot))
  const put = (object: ChurnEvent['object']): ChurnEvent => ({ type: 'put', object })
  const standing = () => [...namespaces, ...pods, ...policies].map(put)

  /** The old one goes, a new one of another name comes. */
  function replace<Value extends ChurnEvent['object']>(values: Value[], make: (slot: number) => Value) {
    const slot = random(values.length)
    const [old, fresh] = [values[slot], make(slot)]
    values[slot] = fresh
    return old === undefined ? [put(fresh)] : [{ type: 'remove' as const, object: old }, put(fresh)]
  }

  function relabel(): readonly ChurnEvent[] {
    const slot = random(PODS)
    const old = pods[slot]
    if (old === undefined) return []
    const labels = { ...old.metadata.labels, track: `track-${random(4)}`, revision: `r${(serial += 1)}` }
    const fresh = { ...old, metadata: { ...old.metadata, labels } }
    pods[slot] = fresh
    return [put(fresh)]
  }

  function relabelNamespace(): readonly ChurnEvent[] {
    const slot = random(NAMESPACES)
    const fresh = makeNamespace(slot)
    namespaces[slot] = fresh
    return [put(fresh)]
  }

  return {
    initial: standing,
    standing,
    next() {
      const kind = random(100)
      if (kind < 55) return replace(pods, makePod)
      if (kind < 85) return relabel()
      if (kind < 98) return replace(policies, makePolicy)
      return relabelNamespace()
    },
  }
}
