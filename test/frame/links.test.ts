import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'

const CODE = /^(```|~~~)[\s\S]*?^\1|`[^`\n]*`/gm
const LINK = /!?\[(?:[^\]]*)\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|^\[[^\]]+\]:\s*(\S+)|\b(?:href|src)="([^"]+)"/gm
const OUTSIDE = /^[a-z][a-z0-9+.-]*:/i

function listDocuments(): readonly string[] {
  return globSync('**/*.md', { cwd: PROJECT_ROOT, exclude: ['**/node_modules', 'dist', 'coverage'] })
}

/** A heading's anchor as GitHub makes it: lower case, punctuation gone, blanks to hyphens, repeats numbered. */
function anchors(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>()
  const result = new Set<string>()
  for (const [, heading = ''] of text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    result.add(count === 0 ? slug : `${slug}-${count}`)
  }
  return result
}

/** What is wrong with one link, or nothing. */
function problemWith(document: string, link: string): string | undefined {
  if (OUTSIDE.test(link)) return undefined
  if (link.startsWith('/')) return `${document}: ${link} starts at the root of somebody's disk`
  const [path = '', fragment = ''] = decodeURI(link).split('#')
  const target = path === '' ? join(PROJECT_ROOT, document) : join(PROJECT_ROOT, dirname(document), path)
  if (relative(PROJECT_ROOT, target).startsWith('..')) return `${document}: ${link} leads out of the project`
  if (!existsSync(target)) return `${document}: ${link} leads nowhere`
  if (fragment === '' || !target.endsWith('.md') || !statSync(target).isFile()) return undefined
  return anchors(readFileSync(target, 'utf8')).has(fragment) ? undefined : `${document}: ${link} has no such heading`
}

test('every link of every document leads to something in the project', () => {
  const problems: string[] = []
  const documents = listDocuments()
  for (const document of documents) {
    const text = readFileSync(join(PROJECT_ROOT, document), 'utf8').replace(CODE, '')
    for (const [, inline, reference, attribute] of text.matchAll(LINK)) {
      const problem = problemWith(document, inline ?? reference ?? attribute ?? '')
      if (problem !== undefined) problems.push(problem)
    }
  }
  expect(documents).toContain('docs/concepts.md')
  expect(problems).toEqual([])
})

test('the check itself sees dead files, dead headings and links that leave', () => {
  const links = ['concepts.md', 'concepts.md#try-it', '../LICENSE', 'https://kubernetes.io/', '../examples/shop/']
  const dead = ['nothing.md', 'concepts.md#nothing', '../../etc/passwd', '/etc/passwd', 'images/nothing.svg']
  expect(links.filter((link) => problemWith('docs/concepts.md', link) !== undefined)).toEqual([])
  expect(dead.filter((link) => problemWith('docs/concepts.md', link) === undefined)).toEqual([])
})
