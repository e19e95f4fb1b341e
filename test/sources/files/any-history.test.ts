import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { numRuns } from '../../support/runs.ts'
import { equalMeaning } from '../../../compiler/objects/equal-meaning.ts'
import { follow } from './follower.ts'
import { documents, namespace, pod, policy, workload } from './manifests.ts'

const FILES = ['a.yaml', 'b.yml', 'c.json'] as const

/** One object of few names; two of one name are different, so that it shows which of them stands. */
const objects = fc.oneof(
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('{podSelector: {}}', '{podSelector: {}, egress: []}'))
    .map(([name, spec]) => policy(name, spec)),
  fc
    .tuple(fc.constantFrom('web', 'db'), fc.constantFrom('10.244.0.1', '10.244.0.2'))
    .map(([name, address]) => pod(name, address)),
  fc
    .tuple(fc.constantFrom('Deployment', 'StatefulSet'), fc.constantFrom('x', 'z'))
    .map(([kind, app]) => workload(kind, 'web', app)),
  fc.constantFrom('{}', '{team: a}').map((labels) => namespace('shop', labels)),
)

const texts = fc.oneof(
  { weight: 4, arbitrary: fc.array(objects, { minLength: 1, maxLength: 4 }).map((all) => documents(...all)) },
  { weight: 1, arbitrary: fc.constantFrom('', 'a: [\n', '# nothing\n', policy('a', '{podSelector: 1}')) },
)

type Step =
  | { readonly kind: 'write'; readonly file: string; readonly text: string }
  | { readonly kind: 'remove'; readonly file: string }
  | { readonly kind: 'move'; readonly file: string; readonly to: string }
  | { readonly kind: 'look' }

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('write'), file: fc.constantFrom(...FILES), text: texts }),
  fc.record({ kind: fc.constant('remove'), file: fc.constantFrom(...FILES) }),
  fc.record({ kind: fc.constant('move'), file: fc.constantFrom(...FILES), to: fc.constantFrom(...FILES) }),
  fc.record({ kind: fc.constant('look') }),
)

function take(folder: string, step: Exclude<Step, { readonly kind: 'look' }>): void {
  const file = join(folder, step.file)
  switch (step.kind) {
    case 'write':
      writeFileSync(file, step.text)
      break
    case 'remove':
      rmSync(file, { force: true })
      break
    case 'move':
      try {
        renameSync(file, join(folder, step.to))
      } catch {
        // There is nothing to move.
      }
  }
}

test('whatever happened to the files, in the end it tells what a fresh reader of them would', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(steps, { maxLength: 20 }),
      fc.shuffledSubarray([...FILES], { minLength: 3 }),
      fc.array(fc.array(objects, { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
      async (history, order, last) => {
        const folder = temporaryFolder()
        const follower = follow([folder])
        for (const step of history) {
          if (step.kind === 'look') await follower.look()
          else take(folder, step)
        }
        // Good files in the end, which come in this order: of one name in two the first read stands.
        for (const file of FILES) rmSync(join(folder, file), { force: true })
        await follower.settle()
        expect(follower.names()).toEqual([])
        for (const [index, file] of order.entries()) {
          writeFileSync(join(folder, file), documents(...(last[index] ?? [])))
          await follower.settle()
        }
        const fresh = follow(order.map((file) => join(folder, file)))
        await fresh.settle()
        expect(follower.names()).toEqual(fresh.names())
        for (const [key, object] of fresh.objects) {
          const known = follower.objects.get(key)
          expect(known !== undefined && equalMeaning(known, object), key).toBe(true)
        }
        expect(follower.codes()).toEqual(fresh.codes())
        rmSync(folder, { recursive: true })
      },
    ),
    { numRuns: numRuns(60) },
  )
})
