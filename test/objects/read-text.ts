import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import type { ClusterObject, Policy } from '../../compiler/objects/objects.ts'
import { type ObjectsRead, readObjects } from '../../compiler/objects/read-objects.ts'

/** Reads one file called `f`. */
export function readText(text: string): ObjectsRead {
  return readObjects([{ file: 'f', text }], { defaultNamespace: 'default' })
}

/** What the author of the file is told. */
export function linesOf(text: string): readonly string[] {
  return readText(text).diagnostics.map(formatDiagnostic)
}

/** The one object of a file without problems. */
export function onlyObject(text: string): ClusterObject {
  const { objects, diagnostics } = readText(text)
  if (diagnostics.length > 0) throw new Error(diagnostics.map(formatDiagnostic).join('\n'))
  if (objects.length !== 1) throw new Error(`${objects.length} objects`)
  return objects[0]!
}

/** A policy whose spec is given in flow style; the spec starts at line 4, column 7. */
export function policyText(spec: string): string {
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: ${spec}\n`
}

/** The policy, problems or not. */
export function policyOf(spec: string): Policy | undefined {
  const [object] = readText(policyText(spec)).objects
  return object?.kind === 'NetworkPolicy' ? object : undefined
}

/** What is told about a spec, without the place that every line starts with. */
export function specProblems(spec: string): readonly string[] {
  return linesOf(policyText(spec)).map((line) => line.replace(/^f:4:\d+: /, ''))
}
