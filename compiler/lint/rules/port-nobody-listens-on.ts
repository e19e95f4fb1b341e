import { podName } from '../../objects/pod-name.ts'
import type { Pod, RulePort } from '../../objects/objects.ts'
import type { Service } from '../../cluster/service.ts'
import { selectedPods } from '../../cluster/service-endpoints.ts'
import { type LintInput, type LintRule, remarkOn } from '../lint-rule.ts'
import { rulesOfPolicies } from '../policy-rules.ts'
import { declaredPorts } from '../declared-ports.ts'

/** A port of an ingress rule that no container of the selected pods declares: often the Service's port instead of the pod's. */
export const portNobodyListensOn: LintRule = {
  name: 'port-nobody-listens-on',
  severity: 'warning',
  summary: 'No container of the selected pods declares the port',
  check(input) {
    const services = Map.groupBy(input.cluster.services.values(), ({ namespace }) => namespace)
    return rulesOfPolicies(input).flatMap(({ policy, direction, rule, pods: selected }) => {
      if (direction !== 'ingress' || rule.ports === 'any') return []
      const pods = [...selected]
      const declared = pods.map((pod) => declaredPorts(input.raw, pod))
      // Declaring ports is a custom, not a duty: who declares none says nothing.
      if (pods.length === 0 || declared.some((ports) => ports.length === 0)) return []
      const isDeclared = (port: RulePort) =>
        port.kind !== 'range' ||
        declared.some((ports) => ports.some((one) => holds(port, one.number) && one.protocol === port.protocol))
      const lets = rule.ports.some(isDeclared)
      return rule.ports.flatMap((port, index) => {
        if (port.kind !== 'range' || port.from !== port.to || isDeclared(port)) return []
        const [first] = pods
        const known = [...new Set(declared.flat().map(({ number, protocol }) => `${number}/${protocol}`))].join(', ')
        const service = servicePortOf(input, services.get(policy.namespace) ?? [], pods, port.from)
        const message = `ports[${index}]: ${first === undefined ? '' : podName(first)} declares ${known}, not ${port.from}/${port.protocol}`
        const hint =
          service === undefined
            ? 'policy speaks of the port of the pod'
            : `${port.from} is the port of Service ${service}; policy speaks of the port of the pod`
        // Beside ports that are there, one that is not declared may be there all the same.
        const severity = lets && service === undefined ? 'note' : undefined
        return [remarkOn(policy, { direction, rule }, message, hint, severity)]
      })
    })
  },
}

function holds({ from, to }: Extract<RulePort, { kind: 'range' }>, number: number): boolean {
  return from <= number && number <= to
}

function servicePortOf(
  { cluster }: LintInput,
  services: readonly Service[],
  pods: readonly Pod[],
  number: number,
): string | undefined {
  const known = new Set(pods)
  for (const service of services) {
    if (!service.ports.some(({ port }) => port === number)) continue
    if (selectedPods(cluster, service).some(({ pod }) => known.has(pod))) return `${service.namespace}/${service.name}`
  }
  return undefined
}
