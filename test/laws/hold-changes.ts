import type { EngineChange } from '../../compiler/engine/change.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import type { Sandbox } from '../../compiler/objects/sandbox.ts'
import type { RawHold, RawSandbox } from '../oracle/hold.ts'

/** What an agent tells of its node, as the engine takes it. */
export function holdChanges(hold: RawHold): readonly EngineChange[] {
  const blocks = hold.subnets.map(blockOf)
  const excepts = (hold.excepts ?? []).map(blockOf)
  return [{ type: 'hold', subnets: { kind: 'on', blocks, excepts } }, ...hold.sandboxes.map(putSandbox)]
}

export function putSandbox(raw: RawSandbox): EngineChange {
  const { ended, aged, ...said } = raw
  const sandbox: Sandbox = {
    kind: 'Sandbox',
    id: raw.key,
    writtenAt: 0,
    ...said,
    ...(ended === true && { isEnded: true }),
    ...(aged === true && { isAged: true }),
  }
  return { type: 'put', object: sandbox }
}

function blockOf(text: string) {
  const block = parseBlock(text)?.block
  if (block === undefined) throw new Error(`no block: ${text}`)
  return block
}
