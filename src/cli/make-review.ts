import { relative } from 'node:path'
import { auditNotes } from '../../compiler/cluster/audit-notes.ts'
import { type Cluster, createCluster } from '../../compiler/cluster/create-cluster.ts'
import { cutFlows } from '../../compiler/flows/cut-flows.ts'
import type { FlowList } from '../../compiler/flows/flow-list.ts'
import { type Finding, lintCluster } from '../../compiler/lint/lint-cluster.ts'
import { readRawObjects } from '../../compiler/lint/raw-object.ts'
import { readSilencers } from '../../compiler/lint/silencer.ts'
import { type AuditOptions, withModes } from '../../compiler/objects/is-audited.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import { runAssertions } from '../../compiler/policy-test/run-assertions.ts'
import { compareReach } from '../../compiler/reach/compare-reach.ts'
import { reachGraph } from '../../compiler/reach/reach-graph.ts'
import { mermaidText } from '../views/mermaid-text.ts'
import { pictureOf } from '../views/picture.ts'
import type { Review } from '../views/review/review-text.ts'
import { auditOptions } from './audit-options.ts'
import { refuseClosed } from './read-cluster-input.ts'
import { type Input, readInput } from './read-input.ts'
import { readTestFiles } from './run-test-files.ts'
import { tellSameSide } from './tell-same-side.ts'

export type Render = 'none' | 'kustomize' | 'helm'

interface Wanted {
  readonly old: string
  readonly now: string
  /** Files of tests. */
  readonly tests: readonly string[]
  /** What was seen. */
  readonly flows: FlowList | undefined
  readonly render: Render
  readonly flags: { readonly namespace: string; readonly podCidr: string } & AuditOptions
}

/** More arrows than this nobody looks at in a comment. */
const MOST_ARROWS = 60

/** Everything that is to be said of a change; undefined after having said on standard error what is wrong with the input. */
export async function makeReview({ old, now, tests, flows, render, flags }: Wanted): Promise<Review | undefined> {
  const before = readSide(old, render, flags)
  const after = before && readSide(now, render, flags)
  if (before === undefined || after === undefined) return undefined
  tellSameSide(old, now)
  const hidden = render === 'none' ? passedOverNow(before, after, old, now) : []
  for (const file of [...hidden, ...after.withheld.map(({ place }) => place?.file ?? '')]) {
    process.stderr.write(
      `${file}: policies in it are passed over now, so nothing can be said of the change; render it first\n`,
    )
  }
  if (hidden.length + after.withheld.length > 0) return undefined
  const [was, is] = [createCluster(before.objects, before.others), createCluster(after.objects, after.others)]
  if (refuseClosed([...was.closed, ...is.closed])) return undefined
  const read = readTestFiles(tests)
  if (read === undefined) return undefined
  const known = new Set(findingsOf(was, before).map(keyOf))
  const all = findingsOf(is, after)
  const findings = all.filter((finding) => !known.has(keyOf(finding)))
  const picture = pictureOf(reachGraph(is.graph, 'workload'))
  await Promise.resolve()
  return {
    change: compareReach(was.graph, is.graph, 'workload'),
    cuts: flows && cutFlows(was, is, flows),
    findings,
    known: all.length - findings.length,
    results: runAssertions(
      is,
      read.flatMap(({ assertions }) => assertions),
      flags.namespace,
    ),
    picture: picture.arrows.length > MOST_ARROWS || picture.arrows.length === 0 ? undefined : mermaidText(picture),
    notes: [...after.notes, ...auditNotes(is.audited.map(({ policy }) => policy))],
  }
}

function readSide(path: string, render: Render, flags: Wanted['flags']): Input | undefined {
  const given = { none: 'filename', kustomize: 'kustomize', helm: 'charts' } as const
  const input = readInput({ ...flags, [given[render]]: [path] }, () => true)
  return input && { ...input, objects: withModes(input.objects, auditOptions(flags)) }
}

function findingsOf(cluster: Cluster, { sources }: Input): readonly Finding[] {
  const raw = readRawObjects(sources)
  return lintCluster({ cluster, raw, complete: false, silencers: readSilencers(cluster, raw, sources) })
}

/** Lines move; what is wrong, and with what, stays. */
function keyOf({ rule, object, message }: Finding): string {
  return JSON.stringify([rule, object, message])
}

/** Files that held a policy before, and are read as no object now, although something stands in them. */
function passedOverNow(before: Input, after: Input, old: string, now: string): readonly string[] {
  const held = new Set(
    before.objects.flatMap((object) =>
      object.kind === 'NetworkPolicy' && object.place !== undefined ? [relative(old, object.place.file)] : [],
    ),
  )
  return after.sources
    .filter(({ file, text }) => held.has(relative(now, file)) && text.trim() !== '')
    .filter((source) =>
      readObjects([source], { defaultNamespace: 'default' }).diagnostics.some(({ code }) => code === 'passed-over'),
    )
    .map(({ file }) => file)
}
