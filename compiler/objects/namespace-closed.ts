import type { Diagnostic } from './diagnostic.ts'
import type { Policy } from './objects.ts'

/** For whoever enforces: a policy that closes its whole namespace because nobody can say whom it selects. */
export function namespaceClosed({ namespace, name, unreadable, place }: Policy): Diagnostic | undefined {
  if (unreadable === undefined) return undefined
  return {
    severity: 'error',
    code: 'namespace-closed',
    problem: wholeNamespace(namespace),
    hint: 'repair or delete the policy',
    place,
    object: `NetworkPolicy ${namespace}/${name}`,
  }
}

/** What a podSelector comes to that cannot be read. */
export function wholeNamespace(namespace: string): string {
  return `nobody can say whom it selects, so every pod of namespace ${namespace} is closed`
}
