import { readdirSync, readFileSync, realpathSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { isOutside } from './is-outside.ts'
import { printablePath } from './printable-path.ts'
import { systemReason } from './system-reason.ts'

/** Names under which kustomize looks for a kustomization. */
const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
const HINT = 'render it in a step of its own, and review what comes of it'

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
      const found = leadsOut(root, directory, seen)
      if (found === undefined) continue
      return `${printablePath(found)}: leads out of ${printablePath(folder)}, or to a .git, and is not rendered; ${HINT}`
    }
    return undefined
  } catch (error) {
    return `${directories.map(printablePath).join(', ')}: cannot be read: ${printablePath(systemReason(error))}`
  }
}

/** The first of these that does: a path, what is below it, what links below it lead to, and what kustomizations there name. */
function leadsOut(root: string, path: string, seen: Set<string>): string | undefined {
  if (isOutside(root, path)) return path
  const real = realpathSync(path)
  if (seen.has(real) || !statSync(real).isDirectory()) return undefined
  seen.add(real)
  const entries = readdirSync(real, { withFileTypes: true })
  const inside = entries
    .filter((entry) => entry.name === '.git' || entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => join(path, name))
  for (const next of [...inside, ...basesOf(real)]) {
    // A link that leads nowhere leads nowhere out.
    const found = statOf(next) === undefined ? undefined : leadsOut(root, next, seen)
    if (found !== undefined) return found
  }
  return undefined
}

/** Every directory that a kustomization names, as a base or as anything else. */
function basesOf(directory: string): readonly string[] {
  return KUSTOMIZATIONS.map((name) => join(directory, name))
    .filter((file) => statOf(file)?.isFile() === true)
    .flatMap((file) => [...parseAllDocuments(readFileSync(file, 'utf8'))])
    .flatMap((document) => wordsIn(document.toJS()))
    .map((word) => join(directory, word))
    .filter((path) => statOf(path)?.isDirectory() === true)
}

function wordsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(wordsIn) : []
}

/** Undefined where there is nothing, and where a text is no path at all. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}
