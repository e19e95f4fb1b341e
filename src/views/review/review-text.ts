import type { FlowCuts } from '../../../compiler/flows/cut-flows.ts'
import type { ReachChange } from '../../../compiler/reach/compare-reach.ts'
import type { Edge } from '../../../compiler/reach/edge.ts'
import { formatPlace } from '../../../compiler/objects/place.ts'
import { printable } from '../../../compiler/objects/quote.ts'
import type { Finding } from '../../../compiler/lint/lint-cluster.ts'
import type { TestResult } from '../../../compiler/policy-test/run-assertions.ts'
import { cutText, flowsText, untoldText } from '../cut-flows-text.ts'
import { sortNews } from '../difference-text.ts'
import { foldedEdges } from '../edge-lines.ts'
import { countsText, failureLines } from '../policy-test/failure-lines.ts'
import { withoutRepeats } from '../without-repeats.ts'
import { hangingLines } from '../hanging-lines.ts'
import { fenced } from './fenced.ts'

/** In letters, of a comment as most people see it. */
const WIDTH = 100

/** By which a comment is found again; HTML that nobody sees. */
export const REVIEW_MARKER = '<!-- selvedge review -->'

/** What a change does, for people who decide about it. */
export interface Review {
  readonly change: ReachChange
  /** What becomes of flows that were seen; undefined: none were given. */
  readonly cuts: FlowCuts | undefined
  /** What the manifests before did not have. */
  readonly findings: readonly Finding[]
  /** So many findings were there before. */
  readonly known: number
  readonly results: readonly TestResult[]
  /** The picture after the change; undefined where it is too large to help. */
  readonly picture: string | undefined
  /** What is not counted. */
  readonly notes: readonly string[]
}

/** GitHub takes 65,536 characters in a comment; some are left for who wraps it. */
const MOST_CHARACTERS = 60_000
const MOST_LINES = 200
/** Characters. */
const LONGEST_LINE = 1000
const LONGEST_NAME = 200

/** One Markdown text: what opens, worst first; what closes; tests that fail; what lint finds; a picture where it is small. */
export function reviewText(review: Review): string {
  for (let most = MOST_LINES; most > 1; most = Math.floor(most / 2)) {
    for (const picture of [review.picture, undefined]) {
      const text = sections({ ...review, picture }, most)
      if (text.length <= MOST_CHARACTERS) return text
    }
  }
  return `${sections({ ...review, picture: undefined }, 1).slice(0, MOST_CHARACTERS)}\n`
}

function sections(review: Review, most: number): string {
  const { change, cuts, findings, known, results, picture, notes } = review
  const { opens, closes, leavesPolicy, comesUnderPolicy, added, removed } = change
  const parts = [
    `${REVIEW_MARKER}\n## ${headline(change, cuts)}\n`,
    ...seenSection(cuts, most),
    ...edgeSection('Opens', '+', opens, change, most),
    ...listSection('Leaves policy for the network of its node', leavesPolicy, most),
    ...edgeSection('Closes', '-', closes, change, most),
    ...listSection('Comes under policy', comesUnderPolicy, most),
    ...testSection(results, most),
    ...lintSection(findings, known, most),
    ...listSection('New', added, most),
    ...listSection('Gone', removed, most),
    ...(picture === undefined
      ? []
      : [
          `<details><summary>Who can reach whom after it</summary>\n\n${fenced([picture.trimEnd()], 'mermaid')}\n</details>\n`,
        ]),
    ...listSection('Not counted', notes, most),
  ]
  return parts.join('\n')
}

function headline({ opens, closes, leavesPolicy }: ReachChange, cuts: FlowCuts | undefined): string {
  const isCutting = (cuts?.cuts.length ?? 0) > 0
  if (opens.length + leavesPolicy.length > 0)
    return `Network policy: this change opens connections${isCutting ? ', and cuts some that were seen' : ''}`
  if (isCutting) return 'Network policy: this change cuts connections that were seen'
  return closes.length > 0
    ? 'Network policy: this change closes connections'
    : 'Network policy: nothing opens, nothing closes'
}

/** Before anything else: who would notice at once. */
function seenSection(cuts: FlowCuts | undefined, most: number): readonly string[] {
  if (cuts === undefined) return []
  const kept = cuts.kept === 0 ? '' : ` (${flowsText(cuts.kept)} as before)`
  return [
    ...(cuts.cuts.length + cuts.unresolved.length === 0 ? [`### Cuts nothing of what was seen${kept}\n`] : []),
    ...listSection(`Cuts, of what was seen${kept}`, cuts.cuts.map(cutText), most),
    ...listSection('Seen, and what becomes of it cannot be told', cuts.unresolved.map(untoldText), most),
  ]
}

function edgeSection(
  title: string,
  sign: string,
  edges: readonly Edge[],
  { hosts, strangers }: ReachChange,
  most: number,
): readonly string[] {
  const meant = { hosts: new Set(hosts), strangers: new Set(strangers.map(({ id }) => id)) }
  return sortNews(withoutRepeats(edges, meant), meant.strangers).map(([where, list]) => {
    const lines = foldedEdges(list).map(({ from, to, ports }) => line(`${sign} ${from} → ${to}  ${ports}`))
    return `### ${title}, ${where}\n\n${fenced(shortened(lines, most), 'diff')}`
  })
}

function listSection(title: string, items: readonly string[], most: number): readonly string[] {
  const lines = items.map((item) => line(item))
  return lines.length === 0 ? [] : [`### ${title}\n\n${fenced(shortened(lines, most))}`]
}

function testSection(results: readonly TestResult[], most: number): readonly string[] {
  if (results.length === 0) return []
  const wrong = results.filter(({ status }) => status !== 'passed')
  const lines = wrong.flatMap((result) => {
    const word = result.status === 'failed' ? 'FAIL' : 'CANNOT TELL'
    const why = failureLines(result, { color: false, width: 100 })
    // However long it is called, where it stands is seen.
    const head = `${word} ${line(result.assertion.name, LONGEST_NAME)} (${formatPlace(result.assertion.place)})`
    return [line(head), ...why.map((one) => line(`  ${one}`))]
  })
  return [`### Tests: ${countsText(results)}\n`, ...(lines.length === 0 ? [] : [fenced(shortened(lines, most))])]
}

function lintSection(findings: readonly Finding[], known: number, most: number): readonly string[] {
  const before = known === 0 ? '' : ` (${known} that were there before are left out)`
  if (findings.length === 0) return known === 0 ? [] : [`### Lint: nothing new${before}\n`]
  const lines = findings.map(({ place, object, severity, message, hint, rule }) =>
    hangingLines(
      line(`${place === undefined ? object : formatPlace(place)}: ${severity}: ${message}; ${hint} [${rule}]`),
      WIDTH,
    ),
  )
  return [`### Lint${before}\n\n${fenced(shortened(lines, most))}`]
}

/** One line whatever stands in it; names of files, tests and labels are whoever's wrote them. */
function line(text: string, most = LONGEST_LINE): string {
  const characters = text.match(/./gsu) ?? []
  const shown = characters.slice(0, most).map(printable).join('')
  return characters.length > most ? `${shown}…` : shown
}

function shortened(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `… and ${lines.length - most} lines more`]
}
