import type { TableView } from './table-state.ts'

/** The conntrack mark under which `forward` lets flows pass that were judged before; undefined when it has no such rule. */
export function rememberedMark({ state }: TableView): number | undefined {
  const found = state?.chains.get('forward')?.rules.map(({ text }) => /^ct mark & \S+ == (0x[0-9a-f]+)/.exec(text)?.[1])
  const mark = found?.find((one) => one !== undefined)
  return mark === undefined ? undefined : Number(mark)
}
