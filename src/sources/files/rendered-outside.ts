import { readdirSync, realpathSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { isOutside } from './is-outside.ts'
import { kustomizationWords } from './kustomization-words.ts'
import { printablePath } from './printable-path.ts'
import { systemReason } from './system-reason.ts'

/** Names under which kustomize looks for a kustomization. */
const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
const HINT = 'render it in a step of its own, and review what comes of it'
const PLAIN = 'write it in UTF-8 without tags, anchors, odd line breaks, and quotes or words over several lines'

/** A path, and what is wrong with it: it leads out, or is a kustomization of which nobody can say for certain where it leads. */
interface Refused {
  readonly path: string
  readonly why: 'leads out' | 'reads differently'
}

/**
 * Why what a program would render must not be: it, or a base of it, really (links followed) leads out of a folder, or holds a
 * .git. Helm follows links and hands every file of a chart to its templates, and kustomize every file below its root: with a
 * .git in it, also the token that fetched it. Undefined where there is nothing of that.
 */
export function renderedOutside(folder: string, directories: readonly string[]): string | undefined {
  try {
    const root = realpathSync(folder)
    const seen = new Set<string>()
    for (const directory of directories) {
      const refused = leadsOut(root, directory, seen)
      if (refused !== undefined) return refusalText(refused, folder)
    }
    return undefined
  } catch (error) {
    return `${directories.map(printablePath).join(', ')}: cannot be read: ${printablePath(systemReason(error))}`
  }
}

function refusalText({ path, why }: Refused, folder: string): string {
  return why === 'leads out'
    ? `${printablePath(path)}: leads out of ${printablePath(folder)}, or to a .git, and is not rendered; ${HINT}`
    : `${printablePath(path)}: may name other bases to kustomize than are found in it here, and is not rendered; ${PLAIN}`
}

/** The first of these that does: a path, what is below it, what links below it lead to, and what kustomizations there name. */
function leadsOut(root: string, path: string, seen: Set<string>): Refused | undefined {
  if (isOutside(root, path)) return { path, why: 'leads out' }
  const real = realpathSync(path)
  if (seen.has(real) || !statSync(real).isDirectory()) return undefined
  seen.add(real)
  const entries = readdirSync(real, { withFileTypes: true })
  const inside = entries
    .filter((entry) => entry.name === '.git' || entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => join(path, name))
  // Links first: a kustomization may be one.
  const below = firstLeadingOut(root, inside, seen)
  if (below !== undefined) return below
  for (const name of KUSTOMIZATIONS.filter((one) => statOf(join(real, one))?.isFile() === true)) {
    const words = kustomizationWords(join(real, name))
    if (words === undefined) return { path: join(path, name), why: 'reads differently' }
    const bases = words.map((word) => join(real, word)).filter((base) => statOf(base)?.isDirectory() === true)
    const found = firstLeadingOut(root, bases, seen)
    if (found !== undefined) return found
  }
  return undefined
}

function firstLeadingOut(root: string, paths: readonly string[], seen: Set<string>): Refused | undefined {
  for (const path of paths) {
    // A link that leads nowhere leads nowhere out.
    const found = statOf(path) === undefined ? undefined : leadsOut(root, path, seen)
    if (found !== undefined) return found
  }
  return undefined
}

/** Undefined where there is nothing, and where a text is no path at all. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}
