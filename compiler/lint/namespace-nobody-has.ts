import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import type { Selector } from '../objects/selector.ts'
import type { LintInput } from './lint-rule.ts'
import { podIndexOf } from './pod-index.ts'
import { isSlip, nearKey } from './pods-not-here.ts'

/**
 * What to say of a selector that matches no namespace. Manifests need not hold every namespace that they name, nor say what
 * labels others have: in files it is a mistake only when it is nearly a name, or a label, that is there.
 */
export function namespaceNobodyHas(
  input: LintInput,
  selector: Selector,
): { readonly message: string; readonly hint: string } | undefined {
  const message = `matches no namespace: none has ${selector.key}`
  const near = nearLabel(input, selector)
  if (near !== undefined) return { message, hint: `did you mean ${near}?` }
  return input.complete ? { message, hint: `every namespace has ${NAMESPACE_NAME_LABEL} with its own name` } : undefined
}

function nearLabel({ cluster }: LintInput, { requirements }: Selector): string | undefined {
  const declared = [...cluster.namespaces.keys()].sort()
  const known = [...new Set([...declared, ...podIndexOf(cluster.graph).namespaces])].sort()
  const labels = declared.map((one) => cluster.graph.namespaceLabels(one).labels)
  for (const { key, operator, values } of requirements) {
    for (const value of operator === 'In' ? values : []) {
      const slip = (words: readonly string[]) => words.find((word) => isSlip(value, word))
      const [meant] = labels.flatMap((one) => (one.has(key) ? [] : (nearKey(key, value, one) ?? [])))
      if (meant !== undefined) return `${meant}=${value}`
      // Another label with the name of a namespace that is here: its labels are known, so its name was meant.
      const name = key === NAMESPACE_NAME_LABEL ? slip(known) : declared.find((word) => word === value)
      if (name !== undefined) return `${NAMESPACE_NAME_LABEL}=${name}`
      const label = slip(labels.flatMap((one) => one.get(key) ?? []))
      if (label !== undefined) return `${key}=${label}`
    }
  }
  return undefined
}
