import type { Service } from '../../cluster/service.ts'
import { selectedPods, targetPortOf } from '../../cluster/service-endpoints.ts'
import type { GraphPod } from '../../graph/allow-graph.ts'
import { podName } from '../../objects/pod-name.ts'
import { peerGroup } from '../../graph/rule-peers.ts'
import type { PolicyRule, RulePort } from '../../objects/objects.ts'
import { declaredPorts } from '../declared-ports.ts'
import { type LintInput, type LintRule, remarkOn } from '../lint-rule.ts'
import { podIndexOf } from '../pod-index.ts'
import { rulesOfPolicies } from '../policy-rules.ts'

/** Policy sees a connection after its Service's port became the pod's: a rule with the first lets nothing through. */
export const servicePort: LintRule = {
  name: 'service-port',
  severity: 'warning',
  summary: 'The port of an egress rule is that of a Service, and its pods listen on another',
  check(input) {
    return rulesOfPolicies(input).flatMap(({ policy, direction, rule }) => {
      if (direction !== 'egress' || rule.ports === 'any') return []
      const pods = destinationsOf(input, rule, policy.namespace)
      if (pods.length === 0) return []
      return rule.ports.flatMap((port, index) => {
        if (port.kind !== 'range' || port.from !== port.to) return []
        let first: Translated | undefined
        for (const pod of pods) {
          const translated = translatedPort(input, pod, port)
          if (translated === undefined || isGranted(rule, translated.port, port.protocol)) return []
          first ??= translated
        }
        if (first === undefined) return []
        const message = `ports[${index}]: ${port.from} is the port of Service ${first.service}, and ${first.pod} listens on ${first.port}`
        const hint = `write ${first.port}: policy sees the port of the pod`
        return [remarkOn(policy, { direction, rule }, message, hint)]
      })
    })
  },
}

/** The pods that the rule leads to; none where it leads to anybody else as well. */
function destinationsOf({ cluster: { graph } }: LintInput, rule: PolicyRule, own: string): readonly GraphPod[] {
  if (rule.peers === 'anyone') return []
  const groups = rule.peers.flatMap((peer) => (peer.kind === 'pods' ? [peerGroup(peer, own)] : []))
  if (groups.length < rule.peers.length) return []
  return podIndexOf(graph)
    .inGroups(groups)
    .filter(({ pod }) => !pod.hostNetwork)
}

interface Translated {
  readonly service: string
  readonly pod: string
  readonly port: number
}

/** What a Service makes of its port for this pod; undefined: the port is not one, or the pod really has it. */
function translatedPort(
  { cluster, raw }: LintInput,
  pod: GraphPod,
  { from, protocol }: Extract<RulePort, { kind: 'range' }>,
): Translated | undefined {
  if (declaredPorts(raw, pod.pod).some((own) => own.number === from && own.protocol === protocol)) return undefined
  const found: Translated[] = []
  for (const service of servicesOf(cluster, pod)) {
    for (const port of service.ports) {
      if (port.protocol !== protocol) continue
      const target = targetPortOf(pod, port)
      // One Service at least leads to this very port.
      if (target === from) return undefined
      if (port.port !== from || target === undefined) continue
      found.push({ service: podName(service), pod: podName(pod.pod), port: target })
    }
  }
  return found[0]
}

/** Many rules lead to one pod. */
const known = new WeakMap<LintInput['cluster'], ReadonlyMap<GraphPod, readonly Service[]>>()

/** The Services in front of a pod that translate, in their order. */
function servicesOf(cluster: LintInput['cluster'], pod: GraphPod): readonly Service[] {
  let services = known.get(cluster)
  if (services === undefined) {
    const pairs = [...cluster.services.values()]
      .filter(({ headless }) => !headless)
      .flatMap((service) => selectedPods(cluster, service).map((one) => ({ pod: one, service })))
    const groups = [...Map.groupBy(pairs, (pair) => pair.pod)]
    services = new Map(groups.map(([one, list]) => [one, list.map(({ service }) => service)]))
    known.set(cluster, services)
  }
  return services.get(pod) ?? []
}

/** Both ports are written: then it works. */
function isGranted({ ports }: PolicyRule, number: number, protocol: string): boolean {
  return (
    ports === 'any' ||
    ports.some((port) => {
      if (port.protocol !== protocol) return false
      return port.kind === 'all' || (port.kind === 'range' && port.from <= number && number <= port.to)
    })
  )
}
