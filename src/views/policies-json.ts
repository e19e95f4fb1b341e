import type { PoliciesAnswer, PoliciesOfPods } from '../../compiler/explain/policies-of.ts'
import { describePorts } from '../../compiler/objects/describe-ports.ts'
import type { Direction } from '../../compiler/objects/direction.ts'
import type { Policy } from '../../compiler/objects/objects.ts'
import { placeJson } from '../../compiler/objects/place-json.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import { peersText } from './peer-text.ts'

/** What `policies -o json` prints: docs/policies.schema.json has the fields. */
export function policiesJson({ name, groups }: PoliciesAnswer): object {
  return {
    of: name,
    groups: groups.map(({ pods, hostNetwork, isolatedBy }) => ({
      pods,
      ...(hostNetwork ? { hostNetwork } : {}),
      ingress: directionJson(isolatedBy, 'ingress'),
      egress: directionJson(isolatedBy, 'egress'),
    })),
  }
}

function directionJson(isolatedBy: PoliciesOfPods['isolatedBy'], direction: Direction): object {
  const policies = isolatedBy[direction]
  return { isolated: policies.length > 0, policies: policies.map((policy) => policyJson(policy, direction)) }
}

function policyJson(policy: Policy, direction: Direction): object {
  const side = policy[direction]
  return {
    policy: podName(policy),
    ...placeJson(policy.place),
    ...(side?.kind === 'closed' ? { closed: side.reason } : {}),
    rules: (side?.kind === 'rules' ? side.rules : []).map((rule) => ({
      rule: `${direction}[${rule.index}]`,
      ...placeJson(rule.place),
      peers: peersText(rule, policy.namespace),
      ports: rule.ports === 'any' ? 'every port and protocol' : describePorts(rule.ports),
    })),
  }
}
