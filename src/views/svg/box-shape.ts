import type { BoxState } from '../picture.ts'
import { attributeText, element } from './svg-element.ts'

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const GUARD = 5
const CUT = 7

/**
 * A box whose guarded sides are thick: arrows come in at the left and leave at the right. Open boxes are dashed and round, those
 * on the network of a node have their corners cut off.
 */
export function boxShape({ x, y, width, height }: Rectangle, state: BoxState): string {
  const guard = (at: number) => element('rect', { class: 'guard', x: at, y, width: GUARD, height })
  const left = state === 'isolated' || state === 'ingress isolated' ? guard(x) : ''
  const right = state === 'isolated' || state === 'egress isolated' ? guard(x + width - GUARD) : ''
  if (state === 'host network') return cornered({ x, y, width, height })
  const open = state === 'open'
  return element('rect', { class: open ? 'box open' : 'box', x, y, width, height, rx: open ? 9 : 1 }) + left + right
}

function cornered({ x, y, width, height }: Rectangle): string {
  const [right, bottom, cut] = [x + width, y + height, Math.min(CUT, height / 3)]
  const points = [
    [x + cut, y],
    [right - cut, y],
    [right, y + cut],
    [right, bottom - cut],
    [right - cut, bottom],
    [x + cut, bottom],
    [x, bottom - cut],
    [x, y + cut],
  ] as const
  const text = points.map(([left, top]) => `${attributeText(left)},${attributeText(top)}`).join(' ')
  return element('polygon', { class: 'box host', points: text })
}
