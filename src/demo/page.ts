import { styleText } from 'node:util'
import type { Arrangement } from '../lab/plan.ts'
import { reachabilityChanges } from './reachability-changes.ts'
import { reachabilityTable } from './reachability-table.ts'
import { hangingLines } from '../views/hanging-lines.ts'
import { wrap } from '../views/text-table.ts'
import { LABEL, LIVE_FLOW, MONITORING, NODES, PODS } from './story.ts'
import type { FlowSeen, Seen } from './witness.ts'

export interface PageOptions {
  readonly color: boolean
  readonly width: number
}

/** What happened, and what was seen then. */
export interface StepSeen extends Seen {
  readonly title: string
  /** A sentence or two; may be empty. */
  readonly words: string
}

const INDENT = '   '
const VERB_WIDTH = 8

export function introduction(arrangement: Arrangement, { color, width }: PageOptions): readonly string[] {
  const between = arrangement === 'bridged' ? 'bridges and VXLAN, as Flannel lays them' : 'routes'
  return [
    bold('Selvedge demo: two nodes and real packets, on this machine, without a cluster', color),
    '',
    ...NODES.map((node) => {
      const pods = PODS.filter((pod) => pod.node === node).map(({ name }) => name)
      return `${INDENT}${node}   ${pods.join('  ')}`
    }),
    '',
    ...paragraph(
      `The pods are those of examples/shop, in namespace production, and prometheus in namespace ${MONITORING}, which is ` +
        `labelled ${LABEL.name}=${LABEL.value}. Nodes and pods are network namespaces, joined by ${between}; ` +
        'on each node runs `selvedge agent -f FOLDER`.',
      width,
    ),
    '',
    ...paragraph(
      'Every mark is TCP packets sent, and compared with what the compiler says: ✓ they arrive, ✗ they do not. ' +
        '✓→✗ and ✗→✓ are what a step has changed.',
      width,
    ),
  ]
}

export function stepPage(
  number: number,
  { title, words, reachability, flow }: StepSeen,
  options: PageOptions,
): readonly string[] {
  const width = options.width - INDENT.length
  const said = [
    ...reachabilityChanges(reachability).map(({ verb, ways }) => [verb, ways] as const),
    ['live', `${LIVE_FLOW.from} → ${LIVE_FLOW.to}:${LIVE_FLOW.port} ${fate(flow)}`] as const,
  ]
  const inner = [
    ...paragraph(words, width),
    '',
    ...reachabilityTable(reachability, { ...options, width }),
    '',
    ...said.flatMap(([verb, text]) => {
      const [first = '', ...rest] = wrap(text, width - VERB_WIDTH)
      return [verb.padEnd(VERB_WIDTH) + first, ...rest.map((line) => ' '.repeat(VERB_WIDTH) + line)]
    }),
  ]
  return ['', bold(`${number}  ${title}`, options.color), ...inner.map((line) => (line === '' ? '' : INDENT + line))]
}

/** `printed`: what `selvedge denied` says. */
export function oneDenial(printed: string, { color, width }: PageOptions): readonly string[] {
  if (printed === '') return []
  const words = 'The kernels have noted each denial; `selvedge denied` tells who, and why. One of them:'
  const said = paragraph(words, width - INDENT.length).map((line) => INDENT + line)
  return ['', bold('What was denied', color), ...said, '', ...printed.trimEnd().split('\n')]
}

/** `printed`: what `selvedge audit` says of the first node, on lines of any length: names stay whole, and what is too long goes below. */
export function whatAudited(printed: string, { color, width }: PageOptions): readonly string[] {
  if (printed === '') return []
  const words = `The agent of ${NODES[0]} is asked, by \`selvedge audit\`; in a cluster all of them are:`
  const said = paragraph(words, width - INDENT.length).map((line) => INDENT + line)
  return ['', bold('What would be denied', color), ...said, '', ...hangingLines(printed.trimEnd(), width).split('\n')]
}

/** The commands stand alone on their lines, to be copied. */
export function whatNext(shop: string, { color }: PageOptions): readonly string[] {
  const next = [
    ['the nftables rules behind all this', `selvedge compile -f ${shop}`],
    ['why one of them may not reach another', `selvedge explain frontend database 5432 -n production -f ${shop}`],
    ['a page of who may reach whom', `selvedge graph -f ${shop} > shop.html`],
  ]
  return [
    '',
    bold('Try next', color),
    ...next.flatMap(([what, command]) => [`${INDENT}# ${what}`, `${INDENT}${command}`]),
  ]
}

function fate({ flows, flowed }: FlowSeen): string {
  if (flowed === undefined) return flows ? 'is opened and flows' : 'cannot be opened'
  if (flows === flowed) return flows ? 'flows on' : 'stands still'
  return flows ? 'flows again, the same connection' : 'STOPS: established, and judged again'
}

function paragraph(text: string, width: number): readonly string[] {
  return wrap(text, width).map((line) => line.trimStart())
}

function bold(text: string, color: boolean): string {
  return color ? styleText('bold', text, { validateStream: false }) : text
}
