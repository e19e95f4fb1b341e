import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Change } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { events } from '../arbitraries/events.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { decodeRaw } from './decode-cluster.ts'

const histories = clusters().chain((cluster) => events(cluster))
const sorted = (names: readonly string[]) => names.toSorted()

test('law: what the engine counts on the way is what is there, and this node is what the whole graph says of it', () => {
  const met = { elements: 0, isolated: 0, closed: 0, audited: 0 }
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 8 }), (history, size) => {
      const isLocal = ({ node }: { readonly node: string | undefined }) => node === 'node-1'
      const engine = createEngine({ isLocal, ruleset: DEFAULT_OPTIONS })
      const check = () => {
        const { sets, chains } = engine.ruleset()
        const elements = [...sets.values()].reduce((sum, set) => sum + set.elements.size, 0)
        expect(engine.size.counts()).toEqual({ sets: sets.size, elements, chains: chains.size })
        expect(sorted([...engine.size.names()])).toEqual(sorted([...sets.keys(), ...chains.keys()]))

        const graphPods = [...engine.graph().pods.values()]
        const isolated = graphPods.filter(({ ingress, egress }) => ingress !== 'open' || egress !== 'open')
        const selections = engine.selections()
        const policiesOf = (name: string) =>
          sorted(selections.flatMap(({ policy, pods }) => (pods.map(podName).includes(name) ? [podName(policy)] : [])))
        const told = engine.local.isolatedPods().map(({ pod, addresses, ingress, egress, policies }) => {
          return { name: podName(pod), addresses, ingress, egress, policies: sorted(policies.map(podName)) }
        })
        const expected = isolated.map(({ pod, addresses, ingress, egress }) => {
          return { name: podName(pod), addresses, ingress, egress, policies: policiesOf(podName(pod)) }
        })
        const byName = (left: { readonly name: string }, right: { readonly name: string }) =>
          left.name < right.name ? -1 : 1
        expect(told.toSorted(byName)).toEqual(expected.toSorted(byName))

        const audited = engine.local.audited()
        expect(audited.every(({ policy }) => policy.mode === 'audit')).toBe(true)
        expect(selections.some(({ policy }) => policy.mode === 'audit')).toBe(false)
        for (const { policy } of audited) expect(engine.local.holdsPolicy(podName(policy))).toBe(true)
        met.audited += audited.length

        const isClosed = (selection: (typeof selections)[number]) =>
          selection.policy.ingress?.kind === 'closed' || selection.policy.egress?.kind === 'closed'
        const wanted = selections.filter((selection) => selection.pods.length > 0 || isClosed(selection))
        const text = ({ policy, pods }: (typeof selections)[number]) =>
          `${podName(policy)}: ${sorted(pods.map(podName)).join()}`
        expect(sorted(engine.local.selections().map(text))).toEqual(sorted(wanted.map(text)))
        expect(sorted(engine.local.closedPolicies().map(podName))).toEqual(
          sorted(selections.filter(isClosed).map(({ policy }) => podName(policy))),
        )
        for (const { policy } of selections) expect(engine.local.holdsPolicy(podName(policy))).toBe(true)
        expect(engine.local.holdsPolicy('nowhere/nothing')).toBe(false)
        expect(engine.local.counts()).toEqual({
          isolatedPods: {
            ingress: isolated.filter(({ ingress }) => ingress !== 'open').length,
            egress: isolated.filter(({ egress }) => egress !== 'open').length,
          },
          policies: {
            enforced: wanted.filter((selection) => !isClosed(selection)).length,
            closed: wanted.filter(isClosed).length,
            audited: audited.filter(({ pods }) => pods.length > 0).length,
          },
        })
        met.elements += elements
        met.isolated += isolated.length
        met.closed += wanted.filter(isClosed).length
      }
      const left = history.flatMap((event, index): readonly Change[] => {
        if (event.type === 'remove') return [event]
        const object = decodeRaw(event.object)
        if (object === undefined) return []
        // What decoding makes of a direction that it cannot compile, which these clusters have none of.
        const isClosed = object.kind === 'NetworkPolicy' && index % 4 === 0
        const closed = isClosed ? { ...object, ingress: { kind: 'closed' as const, reason: 'for the test' } } : object
        const isAudited = closed.kind === 'NetworkPolicy' && index % 3 === 0
        return [{ type: 'put' as const, object: isAudited ? { ...closed, mode: 'audit' as const } : closed }]
      })
      check()
      while (left.length > 0) {
        engine.apply(left.splice(0, size))
        check()
      }
    }),
    lawParameters(60),
  )
  expect(Math.min(met.elements, met.isolated)).toBeGreaterThan(100)
  expect(Math.min(met.closed, met.audited)).toBeGreaterThan(0)
})
