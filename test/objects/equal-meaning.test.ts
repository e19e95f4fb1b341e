import { expect, test } from 'vitest'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import { equalMeaning } from '../../compiler/objects/equal-meaning.ts'
import { namespace, policy, workload } from '../sources/files/manifests.ts'

function read(text: string) {
  const [object] = readObjects([{ file: 'f', text }], { defaultNamespace: 'default' }).objects
  if (object === undefined) throw new Error(`no object: ${text}`)
  return object
}

const BLOCK = '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}'

test.each([
  ['nothing', policy('a', BLOCK), policy('a', BLOCK)],
  ['the place, of rules too', `# above\n\n${policy('a', BLOCK)}`, policy('a', BLOCK)],
  ['quotes', workload('DaemonSet', 'a', 'x, b: c'), workload('DaemonSet', 'a', '"x", "b": "c"')],
  ['the order of labels', namespace('a', '{b: c, d: e}'), namespace('a', '{d: e, b: c}')],
])('the same but for %s', (_, left, right) => {
  expect(equalMeaning(read(left), read(right))).toBe(true)
})

test.each([
  ['name', policy('a'), policy('b')],
  ['selector', policy('a'), policy('a', '{podSelector: {matchLabels: {b: c}}}')],
  ['direction', policy('a'), policy('a', '{podSelector: {}, egress: [{}]}')],
  ['block', policy('a', BLOCK), policy('a', BLOCK.replace('10.0.0.0/8', '10.0.0.0/9'))],
  ['except', policy('a', BLOCK), policy('a', BLOCK.replace(', except: [10.1.0.0/16]', ''))],
  ['number of rules', policy('a', '{podSelector: {}, ingress: [{}]}'), policy('a', '{podSelector: {}, ingress: []}')],
  ['label', workload('Deployment', 'a', 'x'), workload('Deployment', 'a', 'z')],
  ['kind of workload', workload('Deployment', 'a'), workload('StatefulSet', 'a')],
])('another %s is another object', (_, left, right) => {
  expect(equalMeaning(read(left), read(right))).toBe(false)
  expect(equalMeaning(read(right), read(left))).toBe(false)
})
