import type { BoxState } from '../picture.ts'
import { element } from './svg-element.ts'

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const GUARD = 5

/** A box whose guarded sides are thick: arrows come in at the left and leave at the right. Open boxes are dashed and round. */
export function boxShape({ x, y, width, height }: Rectangle, state: BoxState): string {
  const guard = (at: number) => element('rect', { class: 'guard', x: at, y, width: GUARD, height })
  const left = state === 'isolated' || state === 'ingress isolated' ? guard(x) : ''
  const right = state === 'isolated' || state === 'egress isolated' ? guard(x + width - GUARD) : ''
  const open = state === 'open'
  return element('rect', { class: open ? 'box open' : 'box', x, y, width, height, rx: open ? 9 : 1 }) + left + right
}
